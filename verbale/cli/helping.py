"""`help TOPIC`: what the options take and the answers mean, each topic on one screen."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ledger.errors import UnknownName

TOPICS = {
    "time": """\
Two clocks; every answer names both
  --as-of T        the world: counts what is certain to have been said or done
                   by T. A day, month, quarter (2025-Q1) or year means its end,
                   UTC. No T means no bound, never "now".
  --as-known-at K  the ledger: knows what was recorded by K, an entry (e41,
                   which is exact) or a time. No K means the last entry.

Dates of entries (--said-on, --occurred-on, --occurs-on), kept as written
  2025  2025-03  2025-03-12  2025-03-12T14:30+03:00   (a zone is needed)
  202X  2025-03-1X  2025-03-XX   some digits unknown
  2025-03-12?  ~  %              uncertain, approximate, both: a flag only
  2025-03-13/2025-03-16          some time between
  ../2025-03-11                  standing by then: since when is not known

An entry whose date is over by T is certain, and counts. One that has begun by
T and is not over is possible: it is listed and moves nothing.

  verbale matrix --as-of 2025-03-11                 what had been said by then
  verbale matrix --as-known-at e41                  what e1 to e41 say of it
  verbale diff --known-from e41 --as-of 2025-03-11  what was learnt since
""",
    "stances": """\
On the scale, from against to for       Off the scale, never averaged
  −−  oppose       −2                     …  awaiting   wants more first
  −   reserved     −1                     ×  declined   takes no position
  0   uncommitted   0                     ↶  withdrawn  took it back
  +   conditional  +1
  ++  support      +2                     ·  no evidence: not "uncommitted"

Beside a stance
  !   contested: a statement with another stance overlaps in time, or a
      dispute is open; `verbale why PARTY ISSUE` lists what contests it
  ^   inherited from a coalition
  ▲   what the party did, beside what it said: never merged into one
""",
    "rules": """\
A rule says which of the words that count is the position. It is chosen by
--rule, printed with the answer, and never changes under its name.

latest/1     The greatest (earliest, latest, entry): the later date, of two that
             begin alike the one that ends later, of equal ones the entry
             recorded last. ../2025-03-11 is ordered as its end. `since` is the
             date of the first entry of the unbroken run with that stance,
             `previous` the run before it.
verified/1   The same, of credibility 1 or 2 only, words and deeds.
own-words/1  The same, of words quoted or paraphrased only.
senior/1     The highest rank first (1, 2, …, none), then as latest/1. A rank is
             that of a speaker of the name who may have held it at the time.

What counts at T and K: statements recorded by K, as corrected by K, not
retracted by K, and certain by T. A dispute leaves its entry counting, and the
position contested. Deeds stand beside words and never change them. A party
without words of its own has those of the coalition that spoke last, of those of
which it is certainly a member at T.
""",
    "search": """\
verbale search TEXT finds the entries that have all the words.

  ceasefire talks      both words, anywhere in the entry
  '"root causes"'      these words side by side: quote the quotation marks
  'negotiat*'          words that begin so
  перемирие            any script; case and Latin accents make no difference

Searched: texts, reasons, quotes, conditions, titles, propositions, and names
of parties, speakers, observers and publishers; never what is sealed. An entry
is found by what it reads at --as-known-at K: a corrected one by its new words.
What is retracted is left out unless --retracted says otherwise.

The last recorded (or corrected) comes first. --party and --issue keep what is
about them; --as-of T keeps what was certainly said or done by T.
People are shown 20, or --limit N; --json, --jsonl and --csv give all.
""",
    "query": """\
verbale query SQL asks the views, tables computed from the journal, in SQLite's
SQL. One SELECT (or WITH, VALUES, EXPLAIN); nothing can be written, and the
journal itself is out of reach. Ctrl-C ends a query that runs away.

  verbale query --tables
  verbale query "SELECT party, COUNT(*) FROM entries GROUP BY party" --csv
  verbale query @FILE -p party=RUS          :party is bound, never pasted in

Instants are microseconds since 1970. The clocks are bound too: :as_of is T as
an instant, :as_known_at is K as an entry. Versions hold what counts:

  SELECT c.party, c.issue, v.stance, v.dated, v.entry
  FROM versions v JOIN cells c ON c.id = v.cell
  WHERE c.deeds = 0 AND v.latest <= :as_of
  AND v.known_from <= :as_known_at AND v.known_to > :as_known_at

The tables may change with any version of Verbale; the JSON of the other
commands (verbale help json) does not without notice.
""",
    "audit": """\
Who trusts nobody needs three things: a bundle, the ledger's key, Python.

  verbale key show               the key, to be given by another way
  verbale checkpoint             sign the journal: a note for others to keep
  verbale bundle make -o OUT     journal, proofs, positions, check.py
  python3 OUT/check.py --key K   all of it is checked, without a network

  verbale verify                 everything read again; exit 3, first bad entry
  verbale verify --checkpoint F  against a checkpoint that somebody kept
  verbale prove e31 -o F         one entry, by mail; prove --check F --key K
  verbale witness ask KEY        a request for somebody else to cosign
  verbale attest                 record what the positions are

A checkpoint is a moment of the ledger: --as-known-at cp3. An operator who
rewrites everything and signs it anew is found out by whoever kept an older
checkpoint, and by nobody else: give each one away.

  verbale backup FOLDER          a copy, read back; restore puts it back
  verbale recover FILE           what an older copy of the ledger lacks
  verbale erase e17 …            destroy what is sealed; proofs still hold
""",
    "config": """\
verbale config shows every setting, its value and where it comes from.

  ledger   where the ledger is          --ledger   VERBALE_LEDGER
  by       who records, a claim         --by       VERBALE_BY
  rule     the position rule            --rule
  limit    rows that people are shown   --limit    (JSON and CSV give all)

An option wins over the environment, then comes the project's file
.verbale/config.toml, then the user's, then the default. The nearest .verbale/
upwards that holds a ledger wins over the user's `ledger`.

  verbale config set by "Anna Kovacs"
  verbale config set rule latest/1 --project
  verbale config get by
  verbale config unset by
  verbale config path
""",
    "completion": """\
verbale completion SHELL prints a script that lets a shell complete commands,
options, parties, issues, sources and entries, these with their texts. Keep it
where the shell looks:

  bash        ~/.local/share/bash-completion/completions/verbale
  zsh         a file _verbale in a folder of your fpath, as ~/.zfunc/_verbale
  fish        ~/.config/fish/completions/verbale.fish
  powershell  the end of $PROFILE

  verbale completion fish > ~/.config/fish/completions/verbale.fish

Names come from the ledger that the command would open, as far as its views
go; nothing is computed and nothing is written at a press of TAB.
""",
    "exit-codes": """\
  0  ok
  1  refused or failed; an error found by doctor
  2  does not parse: an option, date, stance, number, SQL, configuration
  3  verification failed
  4  unknown or ambiguous party, issue or entry
  5  the state changed under the command and now refuses it
 10  differences, only under --exit-code
130  interrupted

Data goes to stdout, everything else to stderr: `Error: …`, then `Hint: …`.
""",
}


def topics() -> list[str]:
    """Return the topics."""
    return [*TOPICS, "json"]


def help_(
    topic: Annotated[str | None, typer.Argument(metavar="TOPIC", help="Left out, the topics are listed.")] = None,
) -> None:
    """Explain a topic; without one, list the topics."""
    if topic is None:
        sys.stdout.write("".join(f"verbale help {name}\n" for name in topics()))
    elif topic == "json":
        from verbale.contract import schemas_text

        sys.stdout.write(schemas_text())
    elif topic in TOPICS:
        sys.stdout.write(TOPICS[topic])
    else:
        raise UnknownName(f"no help on '{topic}'", hint=f"one of: {', '.join(topics())}")


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("help")(help_)
