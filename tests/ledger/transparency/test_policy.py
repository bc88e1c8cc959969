"""Policies: what they ask for, and how they say what is wrong with them."""

from __future__ import annotations

import doctest
from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import ledger.transparency.policy
from ledger.errors import Refused, Unparsable, VerificationFailed
from ledger.transparency.checkpoint import Checkpoint, cosign, format_checkpoint
from ledger.transparency.keys import COSIGNER, LOG, SigningKey
from ledger.transparency.note import Note, format_note, sign
from ledger.transparency.policy import (
    NONE,
    Group,
    Log,
    Policy,
    Witness,
    check_checkpoint,
    format_policy,
    parse_policy,
)
from tests.ledger.transparency.trees import LOG_KEY, WITNESSES, is_refused, root

VKEY = LOG_KEY.verifier.format()
KEYS = [
    SigningKey(f"example.org/{name}", COSIGNER, name.encode() * 16).verifier for name in ("X1", "X2", "X3", "Y1", "Y2")
]
X1, X2, X3, Y1, Y2 = KEYS
WITNESS_LINES = "".join(f"witness {key.name[-2:]} {key.format()}\n" for key in KEYS)
EXAMPLE = f"""\
# the example of the specification, with its keys
log {VKEY} https://example.com/log/

{WITNESS_LINES}\
  group \tX-witnesses 2 X1 X2 X3
group Y-witnesses any Y1 Y2
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def test_worked_examples_run() -> None:
    """The examples in the specification are true."""
    tried = doctest.testmod(ledger.transparency.policy)
    assert tried.failed == 0
    assert tried.attempted > 0


def test_a_group_of_groups_is_met_as_it_says() -> None:
    """Of all sets of witnesses, those meet the quorum that have two of one group and one of the other."""
    policy = parse_policy(EXAMPLE.encode())
    assert policy.logs == (Log(LOG_KEY.verifier, "https://example.com/log/"),)
    assert [witness.key for witness in policy.witnesses] == KEYS
    for count in range(6):
        for some in combinations(KEYS, count):
            enough = len({X1, X2, X3}.intersection(some)) >= 2 and bool({Y1, Y2}.intersection(some))
            assert policy.satisfied_by(some) == enough


@pytest.mark.parametrize(
    ("quorum", "enough", "too_few"),
    [
        ("quorum none", [], None),
        ("quorum X2", [X2], [X1, Y1]),
        ("group g all X1 X2\nquorum g", [X1, X2], [X1]),
        ("group g any X1 X2\nquorum g", [X2], [X3, Y1]),
        ("group g 1 X1\nquorum g", [X1], []),
        ("group any any X1\nquorum any", [X1], []),
    ],
)
def test_quorums(quorum: str, enough: list[object], too_few: list[object] | None) -> None:
    """A quorum is nothing, a witness, or a group; no number of others makes up for it."""
    policy = parse_policy(f"{WITNESS_LINES}{quorum}\n".encode())
    assert policy.satisfied_by(enough)  # type: ignore[arg-type]
    assert too_few is None or not policy.satisfied_by(too_few)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("", "has no quorum"),
        ("quorum none", "does not end in LF"),
        ("quorum none\r\n", "line 1: it has a control character"),
        ("\n\nquorum none\nquorum none\n", "line 4: there is a quorum already"),
        ("quorum w\n", "line 1: no line above defines 'w'"),
        ("log\nquorum none\n", "line 1: 'log' says nothing here"),
        (f"log {VKEY} url more\nquorum none\n", "line 1: .* says nothing here"),
        (f"log {VKEY[:-1]}\nquorum none\n", "line 1: this is not a verifier key"),
        (f"log {X1.format()}\nquorum none\n", "line 1: .* not of a log's type"),
        (
            f"log {VKEY}\nlog {SigningKey('b', LOG, LOG_KEY.seed).verifier.format()}\nquorum none\n",
            "line 2: .* a log above",
        ),
        (f"witness a {VKEY}\nquorum none\n", "line 1: .* not of a witness's type"),
        (f"witness none {X1.format()}\nquorum none\n", "line 1: the name 'none' is taken"),
        (f"{WITNESS_LINES}witness Z {X1.format()}\nquorum none\n", "line 6: .* a witness above"),
        (f"{WITNESS_LINES}group X1 any X2\nquorum none\n", "line 6: the name 'X1' is taken"),
        (f"{WITNESS_LINES}group none any X2\nquorum none\n", "line 6: the name 'none' is taken"),
        (f"{WITNESS_LINES}group g any g\nquorum g\n", "line 6: no line above defines 'g'"),
        (f"{WITNESS_LINES}group g any none\nquorum g\n", "line 6: no line above defines 'none'"),
        (f"{WITNESS_LINES}group g any\nquorum g\n", "line 6: .* says nothing here"),
        (f"{WITNESS_LINES}group g 0 X1\nquorum g\n", "line 6: '0' of 1 members"),
        (f"{WITNESS_LINES}group g 2 X1\nquorum g\n", "line 6: '2' of 1 members"),
        (f"{WITNESS_LINES}group g 01 X1\nquorum g\n", "line 6: '01' of 1 members"),
        (f"{WITNESS_LINES}group g ANY X1\nquorum g\n", "line 6: 'ANY' of 1 members"),
        (f"{WITNESS_LINES}group g 2 X1 X1\nquorum g\n", "line 6: 'X1' is a member already"),
        (f"{WITNESS_LINES}group g any X1\ngroup h any X1 g\nquorum h\n", "line 7: 'X1' is a member already"),
        (f"{WITNESS_LINES}quorums X1\n", "line 6: .* says nothing here"),
        (f"{WITNESS_LINES}quorum X1 X2\n", "line 6: .* says nothing here"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(lines: str, says: str) -> None:
    """A policy that asks for what cannot be is refused, and the line is named."""
    with pytest.raises(Unparsable, match=says):
        parse_policy(lines.encode())


def test_names_are_bytes() -> None:
    """Names that differ in any byte differ, whatever they look like, and need not be UTF-8."""
    lines = b"witness K %s\nwitness \xe2\x84\xaa %s\nwitness \xff %s\nquorum \xff\n"
    data = lines % tuple(key.format().encode() for key in KEYS[:3])
    policy = parse_policy(data)
    assert (policy.satisfied_by([X1, X2]), policy.satisfied_by([X3])) == (False, True)
    assert format_policy(policy) == data
    with pytest.raises(Unparsable, match=r"line 1: no line above defines '\\\\xff'"):
        parse_policy(b"quorum \xff\n")


words = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x2FF, exclude_characters="\x7f"), min_size=1, max_size=8
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Draw a policy whose every name and number is as it must be."""
    names = draw(st.lists(words.filter(lambda word: word.isprintable() and word != NONE), unique=True, max_size=9))
    urls = st.none() | words.filter(str.isprintable)
    voices: list[Witness | Group] = []
    free: list[str] = []
    for name in names:
        if draw(st.booleans()) and free:
            members = draw(st.lists(st.sampled_from(free), unique=True, min_size=1))
            free = [each for each in free if each not in members]
            voices.append(Group(name, draw(st.integers(1, len(members))), tuple(members)))
        else:
            key = SigningKey(draw(words.filter(str.isalnum)), COSIGNER, bytes([len(voices)] * 32)).verifier
            voices.append(Witness(name, key, draw(urls)))
        free.append(name)
    logs = [Log(SigningKey(f"l{n}", LOG, bytes([n] * 32)).verifier, draw(urls)) for n in range(draw(st.integers(0, 3)))]
    return Policy(tuple(logs), tuple(voices), draw(st.sampled_from([NONE, *names])))


@given(policies())
def test_policies_come_back(policy: Policy) -> None:
    """A policy that is written is read as it was, and all its witnesses together always meet it."""
    assert parse_policy(format_policy(policy)) == policy
    assert policy.satisfied_by(witness.key for witness in policy.witnesses)
    assert policy.satisfied_by([]) == (policy.quorum == NONE)


@given(st.integers(0, len(EXAMPLE)), st.integers(0, 9), st.binary(max_size=9))
@example(0, 0, b"\xef\xbb\xbf")
def test_altered_policies_never_fail_otherwise(at: int, cut: int, more: bytes) -> None:
    """Whatever is cut out or put in, the policy is read or refused; what is read can be written and read again."""
    bad = EXAMPLE.encode()[:at] + more + EXAMPLE.encode()[at + cut :]
    if not is_refused(parse_policy, bad):
        assert parse_policy(format_policy(parse_policy(bad))) == parse_policy(bad)


@pytest.mark.parametrize(
    "policy",
    [
        Policy((), (), "x"),
        Policy((), (Witness("a b", X1),), NONE),
        Policy((), (Witness("", X1),), NONE),
        Policy((), (Witness("a", X1, "u v"),), NONE),
        Policy((), (Witness("a", X1, ""),), NONE),
        Policy((), (Witness("\ud800", X1),), NONE),
        Policy((), (Group("g", 1, ("a",)), Witness("a", X1)), "g"),
    ],
)
def test_no_file_for_what_is_no_policy(policy: Policy) -> None:
    """What could not be read back is not written."""
    with pytest.raises(Refused, match="no file can hold the policy"):
        format_policy(policy)


TEXT = format_checkpoint(Checkpoint(LOG_KEY.name, 5, root(5)))
THREE = "".join(f"witness w{n} {key.verifier.format()}\n" for n, key in enumerate(WITNESSES[:3]))


def signed(*cosigners: SigningKey, log: SigningKey = LOG_KEY) -> bytes:
    """Return a checkpoint that the log signed, and these witnesses cosigned."""
    return format_note(Note(TEXT, (sign(TEXT, log), *(cosign(TEXT, key, 1) for key in cosigners))))


def test_a_checkpoint_is_held_against_the_policy() -> None:
    """It needs a listed log's signature under its own origin, and the quorum of good cosignatures."""
    policy = parse_policy(f"log {VKEY}\n{THREE}group two 2 w0 w1 w2\nquorum two\n".encode())
    opened = check_checkpoint(signed(*WITNESSES[1:]), policy)
    assert [each.key.name for each in opened.cosignatures] == ["example.org/w1", "example.org/w2"]
    with pytest.raises(VerificationFailed, match="the quorum 'two' is not met: of its witnesses, w1 cosigned"):
        check_checkpoint(signed(WITNESSES[1], WITNESSES[3]), policy)
    with pytest.raises(VerificationFailed, match="of its witnesses, none cosigned"):
        check_checkpoint(signed(WITNESSES[3]), policy)
    other = SigningKey("example.com/other", LOG, bytes(32))
    with pytest.raises(VerificationFailed, match=r"no log that is believed signed .* 'example\.com/ledger'"):
        check_checkpoint(signed(*WITNESSES, log=other), Policy.of_logs([other.verifier]))
    with pytest.raises(VerificationFailed, match="no log that is believed"):
        check_checkpoint(signed(*WITNESSES, log=other), policy)


def test_a_log_may_be_known_from_elsewhere() -> None:
    """A policy without logs asks for the log's key; one with logs must list it."""
    policy = parse_policy(f"{THREE}quorum w0\n".encode())
    assert check_checkpoint(signed(WITNESSES[0]), policy, log=LOG_KEY.verifier).checkpoint.size == 5
    with pytest.raises(Refused, match="lists no log"):
        check_checkpoint(signed(WITNESSES[0]), policy)
    with pytest.raises(Refused, match="does not list the log"):
        check_checkpoint(signed(), Policy.of_logs([SigningKey("b", LOG, bytes(32)).verifier]), log=LOG_KEY.verifier)
    both = Policy.of_logs([SigningKey("b", LOG, bytes(32)).verifier, LOG_KEY.verifier])
    assert check_checkpoint(signed(), both, log=LOG_KEY.verifier).checkpoint.size == 5
