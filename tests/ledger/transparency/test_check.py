"""What an auditor's program promises: it agrees with the product on what is true, and with nobody who changed it."""

from __future__ import annotations

import ast
import doctest
import hashlib
import importlib.util
import io
import json
import random
import subprocess
import sys
import zipfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerError
from ledger.times import span, when
from tests.fold import RULES as ALL_RULES
from tests.ledger.transparency.bundling import OTHER, SIGNER, Members, lines_of, members_of, rows_of, write
from tests.projections.test_positions import DATES, FIRST, HISTORIES, Book, a_book, play

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = ROOT / "ledger" / "transparency" / "check.py"


def loaded() -> Any:
    """Load the program by its path, as nobody imports it."""
    spec = importlib.util.spec_from_file_location("check", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["check"] = module
    spec.loader.exec_module(module)
    return module


check = loaded()


class InMemory(check.Bundle):  # type: ignore[misc,name-defined]
    """The members of a bundle without a folder: hundreds are tried in a second."""

    def __init__(self, members: Members) -> None:
        self.members, self.names = members, set(members)

    def open(self, name: str) -> io.BytesIO:
        """Open a member."""
        check.must(name in self.names, f"{name!a} is missing")
        return io.BytesIO(self.members[name])


def judged(members: Members, keys: tuple[str, ...] = (SIGNER.vkey,), monkey: Any = check) -> dict[str, Any]:
    """Run the program on members in memory, and give its report."""
    kept = monkey.Bundle
    monkey.Bundle = lambda _: InMemory(members)
    out = io.StringIO()
    try:
        with redirect_stdout(out):
            code = monkey.main([str(ROOT), "--json", *(part for key in keys for part in ("--key", key))])
    finally:
        monkey.Bundle = kept
    report: dict[str, Any] = json.loads(out.getvalue())
    assert code == (0 if report["ok"] else 3)
    assert (report["problem"] is None) == report["ok"]
    return report


def problem(members: Members, *keys: str) -> str:
    """Give what the program says is wrong."""
    report = judged(members, keys or (SIGNER.vkey,))
    assert not report["ok"]
    return str(report["problem"])


# ── A ledger with something of everything ─────────────────────────────────────

DOCUMENT = b"<p>We shall see what the talks bring.</p>"
SHA256 = hashlib.sha256(DOCUMENT).hexdigest()


def told(book: Book) -> None:
    """Record something of everything."""
    book.record({"type": "source-registered", "source": "wire", "title": "A wire", "sha256": SHA256})
    book.says("oppose", "../2025-03-08", conditions=["a date"])
    sealed = book.says("support", "2025-03-10", speaker="Dmitry Peskov", quote="Behind closed doors", sealed=True)
    book.says("reserved", "2025-03", source="wire", quote="We shall see", text="Что ж, \u2028 увидим. \\u0000")
    book.does("oppose", "2025-03-09")
    book.record({"type": "coalition-joined", "party": "UKR", "coalition": "EU"})
    book.says("conditional", "2025-03-11", party="EU", conditions=["a monitor"])
    book.record({"type": "condition-resolved", "entry": book.ledger.head, "condition": "a monitor", "outcome": "met"})
    book.corrects(sealed, said_on="2025-03-12")
    book.undoes(book.disputes(sealed))
    book.record({"type": "party-merged", "party": "USA", "into": "RUS"})


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[bytes], Members]:
    """Make a complete bundle with checkpoints, a source and a disclosed value."""
    book = Book(tmp_path_factory.mktemp("book"))
    with book.ledger:
        told(book)
        lines, rows = lines_of(book.ledger), rows_of(book.ledger, book.ledger.head, None)
        sealed = next(k for k, line in enumerate(lines, 1) if b'"sealed"' in line)
        values = {value.field: value for value in book.ledger.journal.sealed_values(sealed)}
    members = members_of(lines, rows, sizes=[0, 7, 7, 11])
    members[f"sources/{SHA256}"] = DOCUMENT
    quote = values["quote"]
    shown = {"entry": sealed, "field": "quote", "salt": quote.salt.hex(), "value": quote.value}
    members["disclosed.jsonl"] = json.dumps(shown).encode() + b"\n"
    return lines, members


def test_a_true_bundle_holds(whole: tuple[list[bytes], Members]) -> None:
    """Where nothing was changed, everything holds, and what is withheld is told from what is disclosed."""
    lines, members = whole
    report = judged(members)
    assert (report["ok"], report["problem"]) == (True, None)
    assert (report["entries"], report["size"], report["checkpoints"]) == (len(lines), len(lines), 5)
    assert report["positions"] == members["positions.jsonl"].count(b"\n") > 2
    assert [one["field"] for one in report["disclosed"]] == ["quote"]
    assert [one["field"] for one in report["withheld"]] == ["speaker", "text"]
    assert (report["erased"], report["not_shown"]) == ([], [])


def test_the_program_runs_by_itself(whole: tuple[list[bytes], Members], tmp_path: Path) -> None:
    """In a folder or a zip, with nothing but Python, it says one line and exits 0, or 3 where something was changed."""
    write(tmp_path / "bundle", whole[1] | {"check.py": PROGRAM.read_bytes()})
    key = tmp_path / "key"
    key.write_text(SIGNER.vkey + "\n")
    archive = tmp_path / "bundle.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in whole[1].items():
            file.writestr(name, content)

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-W", "error", str(tmp_path / "bundle" / "check.py"), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, check=False, encoding="utf-8", cwd=tmp_path)

    done = run("--key", key)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("OK: ")
    assert done.stdout.count("\n") == 1
    assert run(archive, "--key", SIGNER.vkey).stdout == done.stdout
    unsigned = run(archive)
    assert (unsigned.returncode, "nobody vouches" in unsigned.stdout) == (3, True)
    nonsense = run(archive, "--key", "nonsense")
    assert (nonsense.returncode, "no Ed25519 verifier key (another form): 'nonsense'" in nonsense.stderr) == (2, True)
    assert run(tmp_path / "nowhere", "--key", key).returncode == 2
    (tmp_path / "bundle" / "journal.jsonl").write_bytes(whole[1]["journal.jsonl"].replace(b"We oppose", b"We 0ppose"))
    broken = run("--key", key)
    assert (broken.returncode, broken.stderr) == (3, "")
    assert broken.stdout.startswith("FAILED: e")


# ── Rows ──────────────────────────────────────────────────────────────────────

RULES = [rule for rule in ALL_RULES if rule in check.RULES]
THOROUGH = settings(deadline=None, max_examples=60, database=None, suppress_health_check=[HealthCheck.too_slow])


@THOROUGH
@given(HISTORIES, st.data())
def test_rows_are_those_of_the_product_byte_for_byte(history: Any, data: st.DataObject) -> None:
    """Whatever was recorded, at every K and at no T, some T and by every rule, the two programs write the same rows."""
    with a_book() as book:
        list(play(book, history))
        lines, head = lines_of(book.ledger), book.ledger.head
        moments: list[str | None] = [None, "2025-03-10", "2025-03-11T12:00Z", "2025-Q1", "2024"]
        for k in range(FIRST - 1, head + 1):
            rule, as_of = data.draw(st.sampled_from(RULES)), data.draw(st.sampled_from(moments))
            for at in {None, as_of}:
                rows = rows_of(book.ledger, k, at, rule=rule)
                report = judged(members_of(lines, rows, k=k, as_of=at, rule=rule))
                assert (report["ok"], report["problem"]) == (True, None)
        party, issue = data.draw(st.sampled_from([("RUS", None), (None, "ceasefire"), ("UKR", "ceasefire")]))
        rows = rows_of(book.ledger, head, None, party=party, issue=issue)
        report = judged(members_of(lines, rows, party=party, issue=issue))
        assert (report["ok"], report["problem"]) == (True, None)


@given(st.one_of(DATES, st.text(alphabet="0123456789X-/.TZ:+?~%", max_size=24)))
def test_dates_are_read_as_the_product_reads_them(text: str) -> None:
    """Each date that a ledger takes has the same bounds in both programs."""
    try:
        expected = span(text)
    except LedgerError:
        return
    assert check.bounds(text) == tuple(expected)


@pytest.mark.parametrize("text", ["2025", "2025-Q1", "2024-02", "2025-03-12", "2025-03-12T14:30+03:00", "9999", "0001"])
def test_moments_are_read_as_the_product_reads_them(text: str) -> None:
    """T means the same instant in both programs."""
    assert check.moment(text) == when(text)


# ── Tampering ─────────────────────────────────────────────────────────────────


def harmless(name: str, content: bytes, flipped: bytes) -> bool:
    """Say whether a change of a member changes nothing that a bundle says."""
    if name == "README.md":
        return True
    if name not in {"bundle.json", "disclosed.jsonl"}:
        return False
    try:
        before, after = json.loads(content), json.loads(flipped)
    except ValueError:
        return False
    before.pop("ledger", None)  # a label that nobody vouches for
    after.pop("ledger", None)
    return bool(before == after)


def flips(members: Members, count: int, seed: int) -> int:
    """Flip bytes all over a bundle, each member in its turn; return how many were found."""
    chance, found, names = random.Random(seed), 0, sorted(name for name in members if members[name])  # noqa: S311
    for number in range(count):
        name = names[number % len(names)]
        content = bytearray(members[name])
        at = chance.randrange(len(content))
        content[at] ^= chance.randrange(1, 256)
        report = judged(members | {name: bytes(content)})
        # An earlier checkpoint whose key is no longer named agrees with the tree, and is listed as not shown.
        noticed = not report["ok"] or f"{name[12:]}: whose signature it bears" in report["not_shown"]
        assert noticed or harmless(name, members[name], bytes(content)), (name, at, content[at])
        found += noticed
    return found


def test_a_byte_flipped_anywhere_is_found(whole: tuple[list[bytes], Members]) -> None:
    """Of 600 flipped bytes, in every member, each is found or changes nothing that the bundle says."""
    assert flips(whole[1], 600, seed=7) > 450


@pytest.mark.torture
def test_many_bytes_flipped_are_found(whole: tuple[list[bytes], Members]) -> None:
    """The same of 20,000."""
    assert flips(whole[1], 20_000, seed=11) > 15_000


def edited(members: Members, **changes: object) -> Members:
    """Change members of bundle.json."""
    return members | {"bundle.json": json.dumps(json.loads(members["bundle.json"]) | changes).encode()}


def swapped(members: Members) -> Members:
    """Swap two lines."""
    lines = members["journal.jsonl"].split(b"\n")
    lines[9], lines[10] = lines[10], lines[9]
    return members | {"journal.jsonl": b"\n".join(lines)}


TAMPERED: dict[str, tuple[Callable[[Members], Members], str]] = {
    "a line swapped": (swapped, "e11 follows e9"),
    "the tail cut": (lambda m: m | {"journal.jsonl": m["journal.jsonl"].rpartition(b'{"entry"')[0]}, "ends with"),
    "half a line cut": (lambda m: m | {"journal.jsonl": m["journal.jsonl"][:-9]}, "LF is cut off"),
    "a source altered": (lambda m: m | {f"sources/{SHA256}": b"other"}, "not the bytes"),
    "a source of nobody": (lambda m: m | {f"sources/{hashlib.sha256().hexdigest()}": b""}, "not the bytes"),
    "a source renamed": (lambda m: m | {f"sources/{'0' * 64}": DOCUMENT}, "not the bytes"),
    "a value altered": (lambda m: m | {"disclosed.jsonl": m["disclosed.jsonl"].replace(b"closed", b"open")}, "sealed"),
    "another rule": (lambda m: edited(m, rule="latest/2"), "not checked"),
    "another party": (lambda m: edited(m, party="EU"), "complete"),
    "another size": (lambda m: edited(m, size=10**18), "not of the size"),
    "another origin": (lambda m: edited(m, origin="elsewhere"), "origin"),
    "fewer entries": (lambda m: edited(m, entries=12), "follows"),
    "a key twice": (lambda m: m | {"bundle.json": b'{"rule":"latest/1",' + m["bundle.json"][1:]}, "twice"),
    "not a number": (lambda m: edited(m, size=float("nan")), "NaN"),
    "deep": (lambda m: m | {"bundle.json": b"[" * 100_000}, "one way only"),
    "a lone surrogate": (lambda m: edited(m, origin="\ud800"), "one way only"),
    "U+0000": (lambda m: edited(m, origin="\0"), "one way only"),
    "a stray tile": (lambda m: m | {"tile/0/001": b""}, "tile/0/001"),
    "a tile away": (lambda m: {k: v for k, v in m.items() if not k.startswith("tile/")}, "is missing"),
    "a checkpoint away": (lambda m: {k: v for k, v in m.items() if k != "checkpoints/cp2"}, "is missing"),
    "another checkpoint": (lambda m: m | {"checkpoint": m["checkpoints/cp1"]}, "not the bytes"),
    "a long bundle.json": (lambda m: m | {"bundle.json": b" " * (1 << 21)}, "longer than"),
    "nothing": (lambda _: {}, "is missing"),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_tampering_is_found(whole: tuple[list[bytes], Members], case: str) -> None:
    """Whatever is altered is found, and named."""
    change, says = TAMPERED[case]
    assert says in problem(change(whole[1]))


def test_a_position_altered_with_its_digest_is_found(whole: tuple[list[bytes], Members]) -> None:
    """Rows that agree with their digest, and not with the lines, are found."""
    lines, members = whole
    rows = members["positions.jsonl"].split(b"\n")[:-1]
    rows[0] = rows[0].replace(b"conditional", b"support")
    assert "not what follows" in problem(members | members_of(lines, rows, sizes=[0, 7, 7, 11]))
    more = [*members["positions.jsonl"].split(b"\n")[:-1], rows[-1]]
    assert "more rows" in problem(members | members_of(lines, more, sizes=[0, 7, 7, 11]))


def test_a_tree_rebuilt_without_the_key_is_found(whole: tuple[list[bytes], Members]) -> None:
    """A line edited, and every hash made anew, is caught by the signature; with the key, by an older checkpoint."""
    lines, members = whole
    changed = [*lines[:5], lines[5].replace(b"There is", b"There was"), *lines[6:]]
    assert changed != lines
    rows = members["positions.jsonl"].split(b"\n")[:-1]
    forged = members | members_of(changed, rows, sizes=[0, 7, 7, 11], signers=[OTHER] * 5)
    assert "signed by no key" in problem(forged)
    resigned = members | members_of(changed, rows, sizes=[0, 7, 7, 11])
    assert judged(resigned)["ok"]  # who has the key and no older checkpoint to fear can rewrite history
    assert "cp2: history was changed" in problem(resigned | {"checkpoints/cp2": members["checkpoints/cp2"]})
    body = forged["checkpoint"].partition(b"\n\n")[0] + b"\n\n" + members["checkpoint"].partition(b"\n\n")[2]
    assert "is wrong" in problem(forged | {"checkpoint": body, "checkpoints/cp5": body})


def test_tiles_of_a_larger_tree_are_bound_to_its_root(whole: tuple[list[bytes], Members]) -> None:
    """A line edited, and its leaf in a full tile with it, is caught by the tile above."""
    lines, members = whole
    rows = members["positions.jsonl"].split(b"\n")[:-1]
    while len(lines) < 600:
        lines = appended(lines, "issue-reworded", issue="territory", proposition=f"Wording {len(lines)}")
    true = members_of(lines, rows, sizes=[256, 300, 513])
    assert judged(true)["ok"]
    assert {"tile/0/000", "tile/0/001", "tile/1/000.p/2"} < set(true)
    forged = members_of([line.replace(b"Wording 99", b"Wording 0") for line in lines], rows, sizes=[256, 300, 513])
    mixed = true | {name: forged[name] for name in ("journal.jsonl", "tile/0/000")}
    assert "tile/0/000 is not that" in problem(mixed)
    assert "do not lead to the root" in problem(mixed | {"tile/1/000.p/2": forged["tile/1/000.p/2"]})
    assert flips(true, 60, seed=3) > 45


# ── Parts, keys, sealed fields ────────────────────────────────────────────────


def test_a_part_says_that_completeness_is_not_shown(whole: tuple[list[bytes], Members]) -> None:
    """Some lines prove some rows, and that they are all the lines there are is not claimed."""
    lines, members = whole
    rows = [row for row in members["positions.jsonl"].split(b"\n") if row.startswith(b'{"party":"UKR"')]
    kept = [k for k, line in enumerate(lines, 1) if b'"UKR"' in line or b'"EU"' in line or b"condition-res" in line]
    part = members_of(lines, rows, kept=kept, party="UKR", sizes=[7])
    report = judged(part)
    assert (report["ok"], report["problem"], report["complete"]) == (True, None, False)
    assert report["not_shown"] == ["completeness: that no other line moves these rows"]
    assert "positions.jsonl" in problem(members_of(lines, rows, kept=kept[:-2], party="UKR"))


@THOROUGH
@given(HISTORIES, st.data())
def test_the_lines_of_a_part_as_specified_give_its_rows(history: Any, data: st.DataObject) -> None:
    """What the specification says that a part holds, and nothing more, gives the rows of the product."""
    with a_book() as book:
        list(play(book, history))
        lines = lines_of(book.ledger)
        k = data.draw(st.integers(FIRST, max(FIRST, book.ledger.head)))
        party = data.draw(st.sampled_from([None, "RUS", "UKR", "EU"]))
        issue = data.draw(st.sampled_from(["ceasefire"] if party is None else [None, "ceasefire"]))
        kept = part_of(lines[:k], party, issue)
        rows = rows_of(book.ledger, k, "2025-03-11", party=party, issue=issue)
        k = min(k, len(lines))
        report = judged(members_of(lines, rows, k=k, kept=kept, as_of="2025-03-11", party=party, issue=issue))
        assert (report["ok"], report["problem"]) == (True, None)


OF_PARTIES = ("party-merged", "party-unmerged", "coalition-joined", "coalition-left")


def part_of(lines: list[bytes], party: str | None, issue: str | None) -> list[int]:
    """List the entries that a part holds, as the specification words it, less the register."""
    read = {k: json.loads(line) for k, line in enumerate(lines, 1)}
    changes: dict[int, list[Any]] = {k: [one["data"]] for k, one in read.items()}
    for one in read.values():
        if one["type"] == "entry-corrected.v1":
            changes[one["data"]["entry"]].append(one["data"]["changes"])

    def named(k: int, *fields: str) -> set[str]:
        found = [some[name] for some in changes[k] for name in fields if some.get(name)]
        return {one for some in found for one in ([some] if isinstance(some, str) else some)}

    of_parties = {k for k, one in read.items() if one["type"].removesuffix(".v1") in OF_PARTIES}
    parties, kept = {party}, set[int]()
    for _ in of_parties:
        kept |= {k for k in of_parties if party is None or named(k, "party", "into", "coalition") & parties}
        parties |= {one for k in kept for one in named(k, "party", "into", "coalition")}
    for k, one in read.items():
        moves = one["type"] in {"statement-made.v1", "action-taken.v1"}
        by = party is None or named(k, "party", "on_behalf_of") & parties
        if moves and by and (issue is None or issue in named(k, "issue")):
            kept.add(k)
        if one["type"].startswith(("entry-", "condition-")) and one["data"]["entry"] in kept:
            kept.add(k)
    return sorted(kept)


def appended(lines: list[bytes], kind: str, **fields: object) -> list[bytes]:
    """Append a line that the product may not know yet."""
    stamp = json.loads(lines[-1])["data"]["recorded_at"]
    data = json.dumps({"recorded_at": stamp, "recorded_by": None, **fields}, separators=(",", ":"))
    return [*lines, f'{{"entry":{len(lines) + 1},"type":"{kind}.v1","data":{data}}}'.encode()]


def test_a_key_is_trusted_from_the_line_that_adds_it(whole: tuple[list[bytes], Members]) -> None:
    """A new key counts under a checkpoint of the old one, and the old one no longer once it is retired."""
    lines, members = whole
    rows = members["positions.jsonl"].split(b"\n")[:-1]
    added = appended(lines, "key-added", key=OTHER.vkey)
    retired = appended(added, "key-retired", key=SIGNER.vkey, reason="lost")
    sizes = [len(lines), len(added)]
    turned = members_of(retired, rows, sizes=sizes, signers=[SIGNER, SIGNER, OTHER])
    assert judged(turned)["ok"]
    late = members_of(retired, rows, sizes=sizes, signers=[SIGNER, OTHER, OTHER])
    assert "signed by no key" in problem(late)
    report = judged(late, (OTHER.vkey,))
    assert (report["ok"], report["not_shown"][0]) == (True, "cp1: whose signature it bears")
    assert "signed by no key" in problem(members_of(retired, rows, sizes=sizes, signers=[SIGNER] * 3))


def test_what_was_erased_is_told_from_what_is_withheld(whole: tuple[list[bytes], Members]) -> None:
    """An erasure names the fields, or all; what is erased cannot be disclosed."""
    lines, members = whole
    shown = json.loads(members["disclosed.jsonl"])
    rows = members["positions.jsonl"].split(b"\n")[:-1]
    erasure = {"entry": shown["entry"], "reason": "asked", "authority": "the court"}
    some = members_of(appended(lines, "erasure-recorded", fields=["speaker"], **erasure), rows)
    some["disclosed.jsonl"] = members["disclosed.jsonl"]
    report = judged(some)
    told = {how: [one["field"] for one in report[how]] for how in ("disclosed", "withheld", "erased")}
    assert told == {"disclosed": ["quote"], "withheld": ["text"], "erased": ["speaker"]}
    every = members_of(appended(lines, "erasure-recorded", **erasure), rows)
    assert len(judged(every)["erased"]) == 3
    assert "though it was erased" in problem(every | {"disclosed.jsonl": members["disclosed.jsonl"]})


def test_attested_digests_are_recomputed(whole: tuple[list[bytes], Members]) -> None:
    """What the journal says that its positions were is held against its lines."""
    lines, members = whole
    rows = members["positions.jsonl"].split(b"\n")[:-1]
    digest = json.loads(members["bundle.json"])["digest"]
    said = {"projection": "positions", "version": "latest/1", "basis": len(lines), "digest": digest}
    assert judged(members_of(appended(lines, "projection-attested", **said), rows))["ok"]
    said["basis"] = 12
    wrong = appended(lines, "projection-attested", **said)
    assert "the digest is" in problem(members_of(wrong, rows))
    taken_back = appended(wrong, "entry-retracted", entry=len(wrong), reason="wrong")
    assert judged(members_of(taken_back, rows))["ok"]
    again = appended(taken_back, "entry-retracted", entry=len(taken_back), reason="right after all")
    assert "the digest is" in problem(members_of(again, rows))


def test_hostile_lines_are_refused_by_name(whole: tuple[list[bytes], Members]) -> None:
    """What a signer may have put into a line, and no reader can agree on, is refused, whoever signed it."""
    lines, members = whole
    rows = members["positions.jsonl"].split(b"\n")[:-1]
    bare = lines[-1].replace(b'"recorded_by":"anna"', b"%s")
    for odd in (b'"a":1,"a":2', b'"a":"\\u0000"', b'"a":"\\ud800"', b'"a":NaN', b'"a":1e999', b'"a":"\xff"'):
        line = bare.replace(b"%s", odd)
        assert line != lines[-1]
        assert problem(members_of([*lines[:-1], line], rows)).startswith(f"e{len(lines)}: ")
    for odd in (b'"a":{' * 9_000 + b'"a":1' + b"}" * 9_000, b'"a":' + b"[" * 20_000 + b"]" * 20_000):
        assert problem(members_of([*lines[:-1], bare.replace(b"%s", odd)], rows)).startswith(f"e{len(lines)}: ")
    assert "another form" in problem(members_of([*lines[:-1], lines[-1].replace(b"2025-03-2", b"2024-03-2")], rows))
    assert "longer than" in problem(members_of([*lines[:-1], bare.replace(b"%s", b'"a":"%s"' % (b"a" * 70_000))], rows))


def test_a_zip_bomb_is_left_alone(tmp_path: Path) -> None:
    """A zip that unpacks to more than a hundred times its size is refused before anything is unpacked."""
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("bundle.json", bytes(100 << 20))
    with redirect_stdout(io.StringIO()) as out:
        assert check.main([str(bomb), "--key", SIGNER.vkey]) == 3
    assert "a hundred times" in out.getvalue()


# ── Signatures ────────────────────────────────────────────────────────────────

RFC_8032 = [  # section 7.1: public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_signatures_of_the_rfc_hold(public: str, message: str, signature: str) -> None:
    """The RFC's own signatures verify; the same with S + L, a longer one and another message do not."""
    key, said, made = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert check.verifies(key, said, made)
    larger = int.from_bytes(made[32:], "little") + check.ORDER
    assert not check.verifies(key, said, made[:32] + larger.to_bytes(32, "little"))
    assert not check.verifies(key, said, made + b"\0")
    assert not check.verifies(key, said + b"\0", made)


@settings(deadline=None, max_examples=40)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=90), st.integers(0, 511), st.booleans())
def test_signatures_are_judged_as_another_library_does(seed: bytes, message: bytes, bit: int, harm: bool) -> None:
    """A signature, whole or with a bit flipped, is right or wrong in both."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    made = bytearray(key.sign(message))
    made[bit // 8] ^= harm << bit % 8
    public = key.public_key().public_bytes_raw()
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes(made), message)
        right = True
    except InvalidSignature:
        right = False
    assert check.verifies(public, message, bytes(made)) == right == (not harm)


@pytest.mark.parametrize(
    "encoded", [(2**255 - 19).to_bytes(32, "little"), b"\1" + bytes(30) + b"\x80", b"\2" + bytes(31)]
)
def test_points_with_another_spelling_are_refused(encoded: bytes) -> None:
    """Y not below p, minus zero, and what lies on no curve encode no point."""
    with pytest.raises(check.BadError):
        check.decoded(encoded)


# ── The house ─────────────────────────────────────────────────────────────────


def test_worked_example_runs() -> None:
    """The example in the specification is true."""
    assert doctest.testmod(check).failed == 0
    assert doctest.testmod(check).attempted > 3


def test_it_is_short_and_stands_alone() -> None:
    """It is under 600 lines, takes only the standard library, and shares no five lines in a row with the product."""
    source = PROGRAM.read_text(encoding="utf-8")
    assert len(source.splitlines()) < 600
    tree = ast.parse(source)
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
    own = runs(source)
    for package in ("ledger", "projections", "verbale"):
        for path in (ROOT / package).rglob("*.py"):
            if path != PROGRAM:
                assert not own & runs(path.read_text(encoding="utf-8")), path


def runs(source: str) -> set[tuple[str, ...]]:
    """List every five lines of code that follow each other; imports are everybody's."""
    lines = [line.strip() for line in source.splitlines()]
    code = [line for line in lines if line and not line.startswith(("import ", "from ", "#"))]
    return {tuple(code[at : at + 5]) for at in range(len(code) - 4)}
