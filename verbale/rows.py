"""Answers with many rows: streamed, listed, or handed on to a data frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from ledger.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pandas as pd
    import polars as pl

T_co = TypeVar("T_co", covariant=True)


class Rows(Sequence[T_co], Generic[T_co]):
    """The rows of an answer, in its order.

    Iterating asks the ledger and holds no row longer than you do; each time over, the answer is the same, since both
    clocks were read when the question was put.  Whatever needs all rows (`len`, an index, `==`) keeps them from then
    on.  They can be read while the ledger is open.

    Args:
        ask: returns the rows, each time anew.
        as_dict: returns a row as the JSON contract has it.
        kind: the `kind` of the answer there, which names the columns of one without rows.
    """

    def __init__(self, ask: Callable[[], Iterable[T_co]], as_dict: Callable[[Any], dict[str, Any]], kind: str) -> None:
        self._ask = ask
        self._as_dict = as_dict
        self._kind = kind
        self._kept: tuple[T_co, ...] | None = None

    def __iter__(self) -> Iterator[T_co]:
        """Yield the rows as they are read."""
        return iter(self._ask() if self._kept is None else self._kept)

    def _all(self) -> tuple[T_co, ...]:
        if self._kept is None:
            self._kept = tuple(self._ask())
        return self._kept

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._all())

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> list[T_co]: ...
    def __getitem__(self, index: int | slice) -> T_co | list[T_co]:
        """Return one of them, or some as a list."""
        found = self._all()[index]
        return list(found) if isinstance(index, slice) else found  # type: ignore[arg-type,return-value]

    def __eq__(self, other: object) -> bool:
        """Say whether another sequence holds the same rows."""
        return isinstance(other, Rows | list | tuple) and self._all() == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # rows hold lists

    def __repr__(self) -> str:
        """Return the kind, and how many there are where that is known."""
        count = "" if self._kept is None else f", {len(self._kept)}"
        return f"<Rows: {self._kind}{count}>"

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as `--json` prints them (`verbale help json`)."""
        return [self._as_dict(row) for row in self]

    def to_polars(self) -> pl.DataFrame:
        """Return the rows as a polars data frame; what is nested in the JSON is a list or struct.

        Raises:
            Refused: polars is not installed.
        """
        try:
            import polars as pl
        except ImportError:
            raise _missing("polars") from None
        rows = self.to_dicts()
        return pl.DataFrame(rows, schema=None if rows else self._columns(), infer_schema_length=None)

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a pandas data frame; what is nested in the JSON is an object.

        Raises:
            Refused: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise _missing("pandas") from None
        rows = self.to_dicts()
        return pd.DataFrame(rows, columns=None if rows else self._columns())

    def _columns(self) -> list[str]:
        from verbale.contract import columns_of

        return columns_of(self._kind)


def _missing(library: str) -> Refused:
    return Refused(f"{library} is not installed", hint=f"install it with: pip install 'verbale[{library}]'")
