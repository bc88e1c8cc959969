// emmett-sqlite: `getSQLiteEventStore`, one stream, `appendToStream` with one event or a list, `readStream`.
//
// It opens its file anew for every call, sets WAL, and leaves `synchronous` as the driver's SQLite has it.  A call binds
// ten values an event, of which SQLite takes 32,766: batches of 2,500.  Now and then a commit of its own fails with
// SQLITE_BUSY, as its statement before is not finalised yet, and nothing is recorded; it is then asked again, and that is
// counted.  The work is that of `work.py`.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

const require = createRequire(`${process.cwd()}/`); // the store's own folder, where this is run
const { getSQLiteEventStore, sqliteConnection } = require('@event-driven-io/emmett-sqlite');

const STREAM = 'ledger-1';
const BATCH = 2_500;
const [statements, folder, singles] = process.argv.slice(2);

const lines = () => readFileSync(statements, 'utf8').split('\n').slice(0, -1);
const event = (line) => {
  const { type, ...data } = JSON.parse(line);
  return { type, data };
};
let repeated = 0;
const append = async (to, events) => {
  for (;;) {
    try {
      return await to.appendToStream(STREAM, events);
    } catch (error) {
      if (error.code !== 'SQLITE_BUSY' || (repeated += 1) > 1000) throw error;
    }
  }
};
const seconds = async (work) => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

const firsts = lines().slice(0, Number(singles));
const alone = getSQLiteEventStore({ fileName: join(folder, 'one.db') });
await alone.readStream(STREAM); // makes the tables
const one = await seconds(async () => {
  for (const line of firsts) await append(alone, [event(line)]);
});

const fileName = join(folder, 'bulk.db');
const store = getSQLiteEventStore({ fileName });
await store.readStream(STREAM);
const bulk = await seconds(async () => {
  const every = lines();
  for (let at = 0; at < every.length; at += BATCH) {
    await append(store, every.slice(at, at + BATCH).map(event));
  }
});

if ((await alone.readStream(STREAM)).events.length !== firsts.length) throw new Error('not what was recorded');

let number = 0;
const latest = new Map();
const read = await seconds(async () => {
  const { events } = await store.readStream(STREAM);
  for (const { data } of events) {
    number += 1;
    const cell = `${data.party}\t${data.issue}`;
    const known = latest.get(cell);
    if (known === undefined || data.said_on >= known[0]) latest.set(cell, [data.said_on, data.stance, data.text]);
  }
});

const rows = [...latest.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([cell, said]) => `${cell}\t${said.join('\t')}\n`);
const connection = sqliteConnection({ fileName });
const { journal_mode: journal } = await connection.querySingle('PRAGMA journal_mode');
const { synchronous } = await connection.querySingle('PRAGMA synchronous');
connection.close();
console.log(
  JSON.stringify({
    statements: number,
    digest: createHash('sha256').update(rows.join('')).digest('hex'),
    durability: `${journal.toUpperCase()}, synchronous ${['OFF', 'NORMAL', 'FULL', 'EXTRA'][synchronous]}`,
    repeated,
    one,
    bulk,
    whole: bulk + read,
    read,
  }),
);
