"""The pages with Python are real: their examples run, one after the other, and print what stands below each."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parents[1] / "docs"


@pytest.mark.parametrize("page", ["python.md", "scale.md"])
def test_the_examples_print_what_the_page_says(page: str, tmp_path: Path) -> None:
    """All examples of a page, run as one program in an empty folder, print all that the page shows."""
    text = (PAGES / page).read_text(encoding="utf-8")
    fences = re.findall(r"^```(python|text)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    program = "".join(body for language, body in fences if language == "python")
    command = [sys.executable, "-W", "error", "-X", "utf8", "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "".join(body for language, body in fences if language == "text")
