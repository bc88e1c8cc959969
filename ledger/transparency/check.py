r"""Check a bundle of Verbale, format 1, without trusting whoever made it: standard library only, offline.

    python check.py [BUNDLE] --key VKEY|FILE [--key …] [--json]

BUNDLE is a folder or a zip, by default the folder in which this file lies.  The key (`name+hash+base64`, C2SP
signed-note) is the one that you were given by another way: a key found in the bundle vouches for nothing.  Take this
file from elsewhere too, or read it.  Exit code 0: all holds; 3: something does not, or cannot be judged (no key, an
unknown rule); 2: a call that makes no sense.

THE BUNDLE.  All JSON is UTF-8 without floats, duplicate keys, U+0000 or lone surrogates.
bundle.json      `format` "verbale-bundle/1"; `ledger` a UUID, a label that nothing here vouches for; `origin` the first
                 line of every checkpoint; `entries` K; `size` N >= K, of `checkpoint`; `complete`, true if and only if
                 `party` and `issue` (ids that select rows) are null; `as_of` T as written (day, month, quarter, year,
                 time) or null; `as_known_at` {"entry":K,"recorded_at":of eK, null where eK is not in the bundle};
                 `rule`; `positions`, how many; `digest`; `keys`, the vkeys that the ledger has used.  Nothing else.
journal.jsonl    journal lines as stored, LF after each, numbers ascending: `{"entry":N,"type":"T.v1","data":{…}}`, at
                 most 65,535 bytes.  Complete: e1 to eK.  A part: see below.
checkpoint       C2SP tlog-checkpoint, Ed25519 (type 0x01).  Leaf index = entry - 1; leaf = SHA-256(0x00 + line).
checkpoints/cpM  every checkpoint from cp1 on, sizes never shrinking; the last has the bytes of `checkpoint`.
tile/L/N[.p/W]   C2SP tlog-tiles, 256 wide, of the tree of size N, exactly these: (a) the partial tile of each level;
                 (b) for every line its level-0 tile; (c) for every checkpoint's size m and each bit h set in m, the
                 tile of level h//8 that holds the subtree of height h and number (m >> h) - 1; (d) for every full
                 tile of level L and number n the tile of level L+1 and number n//256.
positions.jsonl  the rows at (T, K) by `rule`, selected by `party` and `issue`, sorted by (party, issue), LF after each:
                 fields in the order of ROW below, no spaces, non-ASCII as it is.  `digest`: base64 of the RFC 6962 root
                 over them, LF not counted.
disclosed.jsonl  {"entry":17,"field":"speaker","salt":HEX,"value":"…"} per disclosed field; may be absent.  In hex,
                 HMAC-SHA256(salt, field + 0x00 + value) is the commitment in the line's `sealed`.
sources/SHA256   the bytes of a source that a line names by this `sha256`; absent where withheld.
README.md, …     any other file is for the reader and not looked at.

A PART holds at least these lines up to eK; more do no harm.  P is {`party`}, or all parties where that is null; until
nothing is added, a party-merged, party-unmerged, coalition-joined or coalition-left line that names a party of P is in,
and all that it names join P.  In are then the statements and actions on `issue` (on any, where it is null) by or on
behalf of a party of P; the speaker-appointed lines of P; the registrations of parties, issues and sources that these
name; all key-added and key-retired lines; and with every line all that amend it (whose `entry` is its number),
transitively, after it.  What a line names is what it named as recorded and by any correction up to eK.  That no other
line moves these rows is not shown, and said so.

KEYS.  A checkpoint counts if a trusted key signed it: one that was given, or one that a key-added line under a
checkpoint that counts adds; so a new key's line must lie under a checkpoint of an older key.  A key does not count for
a checkpoint whose tree holds its key-retired line as the last word on it.  The newest checkpoint must count; an earlier
one that does not must agree with the newest all the same, and is listed in `not_shown`.

THE RULES.  At K and T a retraction in effect undoes its target, whatever that is; corrections in effect are applied in
order.  A date stands for half-open UTC bounds; an entry counts when latest <= T, and is possible when earliest < T <
latest.  `latest/1`: of the statements that count for a party (by it or on its behalf, merged parties given way to their
survivor) on an issue, the last by (starts, latest, entry); starts = earliest, but for `../B` that of B.  `verified/1`
counts credibility 1 and 2 only, `own-words/1` no words reported or inferred; other rules are not known here.  A party
without counting words has those of its coalitions that come last.  An attestation that is retracted is passed over.
`--json`: `ok`, `problem`, `entries`, `size`, `root`, `complete`, `positions`, `checkpoints` (how many), `disclosed`,
`withheld`, `erased` (sealed fields, {"entry","field"}; erased if an erasure-recorded line names it), `not_shown`.

>>> tile_name(0, 1234067, 256), tile_name(1, 3, 17)
('tile/0/x001/x234/067', 'tile/1/003.p/17')
>>> key = public_key("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
>>> made = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
>>> verifies(key, b"This is an example message.\n", unbase64(made)[4:])
True
"""

from __future__ import annotations

import argparse, hashlib, heapq, hmac, json, os, re, sys, zipfile
from base64 import b64decode, b64encode
from calendar import monthrange
from collections import defaultdict, namedtuple
from datetime import date, datetime
from functools import lru_cache
from typing import IO, Any, Iterator

Fields = dict[str, Any]
Point = tuple[int, int, int, int]
Pair = tuple[str, str]

SMALL = 1 << 20  # bytes of a member that is read whole
ROW = ("party issue stance value since entry speaker text quote attribution conditions credibility previous deed "
       "contested contested_by possible possible_count inherited_from").split()
QUOTE = "exact prefix suffix start end lang translated_by".split()
VALUES = {"oppose": -2, "reserved": -1, "uncommitted": 0, "conditional": 1, "support": 2}
STANCES = {*VALUES, "awaiting", "declined", "withdrawn"}
RULES = ("latest/1", "verified/1", "own-words/1")
DATED = {"statement-made": "said_on", "action-taken": "occurred_on"}
TYPES = {*DATED, *(
    "party-registered party-identified party-renamed party-merged party-unmerged party-succeeded alias-added "
    "coalition-joined coalition-left issue-opened issue-reworded issue-closed source-registered speaker-appointed "
    "event-scheduled entry-corrected entry-retracted entry-disputed entry-corroborated condition-resolved "
    "position-asserted import-finished key-added key-retired erasure-recorded projection-attested").split()}
LINE = re.compile(rb'\{"entry":([1-9][0-9]{0,17}),"type":"([a-z-]{1,60})\.v1","data":(\{[^\r\n]*\})\}')
STAMP = re.compile("[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}[.][0-9]{6}Z")
CLOCK = r"T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))"
POINT = re.compile(rf"(\d\d[\dX]{{2}})(?:-([\dX]{{2}})(?:-([\dX]{{2}})({CLOCK})?)?)?[?~%]?", re.ASCII)
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ED25519 = re.compile("[+]A[Q-Za-f][A-Za-z0-9+/]{42}$")
UNFIT = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)  # what odd input raises
BEGINNING, END, DAY, MINUTE, SECOND = -(1 << 62), 1 << 62, 86_400_000_000, 60_000_000, 1_000_000

class BadError(argparse.ArgumentTypeError, ValueError):
    """Something does not hold; the message says what."""
def must(holds: object, message: str) -> None:
    if not holds:
        raise BadError(message)

# ── JSON and base64, where each text has one reading and each reading one text ──
def once(pairs: list[tuple[str, Any]]) -> Fields:
    found = dict(pairs)
    must(len(found) == len(pairs), "a key comes twice")
    return found
def parsed(text: bytes) -> Fields:
    try:
        found = json.loads(text.decode(), object_pairs_hook=once, parse_constant=int, parse_float=int)
        if b"\\u" in text:
            json.dumps(found, ensure_ascii=False).encode()  # half of a surrogate pair cannot be encoded
            must(not re.search(rb"(?<!\\)(\\\\)*\\u0000", text), "a text holds U+0000")
        must(isinstance(found, dict), "not an object")
    except (ValueError, RecursionError) as error:
        raise BadError(f"no JSON that is read in one way only: {str(error)!a}") from None
    return dict(found)
def unbase64(text: str) -> bytes:
    found = b64decode(text.encode(), validate=True)
    must(b64encode(found).decode() == text, "base64 in another spelling")
    return found

@lru_cache(65_536)
def point(text: str) -> tuple[int, int]:  # of a date, masked perhaps, or of a time: microseconds since 1970
    parts, low, high = POINT.fullmatch(text), list[int](), list[int]()
    if parts is None or re.search("X.*[0-9]", text):
        raise BadError(f"{text!a} is no date")
    for part, most in ((parts[1], 9999), (parts[2], 12), (parts[3], 31)):
        last = monthrange(*high)[1] if len(high) == 2 else most
        low.append(max(1, int((part or "XX").replace("X", "0"))))
        high.append(min(last, int((part or "XX").replace("X", "9"))))
        must(low[-1] <= high[-1], f"there is no {text!a}")
    start, end = ((date(*day).toordinal() - date(1970, 1, 1).toordinal()) * DAY for day in (low, high))
    if not parts[4]:
        return start, end + DAY
    hour, minute, second, fraction, sign, zone_hour, zone_minute = parts.groups("")[4:]
    zone = (int(zone_hour or 0) * 60 + int(zone_minute or 0)) * (-1 if sign == "-" else 1)
    start += (int(hour) * 60 + int(minute) - zone) * MINUTE + int(second or 0) * SECOND + int(fraction.ljust(6, "0"))
    return start, start + (10 ** (6 - len(fraction)) if second else MINUTE)
def bounds(text: str) -> tuple[int, int, int]:  # starts, latest, earliest
    left, slash, right = text.partition("/")
    start, end = point(right if left == ".." and slash else left)
    end = point(right)[1] if slash else end
    must(start < end, f"{text!a} ends before it starts")
    return start, end, BEGINNING if left == ".." else start
def moment(as_of: str | None) -> int:
    """Return the instant that T means: the end of a day, month, quarter or year, or a time as it stands."""
    quarter = re.fullmatch("([0-9]{4})-Q([1-4])", as_of or "")
    text = f"{quarter[1]}-{int(quarter[2]) * 3:02}" if quarter else as_of or ""
    must(not set(text) & set("X?~%/"), f"{text!a} is no moment")
    return END if as_of is None else point(text)[0 if "T" in text else 1]

# ── Ed25519, RFC 8032: points of the curve as (X, Y, Z, T), x = X/Z, y = Y/Z, xy = T/Z ──
PRIME, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, PRIME) % PRIME

def plus(p: Point, q: Point) -> Point:  # section 5.1.4
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * p[3] * q[3] * D % PRIME, 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME
def decoded(encoded: bytes) -> Point:  # in the one way there is: section 5.1.3
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    must(y < PRIME and not (x * x - square) % PRIME and (x or not sign) and len(encoded) == 32, "no point of the curve")
    x = x if x & 1 == sign else PRIME - x
    return x, y, 1, x * y % PRIME
BASE = decoded((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little"))

def verifies(public: bytes, message: bytes, signature: bytes) -> bool:  # section 5.1.7, S < L
    x, y, _, xy = decoded(public)
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    s = int.from_bytes(signature[32:], "little")
    minus = (PRIME - x, y, 1, PRIME - xy)
    table = ((0, 1, 1, 0), BASE, minus, plus(BASE, minus))
    found = table[0]
    for bit in range(252, -1, -1):  # [S]B - [k]A, both at once
        found = plus(plus(found, found), table[(s >> bit & 1) + 2 * (k >> bit & 1)])
    inverse = pow(found[2], -1, PRIME)
    x, y = found[0] * inverse % PRIME, found[1] * inverse % PRIME
    return len(signature) == 64 and s < ORDER and (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]

# ── Keys and notes, C2SP signed-note and tlog-checkpoint ──
Checkpoint = namedtuple("Checkpoint", "name text origin size root signatures")

@lru_cache(1_024)
def public_key(vkey: str) -> bytes:
    try:
        name, key_id, encoded = [*vkey.split("+", 2), "", ""][:3]
        key = unbase64(encoded)
        must(re.fullmatch(r"\S+", name) and name.isprintable() and key[:1] == b"\1", "another form")
        must(hashed(name.encode(), b"\n", key)[:4].hex() == key_id, "another hash")
        decoded(key[1:])
    except UNFIT as error:
        raise BadError(f"no Ed25519 verifier key ({error}): {vkey!a}") from None
    return key[1:]

def checkpoint_of(name: str, note: bytes) -> Checkpoint:
    try:
        text, _, signed = note.decode().rpartition("\n\n")
        origin, size, root, *_ = lines = text.split("\n")
        signatures = re.findall(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})\n", signed)
        must(signed == "".join(f"— {who} {one}\n" for who, one in signatures), "its signatures have another form")
        well = "" not in lines and not re.search(r"[\x00-\x09\x0b-\x1f]", text + signed) and len(unbase64(root)) == 32
        must(well and re.fullmatch("0|[1-9][0-9]{0,17}", size), "its lines have another form")
        by = [(who, unbase64(one)) for who, one in signatures[:100]]
        return Checkpoint(name, text.encode() + b"\n", origin, int(size), unbase64(root), by)
    except ValueError as error:
        raise BadError(f"{name}: no checkpoint: {str(error)!a}") from None

def signed_by(one: Checkpoint, vkey: str) -> bool:  # a signature that names the key and is wrong condemns the note
    name, key_id, _ = vkey.split("+", 2)
    mine = [signature for who, signature in one.signatures if who == name and signature[:4].hex() == key_id]
    for signature in mine:
        must(verifies(public_key(vkey), one.text, signature[4:]), f"{one.name}: the signature of {name!a} is wrong")
    return bool(mine)

class Bundle:
    """The members of a folder or of a zip: opened by their exact names, never unpacked."""
    def __init__(self, path: str) -> None:
        self.path, self.zip = path, None if os.path.isdir(path) else zipfile.ZipFile(path)
        paths = [os.path.join(top, name) for top, _, names in os.walk(path) for name in names]
        self.names = {os.path.relpath(one, path).replace(os.sep, "/") for one in paths if os.path.isfile(one)}
        if self.zip:
            infos = [one for one in self.zip.infolist() if not one.is_dir()]
            self.names = {one.filename for one in infos}
            well = len(self.names) == len(infos) and all(one.compress_type in {0, 8} for one in infos)
            must(well, "the zip names a member twice, or packs it in a way that is not read here")
            most = max(64 * SMALL, 100 * os.path.getsize(path))
            must(sum(one.file_size for one in infos) <= most, "the zip unpacks to more than a hundred times its size")
    def open(self, name: str) -> IO[bytes]:
        must(name in self.names, f"{name!a} is missing")
        return self.zip.open(name) if self.zip else open(os.path.join(self.path, name), "rb")
    def read(self, name: str, most: int = SMALL) -> bytes:
        with self.open(name) as file:
            found = file.read(most + 1)
        must(len(found) <= most, f"{name!a} is longer than {most:,} bytes")
        return found
    def lines(self, name: str, most: int) -> Iterator[bytes]:
        with self.open(name) as file:
            while line := file.readline(most + 1):
                must(line.endswith(b"\n"), f"{name}: a line is longer than {most:,} bytes, or its LF is cut off")
                yield line[:-1]

# ── The tree, RFC 6962 section 2.1, by tiles ──
def hashed(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()
def root_over(level: list[bytes]) -> bytes:  # joined in pairs; a last one without a partner is passed up
    while len(level) > 1:
        pairs = [hashed(b"\1", level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0] if level else hashed()
def subtree(hashes: bytes) -> bytes:
    return root_over([hashes[at : at + 32] for at in range(0, len(hashes), 32)])
@lru_cache(1_024)
def tile_name(level: int, number: int, width: int) -> str:
    digits = f"{number:0{-(-len(str(number)) // 3) * 3}}"
    path = "".join(f"x{digits[at : at + 3]}/" for at in range(0, len(digits), 3))
    return f"tile/{level}/{path[:-5]}{path[-4:-1]}" + ("" if width == 256 else f".p/{width}")

class Tree:
    """The tree of the newest checkpoint; no hash of a tile is used before it is bound to the root."""
    def __init__(self, bundle: Bundle, size: int, root: bytes) -> None:
        self.bundle, self.size = bundle, size
        self.tiles: dict[str, bytes] = {}
        # All peaks of a tree lie in its partial tiles, which consist of nothing else: so this binds those whole.
        must(self.root(size) == root, "the tiles do not lead to the root of the checkpoint")
    def tile(self, level: int, number: int) -> bytes:  # a full one is held against its hash in the tile above
        width = min(256, (self.size >> 8 * level) - 256 * number)
        name = tile_name(level, number, width)
        if name not in self.tiles:
            found = self.tiles[name] = self.bundle.read(name, 32 * width)
            well = len(found) == 32 * width and (width < 256 or subtree(found) == self.node(8 * level + 8, number))
            must(well, f"{name} is not that of the checkpoint's tree")
        return self.tiles[name]
    def node(self, height: int, number: int) -> bytes:  # the root over 2**height leaves
        first = number << height % 8
        return subtree(self.tile(height // 8, first >> 8)[32 * (first & 255) :][: 32 << height % 8])
    def root(self, size: int) -> bytes:  # over the first leaves: their peaks, from the right
        peaks = [self.node(height, (size >> height) - 1) for height in range(size.bit_length()) if size >> height & 1]
        while len(peaks) > 1:
            peaks[:2] = [hashed(b"\1", peaks[1], peaks[0])]
        return root_over(peaks)

class Journal:
    """The lines of a bundle, each checked as far as a line can be; kept as bytes, and read again when asked for."""
    def __init__(self, bundle: Bundle, tree: Tree, known: int, complete: bool) -> None:
        self.data, self.of, self.last, self.stamp = dict[int, bytes](), defaultdict[str, list[int]](list), 0, ""
        self.sealed, self.sources = dict[tuple[int, str], str](), dict[str, int]()
        for line in bundle.lines("journal.jsonl", 65_536):
            parts, last = LINE.fullmatch(line), self.last
            if parts is None:
                raise BadError(f"the line after e{last} is no journal line of a version that is known here")
            entry, kind = int(parts[1]), parts[2].decode()
            well = last < entry <= known and (entry == last + 1 or not complete)
            must(well, f"e{entry} follows e{last} in a bundle of {known} entries")
            must(tree.node(0, entry - 1) == hashed(b"\0", line), f"e{entry}: not the line that the tree holds")
            try:
                self.look(entry, kind, parsed(parts[3]))
            except UNFIT as error:
                raise BadError(f"e{entry}: {type(error).__name__} {str(error)!a}") from None
            self.data[entry], self.last = parts[3], entry
            self.of[kind].append(entry)
        must(self.last == known or not complete, f"the journal ends with e{self.last}, and not with e{known}")
    def look(self, entry: int, kind: str, fields: Fields) -> None:
        earlier, self.stamp = self.stamp, fields["recorded_at"]
        well = STAMP.fullmatch(self.stamp) and earlier <= self.stamp and datetime.fromisoformat(self.stamp[:-1])
        must(well, "recorded_at has another form, or is before that of the line above")
        must(kind in TYPES, "its type is not known here")
        if kind.startswith(("entry-", "condition-", "erasure-")):
            must(fields["entry"] in self.data, "what it is about is not among the lines before it")
        if kind in DATED:
            word_of(entry, kind, fields)
            self.sealed.update(((entry, name), one) for name, one in (fields.get("sealed") or {}).items())
        changes = fields.get("changes", fields) if kind in {"source-registered", "entry-corrected"} else {}
        if changes.get("sha256"):
            self.sources[changes["sha256"]] = entry
    def each(self, *kinds: str, upto: int = END) -> list[tuple[int, str, Fields]]:
        numbered = sorted((entry, kind) for kind in kinds for entry in self.of.get(kind, ()) if entry <= upto)
        return [(entry, kind, json.loads(self.data[entry])) for entry, kind in numbered]
    def gone(self, known: int) -> set[int]:  # what is retracted
        found = set[int]()
        for entry, _, fields in reversed(self.each("entry-retracted", upto=known)):
            if entry not in found:  # whatever could retract it comes later, and was seen
                found.add(fields["entry"])
        return found

Word = namedtuple("Word", "starts latest entry earliest stance dated")  # or a deed; in the order of the rules
def word_of(entry: int, kind: str, fields: Fields) -> Word:
    starts, latest, earliest = bounds(fields[DATED[kind]])
    stance = fields.get("bearing") if kind == "action-taken" else fields["stance"]
    named = [fields["party"], fields["issue"], *(fields.get("on_behalf_of") or ()), *(fields.get("conditions") or ())]
    must(all(isinstance(one, str) for one in named) and stance in STANCES | {None}, "party, issue, stance or condition")
    return Word(starts, latest, entry, earliest, stance, fields[DATED[kind]])

class World:
    """What the ledger knows at entry K, by a rule."""
    def __init__(self, journal: Journal, known: int, rule: str) -> None:
        self.journal, self.known, self.rule = journal, known, rule
        self.gone, self.into = journal.gone(known), dict[str, str]()
        self.amended = defaultdict[tuple[str, int], list[tuple[int, Fields]]](list)
        for entry, kind, fields in journal.each("entry-corrected", "entry-disputed", "condition-resolved", upto=known):
            if entry not in self.gone:
                self.amended[kind, fields["entry"]].append((entry, fields))
        for _, kind, fields in journal.each("party-merged", "party-unmerged", upto=known):
            if kind == "party-unmerged":
                self.into.pop(fields["party"], None)
            elif fields["party"] not in self.into and self.survivor(fields["into"]) != fields["party"]:
                self.into[fields["party"]] = fields["into"]
        self.cells: dict[str, dict[str, tuple[list[Word], list[Word]]]] = {}  # by party, by issue: its words, its deeds
        for deed, kind in enumerate(DATED):
            for entry, fields in self.counting(kind):
                if self.admits(fields, deed):
                    word = word_of(entry, kind, fields)
                    for party in {self.survivor(one) for one in fields.get("on_behalf_of") or [fields["party"]]}:
                        self.cells.setdefault(party, {}).setdefault(fields["issue"], ([], []))[deed].append(word)
        for words in (words for issues in self.cells.values() for both in issues.values() for words in both):
            words.sort()
    def counting(self, kind: str) -> Iterator[tuple[int, Fields]]:  # what is not retracted
        for entry in self.journal.of.get(kind, ()):
            if entry <= self.known and entry not in self.gone:
                yield entry, self.read(entry)
    def read(self, entry: int) -> Fields:  # as its corrections leave it; null takes a field away
        found: Fields = json.loads(self.journal.data[entry])
        for _, correction in self.amended.get(("entry-corrected", entry), ()):
            found.update(correction["changes"])
            quote = found.get("quote") or {}
            quote = {"exact": quote} if isinstance(quote, str) else quote
            found["quote"] = {name: quote[name] for name in QUOTE if quote.get(name) is not None} or None
        return found
    def survivor(self, party: str) -> str:
        while party in self.into:
            party = self.into[party]
        return party
    def admits(self, fields: Fields, deed: int) -> bool:
        if self.rule == "verified/1":
            return (fields.get("credibility") or "F6")[1] in "12"
        return self.rule != "own-words/1" or bool(deed) or fields.get("attribution") not in {"reported", "inferred"}
    def coalitions(self, until: int) -> dict[str, list[str]]:  # of which each party is certainly a member just before T
        since, over, found = dict[Pair, int](), dict[Pair, int](), defaultdict[str, list[str]](list)
        for kind, name in (("coalition-joined", "from"), ("coalition-left", "until")):
            for _, fields in self.counting(kind):
                pair = self.survivor(fields["party"]), self.survivor(fields["coalition"])
                _, latest, earliest = bounds(fields[name]) if fields.get(name) else (0, BEGINNING, BEGINNING)
                if name == "from" and latest <= until:
                    since[pair] = max(earliest, since.get(pair, earliest))
                elif name == "until" and earliest < until:
                    over[pair] = max(latest, over.get(pair, latest))
        for party, coalition in sorted(since):
            if party != coalition and over.get((party, coalition), BEGINNING) <= since[party, coalition]:
                found[party].append(coalition)
        return found
    def rows(self, as_of: str | None, party: str | None = None, issue: str | None = None) -> Iterator[bytes]:
        until, lent = moment(as_of), dict[Pair, Any]()  # what coalitions say is worked out once for all members
        belongs = self.coalitions(until)
        for who in sorted({*self.cells, *belongs} if party is None else {party}):
            voices = belongs.get(who, [])
            on = {one for name in (who, *voices) for one in self.cells.get(name, ())}
            for what in sorted(on if issue is None else on & {issue}):
                words, deeds = self.cells.get(who, {}).get(what, ([], []))
                best, voice = self.said(words, until), None
                for other in voices if best is None else []:
                    if (other, what) not in lent:
                        lent[other, what] = self.said(self.cells.get(other, {}).get(what, ([],))[0], until)
                able = [other for other in voices if best is None and lent[other, what]]
                if able:  # of equals the first by id
                    voice = max(able, key=lambda other: lent[other, what][0][:3])
                    best = lent[voice, what]
                done = [one for one in deeds if one.latest <= until]
                maybe = [one for one in words if one.earliest < until < one.latest]
                if best or done or maybe:
                    row: Fields = {**dict.fromkeys(ROW), "conditions": [], "contested": False, "contested_by": []}
                    row.update(best[1] if best else {}, party=who, issue=what, inherited_from=voice)
                    row.update(possible=[{"entry": one.entry, "stance": one.stance, "said_on": one.dated}
                                         for one in heapq.nlargest(20, maybe)], possible_count=len(maybe))
                    for one in done[-1:]:
                        row["deed"] = {"entry": one.entry, "bearing": one.stance, "occurred_on": one.dated,
                                       "text": self.read(one.entry)["text"]}
                    yield json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
    def said(self, words: list[Word], until: int) -> tuple[Word, Fields] | None:
        said = [one for one in words if one.latest <= until]
        if not said:
            return None
        last, previous, since, run = said[-1], None, said[0].dated, said[0]
        for one in said:
            if one.stance != run.stance:
                previous, since = {"stance": run.stance, "since": since, "entry": run.entry}, one.dated
            run = one
        fields, became = self.read(last.entry), {}
        rivals = sorted(one.entry for one in said if one.stance != last.stance
                        and one.earliest < last.latest and last.earliest < one.latest)
        if fields.get("source") and fields.get("quote"):
            rivals = [one for one in rivals if not same_words(fields, self.read(one))]
        by = rivals + [entry for entry, _ in self.amended.get(("entry-disputed", last.entry), ())]
        for _, how in self.amended.get(("condition-resolved", last.entry), ()):
            if how.get("resolved_on") is None or bounds(how["resolved_on"])[1] <= until:
                became[how["condition"]] = how["outcome"]
        on = [{"condition": one, "outcome": became.get(one, "open")} for one in fields.get("conditions") or ()]
        found = {name: fields.get(name) for name in ("speaker", "text", "quote", "credibility")}
        return last, dict(found, stance=last.stance, value=VALUES.get(last.stance), since=since, entry=last.entry,
                          attribution=fields.get("attribution") or "paraphrase", conditions=on, previous=previous,
                          contested=bool(by), contested_by=by)

def same_words(one: Fields, other: Fields) -> bool:  # readings of the same quote of the same source
    mine, theirs = one["quote"], other.get("quote")
    if not theirs or one["source"] != other.get("source") or mine["exact"] != theirs["exact"]:
        return False
    return None in {mine.get("start"), theirs.get("start")} or bool(mine["start"] == theirs["start"])

def manifest_of(bundle: Bundle) -> Fields:
    found = parsed(bundle.read("bundle.json"))
    forms = dict.fromkeys("format ledger origin rule digest".split(), "str") | {"complete": "bool", "keys": "list"}
    forms |= dict.fromkeys("entries size positions".split(), "int") | {"as_known_at": "dict"}
    forms |= {name: "NoneType" if found.get(name) is None else "str" for name in ("party", "issue", "as_of")}
    odd = forms.items() ^ {(name, type(value).__name__) for name, value in found.items()}
    must(not odd, f"bundle.json: missing, unknown or of another kind: {sorted(dict(odd))}")
    must(UUID.fullmatch(found["ledger"]) and found["format"] == "verbale-bundle/1", "bundle.json: format or ledger")
    must(0 <= found["entries"] <= found["size"], "bundle.json: the checkpoint is older than the last entry")
    must(found["complete"] == (found["party"] is found["issue"] is None), "bundle.json: complete, or a part?")
    must(all(map(public_key, found["keys"])), "bundle.json: keys")
    return found

def checkpoints_of(bundle: Bundle, manifest: Fields) -> list[Checkpoint]:
    count = sum(name.startswith("checkpoints/") for name in bundle.names)
    found = [checkpoint_of(f"cp{one}", bundle.read(f"checkpoints/cp{one}")) for one in range(1, count + 1)]
    same = bundle.read("checkpoint") == bundle.read(f"checkpoints/cp{count}")
    must(same, f"checkpoint: not the bytes of the last of the {count} in checkpoints/")
    same = (found[-1].size, found[-1].origin) == (manifest["size"], manifest["origin"])
    must(same, "checkpoint: not of the size and origin that bundle.json names")
    return found

def trusted(checkpoints: list[Checkpoint], given: list[str], journal: Journal) -> set[str]:
    """Return the checkpoints that count: signed by a key that is known when all that they vouch for is."""
    told = [(entry, fields["key"], kind) for entry, kind, fields in journal.each("key-added", "key-retired")]
    keys, counts, before = set(given), set[str](), -1
    while len(counts) > before:
        before = len(counts)
        for one in checkpoints:
            last_word = {key: kind for entry, key, kind in told if entry <= one.size}
            able = [key for key in keys if last_word.get(key) != "key-retired"]
            if one.name not in counts and any([signed_by(one, key) for key in able]):  # each must be right
                counts.add(one.name)  # a key of another type cannot be checked here, and is passed over
                keys.update(key for key, kind in last_word.items() if kind == "key-added" and ED25519.search(key))
    return counts

def check_positions(bundle: Bundle, journal: Journal, manifest: Fields) -> None:
    leaves, world = list[bytes](), World(journal, manifest["entries"], manifest["rule"])
    with bundle.open("positions.jsonl") as file:
        for row in world.rows(manifest["as_of"], manifest["party"], manifest["issue"]):
            leaves.append(hashed(b"\0", row))
            same = file.readline(len(row) + 2) == row + b"\n"
            must(same, f"positions.jsonl: line {len(leaves)} is not what follows from the lines: {row.decode()[:80]!a}")
        must(not file.read(1), f"positions.jsonl: more rows than the {len(leaves)} that follow from the lines")
    follows = len(leaves), b64encode(root_over(leaves)).decode()
    must(follows == (manifest["positions"], manifest["digest"]), f"bundle.json: positions and digest are {follows}")

def check_attested(journal: Journal) -> Iterator[str]:  # those that cannot be checked
    gone = journal.gone(journal.last)
    for entry, _, fields in (one for one in journal.each("projection-attested") if one[0] not in gone):
        if fields["version"] not in RULES or fields["projection"] != "positions":
            yield f"e{entry}: what it attests is not known here"
        else:
            rows = World(journal, fields["basis"], fields["version"]).rows(fields.get("as_of"))
            root = b64encode(root_over([hashed(b"\0", row) for row in rows])).decode()
            must(fields["basis"] < entry and root == fields["digest"], f"e{entry}: the digest is {root}")

def check_sealed(bundle: Bundle, journal: Journal, report: Fields) -> None:  # disclosed, withheld or erased
    became = dict.fromkeys(sorted(journal.sealed), "withheld")
    for _, _, fields in journal.each("erasure-recorded"):
        names = fields.get("fields") or ("speaker", "text", "quote")
        became.update({(fields["entry"], name): "erased" for name in names if (fields["entry"], name) in became})
    for line in bundle.lines("disclosed.jsonl", 4 * SMALL) if "disclosed.jsonl" in bundle.names else ():
        told = parsed(line)
        well = told.keys() == {"entry", "field", "salt", "value"} and re.fullmatch("[0-9a-f]{64}", told["salt"])
        must(well, "disclosed.jsonl: a line has another form")
        key, message = (told["entry"], told["field"]), f"{told['field']}\0{told['value']}".encode()
        commitment = hmac.new(bytes.fromhex(told["salt"]), message, "sha256").hexdigest()
        must(journal.sealed.get(key) == commitment, f"e{key[0]}: the {key[1]!a} disclosed is not the one sealed")
        must(became[key] == "withheld", f"e{key[0]}: {key[1]} is disclosed twice, or though it was erased")
        became[key] = "disclosed"
    for key, how in became.items():
        report[how].append({"entry": key[0], "field": key[1]})

def check_sources(bundle: Bundle, journal: Journal) -> list[str]:  # those that are withheld
    for name in (name for name in bundle.names if name.startswith("sources/")):
        with bundle.open(name) as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
        well = name == f"sources/{sha256}" and sha256 in journal.sources
        must(well, f"{name!a}: not the bytes that a source-registered line names")
    return [f"the bytes of the source of e{entry}" for sha256, entry in journal.sources.items()
            if f"sources/{sha256}" not in bundle.names]

def check(path: str, given: list[str], report: Fields) -> None:
    """Check a bundle and fill in the report; raise for the first thing that does not hold."""
    bundle = Bundle(path)
    manifest = manifest_of(bundle)
    known, missing = manifest["entries"], report["not_shown"]
    report.update({name: manifest[name] for name in ("entries", "size", "complete", "positions")})
    checkpoints = checkpoints_of(bundle, manifest)
    newest = checkpoints[-1]
    report.update(checkpoints=len(checkpoints), root=b64encode(newest.root).decode())
    tree, size = Tree(bundle, newest.size, newest.root), 0
    for one in checkpoints:
        must(one.origin == newest.origin and size <= one.size <= newest.size, f"{one.name}: of another ledger or size")
        must(tree.root(one.size) == one.root, f"{one.name}: history was changed: it signed another root")
        size = one.size
    journal = Journal(bundle, tree, known, manifest["complete"])
    unused = [name for name in bundle.names if name.startswith("tile/") and name not in tree.tiles]
    must(not unused, f"{unused[:3]}: no tiles that anything here needs")
    counts = trusted(checkpoints, given, journal)
    must(newest.name in counts or not given, "checkpoint: signed by no key that was given, or that follows from one")
    missing.extend(f"{one.name}: whose signature it bears" for one in checkpoints if given and one.name not in counts)
    stamp = journal.stamp if journal.last == known > 0 else None
    must(manifest["as_known_at"] == {"entry": known, "recorded_at": stamp}, "bundle.json: as_known_at is another")
    check_sealed(bundle, journal, report)
    missing.extend(check_sources(bundle, journal))
    missing.extend([] if manifest["complete"] else ["completeness: that no other line moves these rows"])
    missing.extend([f"e{known + 1} to e{newest.size}, recorded later"] if newest.size > known else [])
    must(manifest["rule"] in RULES, f"positions by {manifest['rule']!a} are not checked: this rule is not known here")
    check_positions(bundle, journal, manifest)
    missing.extend(check_attested(journal) if manifest["complete"] else ())
    must(given, "all agrees, and nobody vouches for it: give --key, the key that you were given by another way")

def keys_in(text: str) -> list[str]:
    if os.path.isfile(text) and os.access(text, os.R_OK):
        with open(text, encoding="utf-8") as file:
            text = file.read(SMALL)
    return [one for one in text.split() or [""] if public_key(one)]

def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check a bundle of Verbale, format 1, trusting nobody.")
    parser.add_argument("bundle", nargs="?", default=os.path.dirname(os.path.abspath(__file__)), help="folder or zip")
    parser.add_argument("--key", action="append", type=keys_in, default=[], help="a key, or a file with one a line")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    options = parser.parse_args(arguments)
    if not os.path.exists(options.bundle):
        parser.error(f"there is no {options.bundle!a}")
    report: Fields = dict.fromkeys("ok problem entries size root complete positions checkpoints".split())
    report.update(ok=False, disclosed=[], withheld=[], erased=[], not_shown=[])
    try:
        check(options.bundle, [key for some in options.key for key in some], report)
        report["ok"] = True
    except Exception as error:  # whatever a hostile bundle still provokes is a bundle that does not hold
        report["problem"] = (str(error) if type(error) is BadError else f"{type(error).__name__} {str(error)!a}")[:500]
    line = "{entries} entries, {positions} positions, {checkpoints} checkpoints; sealed fields: ".format_map(report)
    line = line if report["complete"] else f"a part of {line}"
    line += ", ".join(f"{len(report[one])} {one}" for one in ("disclosed", "withheld", "erased"))
    line += "".join(f"; not shown: {one}" for one in report["not_shown"][:3])
    line = f"OK: {line}" if report["ok"] else f"FAILED: {report['problem']}"
    print(json.dumps(report) if options.json else line)
    return 0 if report["ok"] else 3

if __name__ == "__main__":
    sys.exit(main())
