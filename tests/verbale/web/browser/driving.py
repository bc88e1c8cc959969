"""Chromium, driven by playwright, and a desk of its own process for it to read.

The browser is Debian's, or what `VERBALE_CHROMIUM` names.  A reader complains of whatever a person would not see and a
page must not do: errors on the console (blocked by the policy among them), dialogs, requests to anywhere else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Literal, Self

    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Locator, Page, Request, Response

    Scheme = Literal["light", "dark"]

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_SERVE: Final = "from verbale.cli import main; main()"
_POLICY: Final = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`the policy blocked ${event.violatedDirective} ${event.blockedURI}`));
"""
_GRAVE: Final = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => `${one.id}: ${one.help} (${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")})`)"""
_UNHEALTHY: Final = frozenset({"error", "warning"})


class NoBrowser(Exception):
    """No browser can be had here."""


@contextmanager
def browsing() -> Iterator[Browser]:
    """Yield a browser that is gone afterwards.

    Raises:
        NoBrowser: there is none, or it does not start.
    """
    found = os.environ.get("VERBALE_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise NoBrowser("install chromium, or name one in VERBALE_CHROMIUM")
    as_root = os.name == "posix" and os.geteuid() == 0  # whom its sandbox refuses
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"] if as_root else [])
        except Error as error:
            raise NoBrowser(f"{found} does not start: {error.message}") from None
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def serving(ledger: Path) -> Iterator[str]:
    """Yield the address of a desk, `http://127.0.0.1:PORT`, that `verbale serve` opens on a free port."""
    command = [sys.executable, "-c", _SERVE, "serve", "--quiet", "--port", "0", "--ledger", str(ledger)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        try:
            first = process.stdout.readline().strip()
            assert first.endswith("/matrix"), "verbale serve did not start"
            yield first.removesuffix("/matrix")
        finally:
            process.terminate()


@contextmanager
def writing(ledger: Path, by: str = "anna") -> Iterator[tuple[str, str]]:
    """Yield the address of a desk that takes entries, and the token it printed."""
    command = [sys.executable, "-c", _SERVE, "serve", "--quiet", "--port", "0", "--ledger", str(ledger)]
    command += ["--allow-write", "--by", by]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8") as process:
        assert process.stdout is not None
        try:
            first, second = process.stdout.readline().strip(), process.stdout.readline().strip()
            assert first.endswith("/matrix"), "verbale serve did not start"
            yield first.removesuffix("/matrix"), second.rpartition(" ")[2]
        finally:
            process.terminate()


class Reader:
    """Somebody who reads pages.

    Args:
        browser: what with.
        desk: where they are.
        width: of the window, in pixels.
        scheme: whether the room is light or dark.
    """

    def __init__(self, browser: Browser, desk: str, width: int = 1280, scheme: Scheme = "light") -> None:
        self.desk = desk
        self.complaints: list[str] = []
        self._context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self._context.set_default_timeout(15_000)
        self._context.add_init_script(_POLICY)
        self.page: Page = self._context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("dialog", self._dialog)
        self.page.on("request", self._request)

    def __enter__(self) -> Self:
        """Use it as a context manager."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the window."""
        self._context.close()

    def open(self, address: str) -> Response:
        """Go to an address of the desk; its script has run then."""
        answer = self.page.goto(self.desk + address)
        assert answer is not None
        return answer

    def at(self, selector: str) -> Locator:
        """Return what is there."""
        return self.page.locator(selector)

    @property
    def address(self) -> str:
        """Where the reader is, on the desk."""
        return self.page.url.removeprefix(self.desk)

    @property
    def cut(self) -> int:
        """How many pixels of what the page holds are cut off at its edge."""
        return int(self.page.evaluate("(main => main.scrollWidth - main.clientWidth)(document.querySelector('main'))"))

    @property
    def cookies(self) -> dict[str, str]:
        """What the desk has let the browser keep."""
        return {one["name"]: one["value"] for one in self.page.context.cookies()}

    @property
    def grave(self) -> list[str]:
        """What axe-core, which is evaluated beside the page and not in it, finds serious or critical."""
        self.page.evaluate(AXE_SCRIPT)
        return list(self.page.evaluate(_GRAVE))

    @property
    def overhang(self) -> int:
        """By how many pixels the page is wider than the window."""
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(wide))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in _UNHEALTHY:
            self.complaints.append(f"{message.type}: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if f"{address.scheme}://{address.netloc}" != self.desk and address.scheme != "data":
            self.complaints.append(f"asked elsewhere: {request.url}")


def come_in(reader: Reader, token: str) -> None:
    """Tell the desk its token."""
    reader.open("/token")
    reader.at("input[name=token]").fill(token)
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/code")


def stance(reader: Reader, cell: str, **moment: str) -> str | None:
    """Return what the matrix says in a cell."""
    reader.open("/matrix?" + "&".join(f"{name}={value}" for name, value in moment.items()))
    found = reader.at(f"[data-cell='{cell}']")
    return found.get_attribute("data-words") if found.count() else None
