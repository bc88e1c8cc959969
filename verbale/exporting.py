"""The record as files for other engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import Refused
from verbale.opened import OpenLedger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from projections.exports.whole import ExportedTables


class Exports(OpenLedger):
    """What is taken along in columns."""

    def export_parquet(self, folder: Path, told: Callable[[str, int, int], None] | None = None) -> ExportedTables:
        """Write entries, positions, evidence and what the position rule needs as Parquet files, whole or not at all.

        What is sealed stays here.  The same journal gives the same bytes, by the same version of pyarrow.

        Args:
            folder: made; one file for each table (`projections.exports.tables`), and the rule as an SQL statement.
            told: called now and then with a table, how many of its rows are written, and about how many there are.

        Raises:
            Refused: pyarrow is not installed, something is there, or it cannot be written.
            VerificationFailed: the views are damaged.
        """
        from ledger.transparency.bundle import sink_at

        try:
            from projections.exports.whole import export
        except ImportError as error:
            if (error.name or "").partition(".")[0] != "pyarrow":
                raise
            raise Refused("pyarrow is not installed", hint="install it with: pip install 'verbale[parquet]'") from None
        if folder.suffix == ".zip":
            raise Refused(f"{folder} would be a zip, and an export is a folder", hint="name it without .zip")
        self.views.catch_up()
        with sink_at(folder) as sink:
            return export(self.views.db, self.journal, sink, told)
