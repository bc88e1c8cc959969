"""What a mutation says: what it did, what it did to the position, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.entries import Amendment
from ledger.errors import Refused
from verbale.cli.output import dumped, envelope, tell, write
from verbale.terminal.style import safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from verbale.cli.options import Recording
    from verbale.ledger import Ledger, Recorded

_NOUNS = {
    "statement-made": "statement",
    "action-taken": "action",
    "event-scheduled": "scheduled event",
    "party-registered": "party",
    "alias-added": "alias",
    "issue-opened": "issue",
    "source-registered": "source",
    "speaker-appointed": "speaker",
    "entry-corrected": "corrects",
    "entry-retracted": "retracts",
    "entry-disputed": "disputes",
    "entry-corroborated": "corroborates",
}


def record(asked: Recording, draft: dict[str, Any], prepare: Callable[[Ledger], dict[str, Any]] | None = None) -> None:
    """Record a draft and tell what it did.

    Args:
        asked: the shared options.
        draft: the draft; fields that are None, empty or False are left out.
        prepare: makes the draft, given the ledger, where it depends on what is recorded.
    """
    from pathlib import Path

    with asked.open() as ledger:
        seen = ledger.views.catch_up()
        given = {k: v for k, v in (prepare(ledger) if prepare else draft).items() if v not in (None, (), [], {}, False)}
        done = ledger.record(given, seen=seen, folder=Path.cwd())
        if asked.json:
            write(asked.output, dumped(recorded_json(done)) + "\n")
        if done.clock_behind is not None:
            tell(f"Warning: this clock is {done.clock_behind} s behind the ledger; the entry is marked.")
        if not asked.quiet and not asked.json:
            write(asked.output, _told(ledger, done))


def recorded_json(done: Recorded) -> dict[str, Any]:
    """Return what recording did, as the contract has it."""
    return envelope(
        "recorded",
        entry=done.entry,
        already=done.already,
        type=done.type,
        party=done.party,
        issue=done.issue,
        before=done.before,
        after=done.after,
    )


def _told(ledger: Ledger, done: Recorded) -> str:
    event = done.event
    about = "/".join(filter(None, (done.party, done.issue)))
    if isinstance(event, Amendment):
        what = f"{_NOUNS[done.type]} e{event.entry}" + (f", {done.party} on {done.issue}" if done.issue else "")
    elif done.party and done.issue:
        what = f"{_NOUNS[done.type]}, {done.party} on {done.issue}"
    else:
        name = about or getattr(event, "source", None) or getattr(event, "name", "")
        what = f"{_NOUNS[done.type]} {name}"
    if done.already:
        gone = f", retracted by e{done.retracted_by}" if done.retracted_by else ""
        return f"Nothing new: already e{done.entry}{gone} ({safe(what)})\n"
    lines = [f"Recorded e{done.entry}: {safe(what)}"]
    if done.party and done.issue:
        lines.append(_moved(ledger, done))
    if done.type not in ("party-registered", "alias-added", "issue-opened"):
        lines.append(f"Undo with: verbale undo e{done.entry}")
    return "\n".join(lines) + "\n"


def _moved(ledger: Ledger, done: Recorded) -> str:
    row = ledger.position(done.party or "", done.issue or "")
    mark = ", contested" if row is not None and row.contested else ""
    if done.before == done.after:
        return f"Position: {done.after or 'none in words'}, unchanged{mark}"
    since = f", since {row.since}" if row is not None and row.since else ""
    return f"Position: {done.before or '·'} → {done.after or '·'}{since}{mark}"


def coding_of(said: str | None) -> dict[str, str] | None:
    """Return a coding from `SCHEME:CODE/MODE`."""
    if said is None:
        return None
    scheme, colon, rest = said.partition(":")
    code, _, mode = rest.partition("/")
    if not colon or not scheme or not code:
        from ledger.errors import Unparsable

        raise Unparsable(f"'{said}' is no coding", hint="SCHEME:CODE or SCHEME:CODE/MODE, as in PLOVER:RETREAT/withdraw")
    return {"scheme": scheme, "code": code} | ({"mode": mode} if mode else {})


def text_of(said: str | None) -> str | None:
    """Return a text that may come from stdin (`-`) or a file (`@FILE`)."""
    import sys
    from pathlib import Path

    if said == "-":
        return sys.stdin.buffer.read().decode(errors="strict").strip()
    if said is not None and said.startswith("@"):
        try:
            return Path(said[1:]).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(f"cannot read {said[1:]}: {error}", hint="-m @FILE reads UTF-8 text from FILE") from None
    return said
