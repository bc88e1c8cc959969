"""The tray: drafts that wait to be recorded together, in a file beside the ledger's views.

They are nobody's record yet: they can be edited and thrown away, and nothing of them is in the journal.  The file holds
a JSON object, `{"next": 3, "drafts": [{"id": 1, "draft": {…}, "why": null}]}`; `why` says why the ledger did not admit
the draft the last time.
"""

from __future__ import annotations

import io
import json
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any, Final

from ledger.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verbale.places import Location

_MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft that waits."""

    id: int
    draft: dict[str, Any]
    why: str | None = None
    """Why it was refused, where it was."""

    @property
    def source(self) -> str | None:
        """The document that it was marked in."""
        found = self.draft.get("source")
        return found if isinstance(found, str) else None


class Tray:
    """The drafts of one ledger.

    Args:
        path: the file; None where there is nowhere to keep one, and then nothing can wait.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    @classmethod
    def of(cls, place: Location) -> Tray:
        """Return the tray of a ledger."""
        views = place.views
        return cls(None if views is None else views.with_name(views.name.replace(".views.db", ".tray.json")))

    def waiting(self, source: str | None = None) -> list[Waiting]:
        """Return the drafts, in the order in which they came; of one source where it is named."""
        return [one for one in self._read()[1] if source is None or one.source == source]

    def get(self, number: int) -> Waiting | None:
        """Return one draft."""
        return next((one for one in self._read()[1] if one.id == number), None)

    def put(self, draft: dict[str, Any], number: int | None = None) -> int:
        """Lay a draft into the tray, in place of one where that is named; return its number.

        The same draft again, as a double click sends it, is the one that waits already.

        Raises:
            Refused: the tray is full, or cannot be kept.
        """
        with self._changing() as (following, drafts):
            places = [at for at, one in enumerate(drafts) if one.id == number]
            if places:
                drafts[places[0]] = Waiting(drafts[places[0]].id, draft)
                return drafts[places[0]].id
            same = next((one.id for one in drafts if one.draft == draft), None)
            if same is not None:
                return same
            if len(drafts) >= _MOST:
                raise Refused(f"{_MOST:,} drafts wait already", hint="record them, or take some out")
            drafts.append(Waiting(following, draft))
            return following

    def take(self, *numbers: int) -> None:
        """Take drafts out."""
        with self._changing() as (_, drafts):
            drafts[:] = [one for one in drafts if one.id not in numbers]

    def mark(self, refused: dict[int, str]) -> None:
        """Note of each draft why it was refused; of the others, that they were not."""
        with self._changing() as (_, drafts):
            drafts[:] = [Waiting(one.id, one.draft, refused.get(one.id)) for one in drafts]

    @contextmanager
    def _changing(self) -> Iterator[tuple[int, list[Waiting]]]:
        from filelock import FileLock

        if self._path is None:
            raise Refused("drafts cannot be kept here", hint="set XDG_CACHE_HOME to a folder that can be written to")
        with FileLock(f"{self._path}.lock"):
            following, drafts = self._read()
            yield following, drafts
            following = max([following, *(one.id + 1 for one in drafts)])
            part = self._path.with_name(f"{self._path.name}.part")
            kept = {"next": following, "drafts": [asdict(one) for one in drafts]}
            part.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
            part.replace(self._path)

    def _read(self) -> tuple[int, list[Waiting]]:
        if self._path is None or not self._path.exists():
            return 1, []
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            return int(kept["next"]), [Waiting(**one) for one in kept["drafts"]]
        except (OSError, ValueError, LookupError, TypeError) as error:
            hint = f"look into {self._path}, and move it away to begin with an empty tray"
            raise Refused(f"the tray cannot be read: {error}", hint=hint) from None


def dossier(some: list[Waiting]) -> IO[bytes]:
    """Return drafts as an open dossier, a line each."""
    return io.BytesIO(b"".join(json.dumps(one.draft, ensure_ascii=False).encode() + b"\n" for one in some))
