"""What a mutation says: what it did, what it did to the position, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.entries import (
    ActionTaken,
    Amendment,
    CoalitionJoined,
    CoalitionLeft,
    EntryCorrected,
    ErasureRecorded,
    IssueClosed,
    Mover,
    PartyIdentified,
    PartyMerged,
    PartySucceeded,
    PositionAsserted,
    ProjectionAttested,
    SourceRegistered,
    SpeakerAppointed,
    StatementMade,
)
from ledger.errors import Refused
from verbale.cli.output import dumped, envelope, tell, write
from verbale.terminal.evidence import shown
from verbale.terminal.kinds import kind_of, link_of
from verbale.terminal.style import safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.positions import Position
    from verbale.cli.options import Recording
    from verbale.ledger import Ledger
    from verbale.recording import Recorded


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
        tell_recorded(asked, ledger, ledger.record(given, seen=seen, folder=Path.cwd()))


def tell_recorded(asked: Recording, ledger: Ledger, done: Recorded) -> None:
    """Tell what recording did."""
    if asked.json:
        write(asked.output, dumped(recorded_json(done)) + "\n")
    if done.clock_behind is not None:
        tell(f"Warning: this clock is {done.clock_behind} s behind the ledger; the entry is marked.")
    if not asked.quiet and not asked.json:
        write(asked.output, _told(done, _outcome(ledger, done), _doubt(ledger, done)))


def recorded_json(done: Recorded) -> dict[str, Any]:
    """Return what recording did, as the contract has it."""
    return envelope(
        "recorded",
        entry=done.entry,
        already=done.already,
        type=done.type,
        party=done.party,
        issue=done.issue,
        before=None if done.before is None else done.before.stance,
        after=None if done.after is None else done.after.stance,
    )


def _outcome(ledger: Ledger, done: Recorded) -> str | None:
    """Return whether an expectation holds now; None for what is none."""
    from projections.assertions import assertions

    if not isinstance(done.event, PositionAsserted):
        return None
    found = next((one for one in assertions(ledger.views.db, ledger.head) if one.entry == done.entry), None)
    if found is None or found.holds:
        return "It holds; verbale doctor asks again" if found else None
    return f"It does not hold: the ledger has {found.found or 'no position in words'}"


def _doubt(ledger: Ledger, done: Recorded) -> str | None:
    """Return that an entry is now called confirmed, and is not by two sources that the ledger knows; None otherwise."""
    from projections.backing import unconfirmed_by
    from verbale.terminal.sourcing import doubt_text

    match done.event:
        case StatementMade(credibility=credibility) | ActionTaken(credibility=credibility):
            entry = done.entry
        case EntryCorrected(entry=entry, changes={"credibility": credibility}):
            pass
        case _:
            return None
    if done.already or credibility is None:
        return None
    few = unconfirmed_by(ledger.views.db, ledger.head, ledger.entry(entry))
    return None if few is None else doubt_text(credibility, few)


def _told(done: Recorded, outcome: str | None, doubt: str | None) -> str:
    event = done.event
    about = "/".join(filter(None, (done.party, done.issue)))
    linked = None if isinstance(event, Amendment) else link_of(event)
    if linked is not None:
        what = linked
    elif isinstance(event, Amendment):
        what = f"{kind_of(done.type)} e{event.entry}" + (f", {done.party} on {done.issue}" if done.issue else "")
    elif done.party and done.issue:
        what = f"{kind_of(done.type)}, {done.party} on {done.issue}"
    else:
        name = event.name if isinstance(event, SpeakerAppointed) else about or getattr(event, "source", "")
        what = f"{kind_of(done.type)} {name}"
    if done.already:
        gone = f", retracted by e{done.retracted_by}" if done.retracted_by else ""
        return f"Nothing new: already e{done.entry}{gone} ({safe(what)})\n"
    lines = [f"Recorded e{done.entry}: {safe(what)}"]
    if isinstance(event, EntryCorrected):
        lines.append("Now reads: " + safe(", ".join(f"{name} {shown(value)}" for name, value in event.changes.items())))
    if outcome is not None:
        lines.append(outcome)
    elif done.party and done.issue:
        lines.append(_moved(done))
    if doubt is not None:
        lines.append(f"Note: {safe(doubt)}")
    back = _way_back(done)
    if back is not None:
        lines.append(f"Undo with: {back}")
    return "\n".join(lines) + "\n"


def _way_back(done: Recorded) -> str | None:
    """Return the command that takes an entry back; what gives names stays."""
    match done.event:
        case PartyMerged(party=party):
            return f"verbale party unmerge {party}"
        case ErasureRecorded():
            return None
        case (
            Mover()
            | Amendment()
            | SourceRegistered()
            | SpeakerAppointed()
            | CoalitionJoined()
            | CoalitionLeft()
            | PartyIdentified()
            | PartySucceeded()
            | IssueClosed()
            | PositionAsserted()
            | ProjectionAttested()
        ):
            return f"verbale undo e{done.entry}"
        case _:
            return None


def _moved(done: Recorded) -> str:
    before, after = done.before, done.after
    old, new = (None if row is None else row.stance for row in (before, after))
    mark = ", contested" if after is not None and after.contested else ""
    since = f", since {after.since}" if after is not None and after.since else ""
    deed = _deed(before, after)
    if old != new:
        return f"Position: {old or '·'} → {new or '·'}{since}{mark}{deed}"
    if new is None:
        return f"Position: none in words{deed}"
    moved = before is not None and after is not None and before.since != after.since
    return f"Position: {new}, {f'now{since[1:]}' if moved else 'unchanged'}{mark}{deed}"


def _deed(before: Position | None, after: Position | None) -> str:
    """Return what changed in the latest deed, which stands beside the words."""
    old, new = (None if row is None else row.deed for row in (before, after))
    if old == new:
        return ""
    return "; no deed" if new is None else f"; deed: {new.bearing or 'no bearing said'}, on {new.occurred_on}"


def text_of(said: str | None) -> str | None:
    """Return a text that may come from stdin (`-`) or a file (`@FILE`)."""
    import sys
    from pathlib import Path

    if said is None or (said != "-" and not said.startswith("@")):
        return said
    name, hint = "stdin" if said == "-" else said[1:], "- reads UTF-8 text from stdin, @FILE from FILE"
    try:
        return (sys.stdin.buffer.read() if said == "-" else Path(name).read_bytes()).decode().strip()
    except OSError as error:
        raise Refused(f"cannot read {name}: {error.strerror}", hint=hint) from None
    except UnicodeDecodeError as error:
        raise Refused(f"{name} is not UTF-8 at byte {error.start + 1}", hint=hint) from None
