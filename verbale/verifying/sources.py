"""Sources: the bytes that are kept hash to what was registered, and so does their text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.errors import Refused
from ledger.texts import text_sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.snapshots import Snapshots
    from verbale.verifying.lines import Document
    from verbale.verifying.report import Report

CHECK: Final = "sources"


def check(snapshots: Snapshots, documents: Mapping[int, Document], report: Report) -> None:
    """Hash every document that is kept.

    Args:
        snapshots: where the bytes lie.
        documents: by the entry that registers it, what each source has been said to hash to.
        report: takes what is found.
    """
    whole = absent = 0
    bare = sum(not one.sha256 for one in documents.values())
    for number, (entry, said) in enumerate(documents.items(), start=1):
        report.tell("sources hashed", number, len(documents))
        for sha256 in sorted(said.sha256):
            try:
                document = snapshots.document(sha256)
            except Refused as error:
                report.bad(CHECK, entry, f"the source that e{entry} registers: {error.message}")
                continue
            except OSError as error:
                report.bad(CHECK, entry, f"the source that e{entry} registers cannot be read: {error.strerror}")
                continue
            if document is None:
                absent += 1
            elif said.text_sha256 and len(said.sha256) == 1 and _text_hash(document) not in said.text_sha256:
                report.bad(CHECK, entry, f"the text of the source that e{entry} registers is not what was hashed")
            else:
                whole += 1
    if whole:
        report.looked(CHECK, f"the bytes of {whole:,} hash to what was registered")
    if absent:
        report.left(CHECK, f"the bytes of {absent:,} are not kept here")
    if bare:
        report.left(CHECK, f"{bare:,} were registered without a hash")


def _text_hash(document: bytes) -> str | None:
    try:
        return text_sha256_of(document)
    except Refused:
        return None
