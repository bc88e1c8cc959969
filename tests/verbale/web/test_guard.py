from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.verbale.web.asking import HOST, Visitor

if TYPE_CHECKING:
    from pathlib import Path

FOREIGN = ("evil.example", "evil.example:8642", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.evil.example:8642", "")


@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_host_is_misdirected(visitor: Visitor, host: str):
    """A name that leads here by another's DNS reads nothing, whatever the path."""
    for address in ("/matrix", "/matrix.json", "/static/desk.css", "/nothing"):
        got = visitor.get(address, host=host)
        assert got.status == 421
        assert b"ceasefire" not in got.body


@pytest.mark.parametrize("host", [HOST, "localhost:8642", "LOCALHOST:8642", "[::1]:8642"])
def test_this_machine_s_names_are_answered(visitor: Visitor, host: str):
    """Each name of this machine leads to the desk."""
    assert visitor.get("/matrix", host=host).status == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:8642", "http://127.0.0.1:1"])
def test_a_foreign_origin_is_refused(visitor: Visitor, origin: str):
    """A page of another site gets no answer, even with the right host."""
    assert visitor.get("/matrix", origin=origin).status == 403
    assert visitor.get("/matrix", origin=f"http://{HOST}").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nobody_writes_while_it_is_read_only(visitor: Visitor, method: str):
    """Whatever is not reading is refused."""
    assert visitor.get("/record", method=method).status in {403, 405}
    assert visitor.get("/record", method="POST").status == 403


def test_writing_takes_the_token_and_a_page_of_the_desk(sample_folder: Path):
    """The cookie of another desk, none, or a request that another site's page began, is refused."""
    found = Visitor(sample_folder / ".verbale" / "ledger.db", token="right")  # noqa: S106  of this test alone
    with closing(found.desk):
        assert found.get("/record", method="POST").status == 403
        assert found.get("/record", method="POST", cookie="verbale-desk=wrong").status == 403
        assert found.get("/record", method="POST", cookie="verbale-desk=right").status not in {403, 421}
        crossed = found.get("/record", method="POST", cookie="verbale-desk=right", sec_fetch_site="cross-site")
        assert crossed.status == 403


def test_a_browser_is_told_on_a_page_why_it_may_not_write(visitor: Visitor, sample_folder: Path):
    """With the way on; another site's page, and a program, get one line."""
    got = visitor.get("/code", method="POST", accept="text/html,*/*")
    assert got.status == 403
    assert "<h1><bdi>This desk is read-only" in got.text
    with closing((found := Visitor(sample_folder / ".verbale" / "ledger.db", token="right")).desk):  # noqa: S106  of this test alone
        got = found.get("/code", method="POST", accept="text/html,*/*")
        assert got.status == 403
        assert got.headers["content-type"].startswith("text/html")
        assert 'href="/token"' in got.text
        assert "default-src 'none'" in got.headers["content-security-policy"]
        assert "<" not in found.get("/code", method="POST").text
        assert "<" not in found.get("/code", method="POST", accept="text/html", sec_fetch_site="cross-site").text


@pytest.mark.parametrize("address", ["/matrix", "/matrix.json", "/static/desk.js", "/nothing", "/why/XXX/yyy"])
def test_every_answer_says_what_a_browser_may_do(visitor: Visitor, address: str):
    """No inline script or style, nothing from elsewhere, no framing, no sniffing: on errors too."""
    policy = visitor.get(address).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert visitor.get(address, host="evil").headers["x-content-type-options"] == "nosniff"
