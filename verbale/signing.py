"""Signing keys: one file each, in the user's configuration and never beside a ledger, readable by nobody else.

    $XDG_CONFIG_HOME/verbale/keys/NAME+ID.key      PRIVATE+KEY+NAME+ID+KEY (`ledger.transparency.keys`), mode 0600

In the file's name, what is not a letter, a digit, `.` or `-` in NAME is written `_`.  A ledger knows its key by the
verifier key alone; who has no such file is not its signer.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.errors import Refused, UnknownName, Unparsable
from ledger.stores.durable import sync_names
from verbale.settings import user_file

if TYPE_CHECKING:
    from ledger.transparency.keys import SigningKey, VerifierKey

FOLDER: Final = "keys"
SUFFIX: Final = ".key"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_ONE_LINE: Final = "it holds one line of text, and verbale makes it"
_PLAIN: Final = re.compile(r"[^A-Za-z0-9.-]")


def keys_folder() -> Path:
    """Return the folder of this user's keys, there or not."""
    return user_file().parent / FOLDER


def key_file(key: VerifierKey) -> Path:
    """Return where the signing key that belongs to a verifier key lies, on the signer's machine."""
    return keys_folder() / f"{_PLAIN.sub('_', key.name)}+{key.key_id.hex()}{SUFFIX}"


def make_key(name: str, kind: int, path: Path | None = None) -> SigningKey:
    """Make a signing key and keep it.

    Args:
        name: what the key is called; for a ledger's, the origin of its checkpoints.
        kind: `LOG` or `COSIGNER` of `ledger.transparency.keys`.
        path: the file to make; None is the user's own place.

    Raises:
        Unparsable: no key can have that name.
        Refused: the file is there already, or cannot be made.
    """
    from ledger.transparency.keys import generate

    key = generate(name, kind)
    file = path or key_file(key.verifier)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_alone(file, key.format() + "\n")
        sync_names(file.parent)
    except OSError as error:
        raise Refused(f"cannot make the key {file}: {error.strerror}", hint="name another with --key FILE") from None
    return key


def _write_alone(file: Path, text: str) -> None:
    """Write a new file that only its owner can read, whole or not at all."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as opened:  # noqa: PTH123  a descriptor
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
    except OSError:
        file.unlink()
        raise


def read_key(path: Path) -> SigningKey:
    """Return the signing key that a file holds.

    Raises:
        UnknownName: there is no such file.
        Refused: others can read it, or nobody can.
        Unparsable: it holds none; the message does not show it.
    """
    from ledger.transparency.keys import SigningKey

    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise Refused(f"{path} is no file of a key", hint=_ONE_LINE)
        if os.name == "posix" and mode & _OTHERS:
            raise Refused(f"{path} can be read by others than its owner", hint=f"chmod 600 {path}")
        return SigningKey.parse(path.read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        raise UnknownName(f"no key at {path}", hint="the signer's machine has it") from None
    except OSError as error:
        raise Refused(f"cannot read the key {path}: {error.strerror}", hint=_ONE_LINE) from None
    except UnicodeDecodeError as error:
        raise Unparsable(f"{path} holds no key: it is not UTF-8, at byte {error.start}", hint=_ONE_LINE) from None


def signer_of(key: VerifierKey, path: Path | None = None) -> SigningKey:
    """Return the signing key that belongs to a verifier key, where this machine has it.

    Args:
        key: whose.
        path: the file that holds it; None is the user's own place.

    Raises:
        Refused: this machine is not the signer.
    """
    file = path or key_file(key)
    if path is None and not file.exists():
        hint = "checkpoints are signed where the ledger was made; or name its key with --key FILE"
        raise Refused(f"this machine is not the signer: it has no key of {key.name}+{key.key_id.hex()}", hint=hint)
    found = read_key(file)
    if found.verifier != key:
        theirs = found.verifier
        message = f"{file} holds the key {theirs.name}+{theirs.key_id.hex()}, not {key.name}+{key.key_id.hex()}"
        raise Refused(message, hint="a new key is made with: verbale key add")
    return found


def origin_of(name: str) -> str:
    """Return an origin for a new ledger: unlike any other, since ledgers share names."""
    return f"verbale/{name}-{secrets.token_hex(4)}"


def ledger_key(origin: str, path: Path | None = None) -> SigningKey:
    """Return the key of a file that is there, else a new one.

    Raises:
        Refused: the file holds the key of another ledger, or none can be made.
    """
    from ledger.transparency.keys import LOG

    if path is None or not path.exists():
        return make_key(origin, LOG, path)
    found = read_key(path)
    if found.kind != LOG or found.name != origin:
        hint = f"say --origin {found.name}" if found.kind == LOG else "a ledger has a key of its own"
        raise Refused(f"{path} holds a key of {found.name}, not of {origin}", hint=hint)
    return found


def cosigner_named(said: str) -> SigningKey:
    """Return a witness's key: the file that is named, else that of this user's whose verifier key or name is given.

    Raises:
        UnknownName: there is none, or there are several of that name.
    """
    from ledger.transparency.keys import COSIGNER

    if Path(said).is_file():
        return read_key(Path(said))
    named = f"{_PLAIN.sub('_', said.partition('+')[0])}+"
    mine = [read_key(file) for file in _files_of_keys() if file.name.startswith(named)]
    found = [key for key in mine if key.kind == COSIGNER and said in (key.name, key.verifier.format())]
    if len(found) > 1:
        ids = ", ".join(key.verifier.key_id.hex() for key in found)
        hint = "name the file, or give the whole verifier key that verbale witness init printed"
        raise UnknownName(f"{len(found)} keys of a witness '{said}' are here, with the ids {ids}", hint=hint)
    if not found:
        raise UnknownName(f"no key of a witness '{said}' here", hint="make one with: verbale witness init NAME")
    return found[0]


def _files_of_keys() -> list[Path]:
    return sorted(keys_folder().glob(f"*{SUFFIX}"))


def memory_file(key: VerifierKey) -> Path:
    """Return where a witness remembers what it cosigned."""
    return keys_folder().parent / "witness" / f"{_PLAIN.sub('_', key.name)}+{key.key_id.hex()}.json"
