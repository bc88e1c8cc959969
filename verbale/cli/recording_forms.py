"""`record statement` without a field: on a terminal, a form in an editor; anywhere, a form that was kept (`--from`)."""

from __future__ import annotations

import inspect
import sys
import tempfile
from dataclasses import fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from ledger.errors import LedgerError, Refused, Unparsable
from verbale.cli.layout import OneCommand
from verbale.cli.options import Recording

if TYPE_CHECKING:
    from collections.abc import Callable

_FROM: Final = "--from"
_TAKES_A_VALUE: Final = frozenset({"--ledger", "--by", "--output", "-o", _FROM})
_FLAGS: Final = frozenset({"--json", "--quiet", "-q"})


FormFile = Annotated[
    Path | None,
    typer.Option(_FROM, metavar="FILE", help="A form that was kept; on a terminal it is opened again."),
]


def formed(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the option `--from`, of which `FormCommand` takes care."""

    @wraps(command)
    def wrapped(*, form: Path | None, **given: object) -> None:  # noqa: ARG001  it is None when this is called
        command(**given)

    option = inspect.Parameter("form", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=FormFile)
    own = inspect.signature(command)
    wrapped.__signature__ = own.replace(parameters=[*own.parameters.values(), option])  # type: ignore[attr-defined]
    wrapped.__annotations__ = {**command.__annotations__, "form": FormFile}
    return wrapped


class FormCommand(OneCommand):
    """A command whose fields can be given in a form."""

    _wanted = False

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  Typer keeps its context to itself
        """Ask for the fields, unless they are to come from a form."""
        kept = any(word == _FROM or word.startswith(f"{_FROM}=") for word in args)
        if kept and not _names_no_field(args):
            raise Unparsable(f"{_FROM} goes without other fields", hint=f"see: {ctx.command_path} --help")
        self._wanted = kept or (_names_no_field(args) and _interactive())
        if self._wanted:
            for parameter in self.params:
                parameter.required = False
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  likewise
        """Record what the fields say, or the form."""
        if not self._wanted:
            return super().invoke(ctx)
        given = ctx.params
        asked = Recording(**{field.name: given[field.name] for field in fields(Recording)})
        asked.output = None if asked.output is None else Path(asked.output)
        return _record_form(asked, self.name or "", None if given["form"] is None else Path(given["form"]))


def without_a_kind() -> None:
    """Open a form for words, which are most of what is recorded; where nobody can fill one in, say what is missing."""
    if not _interactive():
        kinds = "verbale record statement, action or scheduled"
        raise Unparsable("it is not said what to record", hint=f"{kinds}; see: verbale record --help")
    _record_form(Recording(), "statement", None)


def _names_no_field(args: list[str]) -> bool:
    """Say whether there are none but the shared options."""
    words = iter(args)
    for word in words:
        name, equals, _ = word.partition("=")
        if name in _TAKES_A_VALUE:
            if not equals:
                next(words, None)
        elif word not in _FLAGS:
            return False
    return True


def _interactive() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _record_form(asked: Recording, kind: str, kept: Path | None) -> None:
    from verbale.cli.forms import blank_form, edit, read_form
    from verbale.cli.output import tell
    from verbale.cli.telling import record

    if kept is None:
        with asked.open() as ledger:
            blank = blank_form(kind, ledger)
        with tempfile.NamedTemporaryFile(
            "w", prefix=f"{kind}-", suffix=".form", delete=False, encoding="utf-8"
        ) as file:
            file.write(blank)
        path = Path(file.name)
    else:
        path, blank = kept, None
    try:
        if kept is None or _interactive():
            edit(path)
        text = _text(path)
        draft = read_form(text, kind)
        if text != blank and len(draft) > 1:
            record(asked, draft)
    except LedgerError as error:
        way = f"what you typed is kept; mend it with: verbale record {kind} {_FROM} {path}"
        error.hint = f"{error.hint}; {way}" if error.hint else way
        raise
    if kept is None:
        path.unlink()
    elif draft.get("sealed"):
        tell(f"{path} still holds what is sealed: delete it when you need it no more.", quiet=asked.quiet)
    if text == blank or len(draft) == 1:
        state = "unchanged" if text == blank else "empty"
        raise Refused(f"the form was left {state}; nothing was recorded", hint="fill it in, or give the fields")


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise Refused(f"cannot read {path}: {error.strerror}", hint="--from names a form") from None
    except UnicodeDecodeError as error:
        raise Refused(f"{path} is not UTF-8 at byte {error.start + 1}", hint="save it as UTF-8") from None
