"""The dossiers that travel with the package."""

from __future__ import annotations

from pathlib import Path

from ledger.errors import UnknownName

_HERE = Path(__file__).parent


def _dossiers() -> Path:
    """Return where the dossiers lie: within the package, or beside it in a checkout."""
    installed = _HERE / "events" / "dossiers"
    return installed if installed.is_dir() else _HERE.parent / "events" / "dossiers"


def sample_names() -> list[str]:
    """Return the names of the dossiers."""
    return sorted(path.stem for path in _dossiers().glob("*.jsonl"))


def sample_path(name: str) -> Path:
    """Return the path of a dossier.

    Raises:
        UnknownName: there is none of this name.
    """
    path = _dossiers() / f"{name}.jsonl"
    if name not in sample_names():
        raise UnknownName(f"no sample '{name}'", hint=f"one of: {', '.join(sample_names())}")
    return path
