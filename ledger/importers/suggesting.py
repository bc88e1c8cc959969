"""A mapping, drafted from the header and the first rows of a table: to be used as it is, or read and edited.

Everything that was told by looking is written down with what told it; what nothing tells is marked `EDIT`.  Nothing is
settled by a guess: a date that can be read in two ways gets both formats as comments, and its rows are refused until
one is chosen.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Final

from ledger.entries.scales import STANCES
from ledger.importers.header_words import STANCE_WORDS
from ledger.importers.spotting import MIDNIGHT, Column, Sample, sampled, separator_of, times_of
from ledger.importers.toml_words import comment, dataset, quoted, shell, stem

if TYPE_CHECKING:
    from collections.abc import Iterator

_OWN: Final = (
    "entry",
    "type",
    "party",
    "issue",
    "on",
    "recorded_at",
    "recorded_by",
    "text",
    "stance",
    "status",
    "target",
)
_LISTED: Final = 12
_SHORT: Final = 3


def suggestion(file: IO[bytes], name: str) -> str:
    """Return a mapping for a table, as a file in TOML.

    Args:
        file: the table.
        name: how the file is called.

    Raises:
        LedgerError: it cannot be read as a table, or has no rows to tell from.
    """
    sample = sampled(file, name)
    return "\n".join(_Draft(sample, name).lines()) + "\n"


class _Draft:
    """Writes the lines of a mapping, and knows which columns they use."""

    def __init__(self, sample: Sample, name: str) -> None:
        self._sample = sample
        self._name = name
        self._used: set[int] = set()

    def lines(self) -> Iterator[str]:
        """Yield the file."""
        own = tuple(column.name for column in self._sample.columns) == _OWN
        rows = list(self._of_our_own() if own else self._rows())
        mapping = f"{stem(self._name)}.toml"
        yield f"# What the rows of {comment(self._name)} are. Read it, edit what is marked EDIT, then try it:"
        yield f"#   verbale import {shell(self._name)} --mapping {shell(mapping)} --dry-run"
        yield "# A field is a text in which {column} stands for that cell; one whose cells are blank is left out."
        yield ""
        yield f"dataset = {quoted(dataset(self._name))}"
        if own:
            yield 'other_rows = "leave-out"  # registrations and amendments, and what was retracted'
        yield from self._table(own=own)
        yield from rows
        yield from self._columns()

    def _table(self, *, own: bool) -> Iterator[str]:
        sample, said = self._sample, []
        if not sample.charset.plain:
            words = ", ".join(comment(word) for word in sample.charset.words)
            how = f"  # a guess, by words such as {words}: are they right?" if sample.charset.guessed else ""
            said.append(f"encoding = {quoted(sample.charset.codec)}{how}")
        if len(sample.sheets) > 1:
            said.append(f"sheet = {quoted(sample.sheets[0])}  # of: {comment(', '.join(sample.sheets), 80)}")
        if own:
            said.append("formula_guard = true  # as our own CSV has it")
        if said:
            yield from ("", "[table]", *said)

    def _rows(self) -> Iterator[str]:
        has = self._has
        if has("stance") and (has("party") or has("speaker")):
            return self._statement()
        if has("url") or (has("title") and has("published")):
            return self._source()
        if has("name") and has("role"):
            return self._speaker()
        if has("bearing") or (has("party") and has("time")):
            return self._action()
        if has("iso3") or has("party_id"):
            return self._party()
        return self._statement()

    def _has(self, field: str) -> bool:
        return self._sample.column(field) is not None

    def _take(self, *fields: str) -> Column | None:
        column = self._sample.column(*fields, taken=self._used)
        if column is not None:
            self._used.add(column.at)
        return column

    def _source(self) -> Iterator[str]:
        yield from ("", "[row]", 'type = "source-registered"  # each row is a document')
        for field, names in (("title", ["title"]), ("url", ["url"]), ("publisher", ["publisher"])):
            yield from self._plain(field, *names)
        yield from self._time("published_at", "published", "time")
        yield from self._plain("reliability", "reliability")

    def _statement(self) -> Iterator[str]:
        party, stance = self._take("party"), self._take("stance")
        issue, time = self._take("issue"), self._sample.column("time", taken=self._used)
        yield from self._naming(issue)
        yield from ("", "[row]", 'type = "statement-made"  # each row is a party\'s words on an issue')
        yield _field("party", party, "EDIT: the column that says who took the position")
        if issue is None:
            yield 'issue = "EDIT"  # no column says what it is about: the id of an issue of the ledger'
        else:
            yield f"issue = {quoted(issue.reference)}"
        text = self._take("text")
        if text is None and party is not None and stance is not None:
            yield f"text = {quoted(f'{party.reference}: {stance.reference}')}"
        else:
            yield _field("text", text, "EDIT: what was said, or words made of columns")
        yield from self._plain("speaker", "speaker")
        yield from self._plain("quote", "quote")
        yield from self._list("to", "to")
        yield from self._list("on_behalf_of", "on_behalf_of")
        for field in ("act", "attribution", "credibility"):
            yield from self._plain(field, field)
        yield from self._list("conditions", "conditions")
        if time is None and self._sample.column("published", taken=self._used) is not None:
            yield from self._time("said_on", "published", keep=True)
        else:
            yield from self._time("said_on", "time", required=True)
        yield from self._stances("stance", stance)
        yield from self._beside()

    def _action(self) -> Iterator[str]:
        party, issue = self._take("party"), self._take("issue")
        yield from self._naming(issue)
        yield from ("", "[row]", 'type = "action-taken"  # each row is a party\'s deed that bears on an issue')
        yield _field("party", party, "EDIT: the column that says who did it")
        yield f"issue = {quoted(issue.reference)}" if issue else 'issue = "EDIT"  # the id of an issue of the ledger'
        text = self._take("text", "title")
        yield _field("text", text, "EDIT: what was done")
        yield from self._plain("place", "place")
        yield from self._list("to", "to")
        yield from self._time("occurred_on", "time", required=True)
        bearing = self._take("bearing")
        if bearing is not None:
            yield from self._stances("bearing", bearing)
        yield from self._beside()

    def _speaker(self) -> Iterator[str]:
        yield from ("", "[row]", 'type = "speaker-appointed"  # each row is a person in an office')
        for field, name in (("name", "name"), ("party", "party"), ("role", "role"), ("rank", "rank")):
            yield from self._plain(field, name)
        yield from self._time("from", "from")
        yield from self._time("to", "until")

    def _party(self) -> Iterator[str]:
        identifier = self._take("party_id")
        name = self._take("name")
        yield from ("", "[row]", 'type = "party-registered"  # each row is a party')
        yield _field("party", identifier or name, "EDIT: the column of its id")
        yield _field("name", name or identifier, "EDIT: the column of its name")
        kind = self._take("kind")
        if kind is None:
            yield 'kind = "state"  # EDIT: state, organisation, coalition, armed-group or other'
        else:
            yield f"kind = {quoted(kind.reference)}"
        yield from self._list("aliases", "aliases")
        codes = {code: column for code in ("iso3", "wikidata") if (column := self._sample.column(code)) is not None}
        if codes:
            self._used |= {column.at for column in codes.values()}
            yield from ("", "[row.codes]")
            yield from (f"{code} = {quoted(column.reference)}" for code, column in codes.items())

    def _of_our_own(self) -> Iterator[str]:
        """Write what `log --csv` prints; what was retracted is no row to record again."""
        self._used |= set(range(len(_OWN)))
        for kind, time, more in (
            ("statement-made", "said_on", "stance"),
            ("action-taken", "occurred_on", "bearing"),
            ("event-scheduled", "occurs_on", None),
        ):
            yield from ("", "[[row]]", f'when = {{ type = "{kind}", status = ["counts", "corrected", "disputed"] }}')
            yield f'type = "{kind}"'
            yield from ('party = "{party}"', 'issue = "{issue}"', 'text = "{text}"', f'{time} = "{{on}}"')
            if more is not None:
                yield f'{more} = "{{stance}}"'

    def _naming(self, issue: Column | None) -> Iterator[str]:
        """Write what becomes of names that the ledger does not know."""
        yield from (
            "",
            "[unknown]  # names that the ledger does not know: their rows are refused, or they are registered",
        )
        yield '# party = "register"  # states as states, others for later: verbale party list --unresolved'
        names = issue is not None and any(re.search(r"[^A-Za-z0-9._:/-]", word) for word in issue.words)
        if names:
            yield (
                f'issue = "register"  # {comment(issue.name)} holds no ids: each is opened, as a proposition'
                if issue
                else ""
            )
        else:
            yield '# issue = "register"  # its name is the proposition'

    def _beside(self) -> Iterator[str]:
        """Write where the row's source and its key stand."""
        url, title = self._take("url"), self._take("title")
        if url is not None or title is not None:
            yield from ("", "[row.source]  # the document it rests on, registered once for each url")
            yield from (f"title = {quoted(title.reference)}",) if title else ()
            yield from (f"url = {quoted(url.reference)}",) if url else ()
            yield from self._plain("publisher", "publisher")
            yield from self._time("published_at", "published")
            yield from self._plain("reliability", "reliability")
        key = self._take("id")
        if key is None:
            return
        if len(set(key.values)) < max(self._sample.rows, 1):
            self._used.discard(key.at)
            return
        yield from ("", "[row.origin]  # the row that an entry is made from", f"id = {quoted(key.reference)}")
        yield from self._plain("coder", "coder")
        yield '# columns = ["*"]  # keep, word for word, what nothing else is made of'

    def _plain(self, field: str, *names: str) -> Iterator[str]:
        column = self._take(*names)
        if column is not None:
            yield f"{field} = {quoted(column.reference)}"

    def _list(self, field: str, name: str) -> Iterator[str]:
        column = self._take(name)
        if column is None:
            return
        separator = separator_of(column)
        if separator is None:
            yield f"{field} = {quoted(column.reference)}"
        else:
            yield f'{field} = {{ from = {quoted(column.reference)}, separator = "{separator}" }}'

    def _time(self, field: str, *names: str, required: bool = False, keep: bool = False) -> Iterator[str]:
        column = self._sample.column(*names, taken=self._used)
        if column is None:
            if required:
                yield f'{field} = "EDIT"  # no column says when: a date for every row (2025-03-12), or a column'
            return
        if not keep:
            self._used.add(column.at)
        told = times_of(column)
        reference = quoted(column.reference)
        zone = ', zone = "+00:00"' if told.needs_zone else ""
        if told.unread is not None:
            yield f'{field} = {reference}  # EDIT: "{comment(told.unread)}" is no time; its row will be refused'
        elif len(told.formats) > 1:
            first = comment(column.words[0])
            yield f'# EDIT: "{first}" can be read in more than one way; choose, or its rows will be refused:'
            yield from (f"# {field} = {{ from = {reference}, date = {quoted(form)}{zone} }}" for form in told.formats)
            yield f"{field} = {reference}"
        elif told.needs_zone:
            date = f", date = {quoted(told.formats[0])}" if told.formats else ""
            yield "# EDIT: times without a zone: say where the clock hung (+03:00, Europe/Kyiv), or rows are refused:"
            yield f"# {field} = {{ from = {reference}{date}{zone} }}"
            yield f"{field} = {reference}"
        elif told.formats:
            why = f'  # told by "{comment(told.evidence)}"' if told.evidence else ""
            why = "  # each at midnight: they are days" if told.formats[0] in MIDNIGHT else why
            yield f"{field} = {{ from = {reference}, date = {quoted(told.formats[0])} }}{why}"
        else:
            yield f"{field} = {reference}"

    def _stances(self, field: str, column: Column | None) -> Iterator[str]:
        if column is None:
            yield f'{field} = "EDIT"  # one of: {", ".join(STANCES)}'
            return
        words = column.words
        if words and set(words) <= set(STANCES):
            yield f"{field} = {quoted(column.reference)}"
            return
        yield from ("", f"[row.{field}]", f"from = {quoted(column.reference)}", "", f"[row.{field}.values]")
        yield f"# {', '.join(STANCES)}"
        number = re.compile("[01]") if set(words) <= {"0", "1"} else None
        for word in words[:_LISTED]:
            key = word.casefold()
            stance = {"1": "support", "0": "oppose"}[word] if number else STANCE_WORDS.get(key)
            known = stance or (key if key in STANCES else None)
            if known is not None:
                yield f"{quoted(word)} = {quoted(known)}"
            else:
                yield f'# {quoted(word)} = ""  # EDIT: which of them is it? Its rows are refused until it is said'

    def _columns(self) -> Iterator[str]:
        """Write what is in the columns that nothing is made of."""
        left = [column for column in self._sample.columns if column.at not in self._used]
        if not left:
            return
        yield from ("", "# Nothing is made of these columns:")
        for column in left:
            shown = " · ".join(comment(word) for word in column.words[:_SHORT])
            yield f"#   {comment(column.reference)}  {shown or '(blank)'}".rstrip()


def _field(name: str, column: Column | None, otherwise: str) -> str:
    return f"{name} = {quoted(column.reference)}" if column is not None else f'{name} = "EDIT"  # {otherwise}'
