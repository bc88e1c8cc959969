"""Take the pictures of the README: `python -m tests.verbale.web.browser.pictures`, or `make pictures`.

They show the ceasefire dossier, and a text that stands below, at a desk of its own in a temporary folder.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from tests.verbale.doors import Clock
from tests.verbale.web.browser.driving import Reader, browsing, writing
from verbale import Ledger
from verbale.samples import sample_path

PICTURES: Final = Path(__file__).resolve().parents[4] / "docs" / "pictures"
_TEXT: Final = """The Ukrainian pullback from the Kursk region was in good order, by all reports.

President Volodymyr Zelenskyy stood by his generals. “The military command is doing what it should do – saving the \
maximum number of lives of our soldiers,” he said.

In Jeddah, Marco Rubio looked to Moscow. “We all eagerly await the Russian response,” he told reporters.
"""
"""What was said is in the dossier too; the words around it are ours."""


def main() -> None:
    """Take them."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ".verbale" / "ledger.db"
        Ledger.create(path)
        with Ledger(path, clock=Clock("2026-11-23T09:12:00Z")) as ledger:
            ledger.import_file(sample_path("ukraine-ceasefire-2025"))
        with browsing() as browser, writing(Path(folder)) as (desk, token), Reader(browser, desk) as reader:
            reader.open("/matrix?as_of=2025-03-11")
            reader.at("input[type=range][data-field=as_of]").press("ArrowRight")
            reader.at("#changes:not(:empty)").wait_for()
            reader.page.screenshot(path=PICTURES / "matrix.png")
            reader.open("/token")
            reader.at("input[name=token]").fill(token)
            reader.at("input[name=token]").press("Enter")
            reader.page.wait_for_url("**/code")
            reader.at("textarea[name=text]").fill(_TEXT)
            reader.at("input[name=title]").fill("Kursk and Jeddah, the day after")
            reader.at("input[name=published_at]").fill("2025-03-12")
            reader.at("input[name=title]").press("Enter")
            reader.page.wait_for_url("**/code/*")
            reader.at(".sentence").nth(2).press("Enter")
            reader.at("#form [name=issue]").fill("kursk-withdrawal")
            reader.at("#form [name=stance]").select_option("support")
            reader.page.evaluate("scrollTo(0, 0)")
            reader.page.screenshot(path=PICTURES / "code.png")


if __name__ == "__main__":
    main()
