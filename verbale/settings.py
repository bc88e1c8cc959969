"""What is settled: by an option, the environment, the project's configuration, the user's, or a default.

The configuration is TOML with these keys, all optional:

    ledger = "positions.db"     # where the ledger is, while no nearer one is found
    by = "anna"                 # who records: a claim kept with every entry
    rule = "latest/1"           # the position rule
    limit = 50                  # rows shown to people; --json, --jsonl and --csv give all of them

An option wins over the environment, that over the project's file, that over the user's; the nearest `.verbale/` upwards
that holds a ledger wins over the user's `ledger`.

The project's lies in `.verbale/config.toml`, in the nearest folder upwards that has one, and a relative `ledger` in it
starts from that folder.  The user's lies in `$XDG_CONFIG_HOME/verbale/config.toml`, else `~/.config/verbale/`; on
Windows in `%APPDATA%`.  Who records never comes from the operating system.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

from ledger.errors import Refused, UnknownName, Unparsable
from verbale.places import FOLDER, nearest_place

CONFIG: Final = "config.toml"
Value: TypeAlias = str | int
Origin = Literal["option", "environment", "project", "nearest", "user", "default"]

KEYS: Final[dict[str, type[str | int]]] = {"ledger": str, "by": str, "rule": str, "limit": int}
ENVIRONMENT: Final = {"ledger": "VERBALE_LEDGER", "by": "VERBALE_BY"}
DEFAULTS: Final[dict[str, Value]] = {"rule": "latest/1"}
_WHERE: Final = re.compile(r"\(at line (\d+), column \d+\)")


class Setting(NamedTuple):
    """What one key comes to, and why."""

    key: str
    value: Value | None
    origin: Origin
    where: str | None = None
    """The file or the variable that says so."""


def user_file() -> Path:
    """Return where the user's configuration lies, there or not."""
    if os.name == "nt" and (roaming := os.environ.get("APPDATA")):
        return Path(roaming) / "verbale" / CONFIG
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "verbale" / CONFIG


def project_folder() -> Path | None:
    """Return the nearest folder upwards that has a `.verbale/`."""
    here = Path.cwd()
    with suppress(PermissionError):  # of a folder above that is not ours to look into
        return next((folder for folder in (here, *here.parents) if (folder / FOLDER).is_dir()), None)
    return None


def project_file() -> Path | None:
    """Return where the project's configuration lies, there or not; None outside of any project."""
    folder = project_folder()
    return None if folder is None else folder / FOLDER / CONFIG


def setting(key: str, said: Value | None = None) -> Setting:
    """Return what a key comes to.

    Args:
        key: one of `KEYS`.
        said: what an option said.

    Raises:
        Unparsable: a configuration file holds something else than settings.
    """
    if said is not None:
        return Setting(key, said, "option")
    variable = ENVIRONMENT.get(key)
    if variable is not None and os.environ.get(variable):
        return Setting(key, os.environ[variable], "environment", variable)
    return (
        _configured(key, project_file(), "project")
        or (_nearest() if key == "ledger" else None)
        or _configured(key, user_file(), "user")
        or Setting(key, DEFAULTS.get(key), "default")
    )


def _configured(key: str, path: Path | None, origin: Origin) -> Setting | None:
    found = {} if path is None else read(path)
    if path is None or key not in found:
        return None
    value = _placed(found[key], path, origin) if key == "ledger" else found[key]
    return Setting(key, value, origin, str(path))


def _nearest() -> Setting | None:
    """Return the nearest ledger upwards: it wins over what the user has settled for everywhere."""
    with suppress(Refused, PermissionError):
        return Setting("ledger", str(nearest_place(Path.cwd())), "nearest")
    return None


def _placed(value: Value, path: Path, origin: Origin) -> str:
    """Return a ledger's place as seen from here."""
    said = str(value)
    if "://" in said:
        return said
    base = path.parent.parent if origin == "project" else path.parent
    return str(base / Path(said).expanduser())


def read(path: Path) -> dict[str, Value]:
    """Return the settings of a file; none where there is no file, or none that is for us to read.

    Raises:
        Unparsable: it does not parse, or says what nothing here understands.
        Refused: it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return {}
    except OSError as error:
        raise Refused(f"cannot read {path}: {error.strerror}", hint="it is Verbale's configuration") from None
    except UnicodeDecodeError:
        raise Unparsable(f"{path} is not UTF-8", hint="it is Verbale's configuration, in TOML") from None
    return parse(text, path)


def parse(text: str, path: Path) -> dict[str, Value]:
    """Return the settings that a text holds; `path` is named in what is wrong with it.

    Raises:
        Unparsable: it does not parse, or says what nothing here understands.
    """
    import tomllib

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _WHERE.search(str(error))
        line = at[1] if at else str(text.count("\n") + 1)
        raise Unparsable(f"{path}, line {line}: {_WHERE.sub('', str(error)).strip()}", hint=_LIKE) from None
    for key, value in found.items():
        try:
            check(key, value)
        except (Unparsable, UnknownName) as error:
            raise Unparsable(f"{path}, line {_line_of(key, text)}: {error.message}", hint=error.hint) from None
    return found


_LIKE: Final = 'a setting is a line such as: by = "anna"'


def check(key: str, value: object) -> None:
    """Refuse what is no setting.

    Raises:
        UnknownName: there is no such key.
        Unparsable: the value is not of its kind.
    """
    if key not in KEYS:
        raise UnknownName(f"no setting '{key}'", hint=f"one of: {', '.join(KEYS)}")
    if type(value) is not KEYS[key] or (key == "limit" and isinstance(value, int) and value < 1):
        wanted = "a whole number from 1" if KEYS[key] is int else "a text in quotation marks"
        raise Unparsable(f"{key} is {json.dumps(value, default=str)}", hint=f"{key} takes {wanted}")


def _line_of(key: str, text: str) -> int:
    found = _assignment(key).search(text) or re.search(re.escape(key), text)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _assignment(key: str) -> re.Pattern[str]:
    return re.compile(rf"""^[ \t]*["']?{re.escape(key)}["']?[ \t]*=.*(?:\n|\Z)""", re.MULTILINE)


def write(path: Path, key: str, value: Value | None) -> None:
    """Put a setting into a file, or take it out; every other line stays as it is.

    Raises:
        UnknownName, Unparsable: it is no setting, or the file holds something else.
        Refused: the file cannot be written, or not line by line.
    """
    before = read(path)
    if value is not None or key not in KEYS:
        check(key, value)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    line = "" if value is None else f"{key} = {json.dumps(value, ensure_ascii=False)}\n"
    after, replaced = _assignment(key).subn(lambda _: line, text, count=1)
    if not replaced:
        after = f"{text}\n{line}" if text and not text.endswith("\n") else f"{text}{line}"
    wanted = {**before, key: value} if value is not None else {k: v for k, v in before.items() if k != key}
    try:
        whole = parse(after, path) == wanted
    except Unparsable:
        whole = False
    if not whole:
        raise Refused(f"{path} sets {key} over several lines", hint="edit it by hand")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(after, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Refused(f"cannot write {path}: {error.strerror}", hint="see: verbale config path") from None
