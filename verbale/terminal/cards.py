"""One party, issue or source as text: all that is known of it beside positions."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Final

from ledger.entries.scales import UNRESOLVED
from verbale.terminal.positions import clocks_line
from verbale.terminal.style import columns, faint, pad, safe, strong, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from projections.clocks import Moment

_GAP: Final = 2
_ENTRIES: Final = 40
"""Entries that are named: all of them are in the JSON."""


def party_text(card: Mapping[str, Any], at: Moment, total: int) -> str:
    """Return what is known of a party."""
    names = [one for one in card["names"] if one["name"] not in (card["party"], card["name"])]
    links = {
        "merged into": [card["merged_into"]] if card["merged_into"] else [],
        "holds for": card["merged"],
        "also called": [_between(one["name"], one["from"], one["until"]) for one in names],
        "codes": [f"{scheme} {code}" for scheme, code in card["codes"].items()],
        "member of": card["coalitions"],
        "members": card["members"],
        "memberships": [_membership(one, card["party"]) for one in card["memberships"]],
        "succeeds": [_between(one["party"], one["from"], None) for one in card["succeeds"]],
        "succeeded by": [_between(one["party"], one["from"], None) for one in card["succeeded_by"]],
        "speakers": [_speaker(one) for one in card["speakers"]],
    }
    head = strong(f"{safe(card['name'])} ({card['party']}), {card['kind']}")
    more = f"Its positions: verbale show {card['party']}"
    if card["kind"] == UNRESOLVED and not card["merged_into"]:
        more += "\nNobody has identified it: verbale party review"
    return f"{clocks_line(at)}\n\n{head}  e{card['entry']}\n{_fields(links, total)}{faint(more)}\n"


def named_text(row: Mapping[str, Any], at: Moment, total: int) -> str:
    """Return who a name or a code leads to, and by what."""
    asked = f"{row['scheme']} {row['asked']}" if row["scheme"] else row["asked"]
    by, state = row["by"], row["state"]
    others = [
        _between(f"{one['party']} by its {one['what']}", one["from"], one["until"]) + f" (e{one['entry']})"
        for one in row["others"]
    ]
    facts = {
        "by": [_by(by, state)],
        "merged into": [f"{row['merged_into']} (e{row['merged_by']})"] if row["merged_into"] else [],
        "also": others,
        "close": [f"{one['party']} ({one['name']}): '{one['by']}' {one['why']}" for one in row["close"]],
    }
    safely = {name: [safe(text) for text in texts] for name, texts in facts.items()}
    head = f"{safe(asked)} is {strong(row['party'])} ({safe(row['name'])}), {row['party_kind']}"
    return f"{clocks_line(at)}\n\n{head}\n{_fields(safely, total)}{_apart(row, total)}"


def _apart(row: Mapping[str, Any], total: int) -> str:
    """Return what makes `record` and `show` take a name as an import does, where they do not."""
    state = row["state"]
    others = [one["party"] for one in row["others"] if not one["from"] and not one["until"]]
    if row["by"]["what"] != "state" or row["scheme"] or not others or state is None:
        return ""
    since = f" --from {state['from']}" if state["from"] and not state["until"] else ""
    until = f" --until {state['until']}" if state["until"] else ""
    command = f"verbale party alias {row['party']} {shlex.quote(row['asked'])}{since}{until}"
    words = f"An import takes the name so; record and show take it for {others[0]}, whose it is without dates, until:"
    return f"{wrapped(words, '', total)}\n  {safe(command)}\n"


def _by(by: Mapping[str, Any], state: Mapping[str, Any] | None) -> str:
    if by["what"] == "state" and state is not None:
        return _between(f"the list of states: {state['name']}", state["from"], state["until"])
    return _between(f"its {by['what']}", by["from"], by["until"]) + f" (e{by['entry']})"


def issue_text(card: Mapping[str, Any], at: Moment, total: int) -> str:
    """Return what is known of an issue."""
    closed = f"by e{card['closed_by']}" + (f", on {card['closed_on']}" if card["closed_on"] else "")
    facts = {
        "part of": [card["parent"]] if card["parent"] else [],
        "parts": card["parts"],
        "once worded": card["wordings"][:-1],
        "closed": [": ".join(filter(None, (closed, card["closed_because"])))] if card["closed_by"] else [],
    }
    head = f"{strong(card['issue'])}  e{card['entry']}\n{wrapped(card['proposition'], '   ', total)}"
    more = faint(f"The positions on it: verbale show {card['issue']}")
    return f"{clocks_line(at)}\n\n{head}\n{_fields(facts, total)}{more}\n"


def source_text(card: Mapping[str, Any], at: Moment, total: int) -> str:
    """Return what is known of a source, and what rests on it."""
    kept = "its document is kept here" if card["kept"] else "its document is not kept here"
    entries = [f"e{entry}" for entry in card["entries"][:_ENTRIES]]
    more = len(card["entries"]) - len(entries)
    facts = {
        "publisher": [card["publisher"]],
        "agency": [card["agency"]],
        "published": [card["published_at"]],
        "address": [card["url"]],
        "reliability": [card["reliability"]],
        "SHA-256": [card["sha256"] and f"{card['sha256']}, {kept}"],
        "of its text": [card["text_sha256"]],
        "status": [None if card["status"] == "counts" else card["status"]],
        "entries": [*entries, f"and {more:,} more" if more else None],
    }
    said = {name: [safe(text) for text in texts if text] for name, texts in facts.items()}
    head = f"{strong(card['source'])}  e{card['entry']}\n{wrapped(safe(card['title']), '   ', total)}"
    return f"{clocks_line(at)}\n\n{head}\n{_fields(said, total)}"


def _fields(facts: Mapping[str, Sequence[str]], total: int) -> str:
    known = {name: values for name, values in facts.items() if values}
    label = max(map(columns, known), default=0) + _GAP
    listed = {name: "; ".join(values) for name, values in known.items()}
    return "".join(wrapped(text, " " * label, total, pad(name, label)) + "\n" for name, text in listed.items())


def _between(what: str, since: str | None, until: str | None) -> str:
    return " ".join(filter(None, (what, since and f"from {since}", until and f"until {until}")))


def _membership(one: Mapping[str, Any], party: str) -> str:
    joined = one["type"] == "coalition-joined"
    dates = _between("", one.get("from"), None).strip() if joined else f"({one['until']})"
    whom = f"{'joined' if joined else 'left'} {one['coalition']}"
    who = whom if one["party"] == party else f"{one['party']} {whom}"
    return f"{who} {dates}".strip() + f" (e{one['entry']})"


def _speaker(one: Mapping[str, Any]) -> str:
    rank = None if one["rank"] is None else f"rank {one['rank']}"
    dates = _between("", one["from"], one["to"]).strip() or None
    return ", ".join(filter(None, (one["name"], one["role"], rank, dates)))
