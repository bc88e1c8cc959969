"""Entries as text: the log, the agenda, what a position rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.entries import ConditionResolved, EntryCorrected, SourceRegistered
from projections.backing import says_confirmed
from projections.independence import NEEDED
from verbale.terminal.kinds import did_of, kind_of, link_of
from verbale.terminal.positions import Names, clocks_line, heading_text, nothing
from verbale.terminal.sealed import SEALED
from verbale.terminal.sourcing import doubt_text, groups_text
from verbale.terminal.style import SIGNS, clock_words, faint, paint, safe, strong, wrapped
from verbale.terminal.tables import counted, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.entries import Entry
    from projections.aside import SetAside
    from projections.clocks import Moment
    from projections.differing import Changed
    from projections.evidence import AgendaItem, Reading
    from projections.history import Run, Why
    from projections.independence import Group

_LISTED: Final = 10
_INDENT: Final = "      "


def headline(one: Reading, sealed: Mapping[int, str] | None = None) -> str:
    """Return an entry in one line: its text, or what it changes.

    Args:
        one: the entry.
        sealed: what to say of sealed entries, by number, where it is more than that they are.
    """
    if isinstance(one.event, EntryCorrected):
        changes = ", ".join(f"{name} → {shown(value)}" for name, value in one.event.changes.items())
        return f"{changes} ({one.event.reason})"
    linked = link_of(one.event)
    if linked is not None:
        reason = getattr(one.event, "reason", None)
        return linked if reason is None else f"{linked} ({reason})"
    return one.text or (sealed or {}).get(one.entry, SEALED)


def shown(value: object) -> str:
    """Return the value of a field as a reader would want to see it."""
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    if isinstance(value, dict):
        inner = "; ".join(f"{name} {shown(part)}" for name, part in value.items())
        return shown(value["exact"]) if "exact" in value else f"({inner})"
    return "(none)" if value is None else str(value)


def log_text(found: Sequence[Reading], at: Moment, total: int, sealed: Mapping[int, str]) -> str:
    """Return entries in two lines each, the last below."""
    if not found:
        return nothing("No entries.", at)
    return f"{clocks_line(at)}\n\n" + entries_text(found, total, sealed)


def entries_text(found: Sequence[Reading], total: int, sealed: Mapping[int, str]) -> str:
    """Return each entry as a line of what it is, and its text below."""
    label = max(len(f"e{one.entry}") for one in found) + 2
    lines = []
    for one in found:
        lines.append(f"{f'e{one.entry}':<{label}}{facts_line(one)}")
        if headline(one) != _about(one):
            lines.append(wrapped(headline(one, sealed), " " * label, total))
    return "\n".join(lines) + "\n"


def facts_line(one: Reading) -> str:
    """Return an entry's date, kind, party, issue, stance and status in one line."""
    stance = f"{SIGNS[one.stance]} {one.stance}" if one.stance else ""
    status = "" if one.status == "counts" else f"[{one.status}]"
    kind = f"{kind_of(one.type)}{f' e{one.target}' if one.target else ''}"
    return "  ".join(filter(None, (one.dated, kind, _about(one), paint(stance, one.stance), status)))


def _about(one: Reading) -> str:
    if isinstance(one.event, SourceRegistered):
        return one.event.source
    return " on ".join(filter(None, (getattr(one.event, name, None) for name in ("party", "issue"))))


def agenda_text(items: Sequence[AgendaItem], at: Moment, total: int) -> str:
    """Return what is scheduled, the soonest first."""
    if not items:
        return nothing("Nothing is scheduled.", at)
    lines = []
    for item in items:
        event = item.scheduled.event
        by = f" by e{item.fulfilled_by}" if item.fulfilled_by else ""
        place = getattr(event, "place", None)
        about = f"{getattr(event, 'party', '')} on {getattr(event, 'issue', '')}" + (
            f", {safe(place)}" if place else ""
        )
        lines.append(f"{strong(item.scheduled.dated or '')}  {about}  [{item.status}{by}]")
        lines.append(wrapped(headline(item.scheduled), _INDENT, total, f"   e{item.scheduled.entry} "))
    return f"{clocks_line(at)}\n\n" + "\n".join(lines) + "\n"


def diff_text(rows: Sequence[Changed], before: Moment, after: Moment, total: int) -> str:
    """Return what changed between two pairs of moments."""
    moments = (("before  ", before), ("after   ", after))
    head = "".join(wrapped(clocks_line(at), " " * len(word), total, word) + "\n" for word, at in moments) + "\n"
    if not rows:
        return head + "No position changed.\n"
    cells = [
        (
            row.party,
            row.issue,
            f"{SIGNS.get(row.before or '', '·')} {row.before or ''}".rstrip(),
            "→",
            f"{SIGNS.get(row.after or '', '·')} {row.after or ''}".rstrip(),
            ", ".join(f"e{entry}" for entry in row.entries),
        )
        for row in rows
    ]
    return head + table(("party", "issue", "before", "", "after", "by"), cells, total, squeezed=1)


def when_text(found: Sequence[Run], at: Moment, party: str, issue: str, total: int) -> str:
    """Return a party's runs of one stance each, the first first."""
    if not found:
        return nothing(f"{party} has said nothing on {issue}.", at)
    rows = [
        (
            run.since,
            f"{SIGNS[run.stance]} {run.stance}",
            f"e{run.entry}",
            clock_words(run.known_from),
        )
        for run in found
    ]
    head = f"{clocks_line(at)}\n\n{strong(f'{party} on {issue}')}\n"
    return head + table(("from", "stance", "entry", "the ledger has read so since"), rows, total)


def why_text(
    found: Why,
    at: Moment,
    rule: str,
    names: Names,
    amended: Mapping[int, Sequence[Reading]],
    sources: Mapping[str, dict[str, Any]],
    sealed: Mapping[int, str],
    total: int,
) -> str:
    """Return a position, what it rests on, what contests it and what was set aside."""
    blocks = [f"{clocks_line(at)}\nrule {rule}\n", heading_text(found.position, at, names, total)]
    for title, some in (("counts", found.counts), ("against", found.against), ("possible", found.possible)):
        if some:
            lines = [
                item
                for one in some[:_LISTED]
                for item in _evidence(one, amended, sources, sealed, found.independent.get(one.entry), total)
            ]
            blocks.append("\n".join([title, *lines, *_more(len(some))]) + "\n")
    if found.set_aside:
        blocks.append("\n".join(["set aside", *_set_aside(found.set_aside, total)]) + "\n")
    return "\n".join(blocks)


def _set_aside(some: Sequence[SetAside], total: int) -> list[str]:
    shown = some[-_LISTED:]
    return [wrapped(one.reason, _INDENT, total, f"   e{one.entry} ") for one in shown] + _more(len(some))


def _more(number: int) -> list[str]:
    return [faint(f"   … and {counted(number - _LISTED, 'more', 'more')} (see --json)")] if number > _LISTED else []


def _how(event: Entry) -> Iterator[str]:
    """Yield who spoke, for whom, to whom, and what it answers."""
    speaker, act = getattr(event, "speaker", None), getattr(event, "act", None)
    yield from filter(None, (speaker, act))
    for word, name in (("for", "on_behalf_of"), ("to", "to")):
        parties = getattr(event, name, ())
        if parties:
            yield f"{word} {', '.join(parties)}"
    for words, name in (("in reply to", "re"), ("fulfils", "fulfils")):
        number = getattr(event, name, None)
        if number is not None:
            yield f"{words} e{number}"


def _cited(source: dict[str, Any]) -> tuple[str | None, ...]:
    agency = source["agency"]
    return source["title"], source["publisher"], agency and f"a report by {agency}", source["url"]


def _evidence(
    one: Reading,
    amended: Mapping[int, Sequence[Reading]],
    sources: Mapping[str, dict[str, Any]],
    sealed: Mapping[int, str],
    borne_out: Sequence[Group] | None,
    total: int,
) -> list[str]:
    event = one.event
    kind = "" if link_of(event) is not None else f"{kind_of(one.type)} "
    stance = f"{SIGNS[one.stance]} " if one.stance else ""
    status = "" if one.status == "counts" else f" [{one.status}]"
    text = headline(one, sealed)
    when = one.dated or (f"e{one.target}:" if one.target else "")
    lines = [wrapped(f"{kind}{when + ' ' if when else ''}{stance}{text}{status}", _INDENT, total, f"   e{one.entry} ")]
    quote = getattr(event, "quote", None)
    if quote is not None:
        lines.append(wrapped(f"“{quote.exact}”", _INDENT, total))
    how = ", ".join(
        filter(None, (*_how(event), *(getattr(event, name, None) for name in ("attribution", "credibility"))))
    )
    source = sources.get(getattr(event, "source", None) or "")
    cited = "" if source is None else "; ".join(filter(None, _cited(source)))
    if how or cited:
        lines.append(wrapped(" · ".join(filter(None, (how, cited))), _INDENT, total))
    by = f" by {safe(one.recorded_by)}" if one.recorded_by else ""
    few = borne_out is not None and sum(len(group.entries) for group in borne_out) <= 1
    doubted = borne_out is not None and len(borne_out) < NEEDED and says_confirmed(event)
    of_sources = f" · {'1 source' if borne_out else 'no source'}" if few and not doubted else ""
    lines.append(faint(f"{_INDENT}recorded {clock_words(one.recorded_at)}{by}{of_sources}"))
    for amendment in amended.get(one.entry, ()):
        observer = getattr(amendment.event, "observer", None)
        tells = isinstance(amendment.event, EntryCorrected | ConditionResolved)
        said = headline(amendment) if tells else amendment.text or getattr(amendment.event, "source", None)
        words = ": ".join(filter(None, (f"{did_of(amendment.type)} by e{amendment.entry}", observer, said)))
        lines.append(wrapped(words, _INDENT + "   ", total, _INDENT))
    if borne_out is not None and (doubted or not few):
        said = doubt_text(getattr(event, "credibility", ""), borne_out) if doubted else groups_text(borne_out)
        lines.append(wrapped(said, _INDENT + "   ", total, _INDENT))
    return lines


__all__ = ["agenda_text", "diff_text", "headline", "log_text", "when_text", "why_text"]
