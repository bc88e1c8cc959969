"""What somebody would try who wants in: other names, other sites, other paths, forms that no browser sends."""

from __future__ import annotations

import json
import shutil
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from projections.json_rows import dumped
from tests.verbale.web.asking import HOST, LEAVES, Visitor
from verbale import Ledger
from verbale.web.writing import LARGEST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "right"  # noqa: S105  of this test alone
PLAIN = "application/x-www-form-urlencoded"
OURS = {"cookie": f"verbale-desk={TOKEN}", "origin": f"http://{HOST}", "content_type": PLAIN}


@pytest.fixture
def writable(sample_folder: Path, tmp_path: Path) -> Iterator[Visitor]:
    """Ask a desk that takes entries."""
    shutil.copytree(sample_folder / ".verbale", tmp_path / ".verbale")
    found = Visitor(tmp_path / ".verbale" / "ledger.db", token=TOKEN)
    with closing(found.desk):
        yield found


def posted(visitor: Visitor, address: str, body: str = "source=x", **headers: str) -> int:
    """Send a form, and return the status of the answer."""
    given = {**OURS, "content_length": str(len(body)), **headers}
    return visitor.get(address, "POST", body=body.encode(), **given).status


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1.:8642",
        "localhost.:8642",
        "127.1:8642",
        "0.0.0.0:8642",
        "2130706433:8642",
        "[::ffff:127.0.0.1]:8642",
        "127.0.0.1:8642@evil.example",
        "evil.example@127.0.0.1:8642",
        "127.0.0.1:8642,evil.example",
        "127.0.0.1:08642",
        "localhost:8642.evil.example",
        "\u212bocalhost:8642",
    ],
)
def test_no_other_spelling_of_a_host_is_answered(visitor: Visitor, host: str):
    """A name is this machine's to the letter, or somebody else's."""
    assert visitor.get("/matrix", host=host).status == 421


def test_an_address_that_brings_a_host_of_its_own_is_misdirected(visitor: Visitor):
    """`GET http://evil.example/matrix` is a request to a proxy, and the desk is none."""
    assert visitor.get("http://evil.example/matrix").status == 421
    assert visitor.get("*", method="OPTIONS").status == 421


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("mode", ["no-cors", "cors", "websocket"])
def test_nothing_of_the_desk_is_fetched_by_other_sites(visitor: Visitor, site: str, mode: str):
    """As a picture or a script it would tell whether something is there, or have bundles made; a link may lead here."""
    for address in ("/matrix", "/static/desk.js", "/audit/bundle.zip", "/log.json"):
        assert visitor.get(address, sec_fetch_site=site, sec_fetch_mode=mode).status == 403
    linked = visitor.get("/matrix", sec_fetch_site=site, sec_fetch_mode="navigate", sec_fetch_dest="document")
    assert linked.status == 200
    framed = visitor.get("/matrix", sec_fetch_site=site, sec_fetch_mode="navigate", sec_fetch_dest="iframe")
    assert framed.status == 403


def test_one_of_two_headers_is_not_enough(writable: Visitor):
    """Whoever says twice where a request comes from is believed the worse."""
    assert posted(writable, "/tray", sec_fetch_site="same-origin, cross-site") == 403
    assert posted(writable, "/tray", sec_fetch_site="same-origin\ncross-site") == 403
    assert writable.get("/matrix", host=f"{HOST}\nevil.example").status == 421
    assert writable.get("/matrix", origin=f"http://{HOST}\nhttp://evil.example").status == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "text/xml", ""])
def test_only_a_form_is_a_form(writable: Visitor, kind: str):
    """Another site's page can send text/plain without being asked first; no form of the desk is that."""
    assert posted(writable, "/tray", content_type=kind) == 415


@pytest.mark.parametrize("length", ["", "abc", "-1", "1e3", "٣", "9" * 5000, str(LARGEST + 1)])
def test_a_form_says_how_long_it_is(writable: Visitor, length: str):
    """Twenty megabytes at most, and nothing that is read before one knows."""
    assert posted(writable, "/code", content_length=length) in {400, 411, 413}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", "--x\r\nbroken"),
        ("multipart/form-data; boundary=x", "--x\r\nbroken"),
        ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--\r\n"),
        ("multipart/form-data; boundary=" + "x" * 5000, "--x"),
        (PLAIN, "&".join(f"a{number}=1" for number in range(10_000))),
        (PLAIN, "text=%ff%fe&title=%00"),
    ],
)
def test_a_form_that_no_browser_sends_is_refused(writable: Visitor, kind: str, body: str):
    """It is somebody's mistake, and not the desk's."""
    assert posted(writable, "/code", body, content_type=kind) == 400


@pytest.mark.parametrize("kind", [PLAIN, "multipart/form-data; boundary=x"])
def test_who_goes_away_in_the_middle_is_nobody_s_error(writable: Visitor, kind: str):
    """Nothing is recorded, and nothing is told on the terminal."""
    body = "--x\r\n" + LEAVES.decode()
    assert posted(writable, "/code", body, content_type=kind, content_length="1000") == 400


MARKED = "kind=statement&party=RUS&issue=ceasefire-30d&stance=support&on=2025-03-12&text=x"


@pytest.mark.parametrize("number", ["zz", "-1", "9" * 5000, "²", "1e3"])
def test_a_number_that_is_none_is_said(writable: Visitor, number: str):
    """In a hidden field too."""
    for field in (f"&exact=abc&start={number}", f"&draft={number}"):
        assert posted(writable, "/code/jeddah-talks-article", MARKED + field) == 400, field
    assert posted(writable, "/tray", f"remove={number}") == 400
    assert posted(writable, "/entry/48", f"form=retract&reason=x&seen={number}") == 400


@pytest.mark.parametrize("to", ["//log/x", "//evil.example/log", "/\\log", "http://log/", "///log", "/%2Flog"])
def test_giving_the_token_leads_to_no_other_place(writable: Visitor, to: str):
    """Where to go on is a page of the desk."""
    body = f"token={TOKEN}&to={to}"
    given = {"origin": f"http://{HOST}", "content_type": PLAIN, "content_length": str(len(body))}
    gone = writable.get("/token", "POST", body=body.encode(), **given)
    assert (gone.status, gone.headers["location"]) == (303, "/code")
    assert "HttpOnly" in gone.headers["set-cookie"]
    assert "SameSite=strict" in gone.headers["set-cookie"]


@pytest.mark.parametrize("token", ["", "wrong", "right ", "righ", "x" * 1_000_000, "é", "%00"])
def test_no_other_token_is_taken(writable: Visitor, token: str):
    """However long it is; compared in constant time, of 128 random bits."""
    if token.strip() != TOKEN:
        assert posted(writable, "/token", f"token={token}", cookie="") == 403
    assert posted(writable, "/tray", cookie=f"verbale-desk={token}"[:2_000].encode().decode("latin-1")) in {303, 403}


@pytest.mark.parametrize(
    "cookie",
    [
        'a="; verbale-desk=right',
        'settings={"a":[1,"b"]}; verbale-desk=right; c',
        "verbale-desk=old; verbale-desk=right",
        "verbale-desk=right; verbale-desk=old",
        "a=1\nverbale-desk=right",
        "\xff=\xfe;;; =; verbale-desk=right",
    ],
)
def test_what_others_leave_in_the_browser_does_not_shut_anybody_out(writable: Visitor, cookie: str):
    """Cookies know no ports: those of every other program on this machine come along."""
    assert posted(writable, "/tray", cookie=cookie) != 403
    assert posted(writable, "/tray", cookie=cookie.replace("right", "wrong")) == 403
    assert posted(writable, "/tray", cookie=cookie.replace("verbale-desk=", "x-verbale-desk=")) == 403


@pytest.mark.parametrize(
    "address",
    [
        "/static/../application.py",
        "/static/%2e%2e/application.py",
        "/static/%2e%2e%2fapplication.py",
        "/static/..%5capplication.py",
        "/static/%2fetc%2fpasswd",
        "/static/desk.css%00",
        "/static/",
        "/why/%2e%2e/%2e%2e",
        "/source/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/source/%00",
        "/code/%5c%2e%2e",
        "/entry/" + "9" * 5000,
        "/%ff",
        "/audit/%2e%2e",
        "/" + "a/" * 20_000,
        "/matrix?party=" + "x" * 60_000,
    ],
)
def test_a_path_leads_to_nothing_else(visitor: Visitor, address: str):
    """Not out of the folder, not into an error; with the same headers as every page."""
    got = visitor.get(address)
    assert got.status == 404
    assert "default-src 'none'" in got.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/matrix", "text/html; charset=utf-8"),
        ("/matrix.json", "application/json"),
        ("/matrix.csv", "text/csv; charset=utf-8"),
        ("/nothing.csv", "application/json"),
        ("/static/desk.css", "text/css; charset=utf-8"),
        ("/static/desk.js", "text/javascript; charset=utf-8"),
        ("/audit/bundle.zip", "text/html; charset=utf-8"),
    ],
)
def test_every_answer_says_what_it_is(visitor: Visitor, address: str, kind: str):
    """Nothing is sniffed, framed or run that is not the desk's own: in errors and downloads too."""
    got = visitor.get(address)
    assert got.headers["content-type"] == kind
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in got.headers["content-security-policy"]
    assert got.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1+1"])
def test_no_cell_is_a_formula(writable: Visitor, text: str):
    """CSV is defused as on the command line."""
    with Ledger(writable.path) as ledger:
        said = {"type": "statement-made", "party": "RUS", "issue": "ceasefire-30d", "stance": "support"}
        ledger.record({**said, "said_on": "2025-03-14", "text": text.strip()})
    got = writable.get("/log.csv").text
    assert f"'{text.strip()}" in got


def test_an_answer_is_another_after_a_write(writable: Visitor):
    """What was seen before is not called the same once something is recorded."""
    first = writable.get("/log")
    with Ledger(writable.path) as ledger:
        ledger.record({"type": "party-registered", "party": "NOR", "name": "Norway", "kind": "state"})
    again = writable.get("/log", if_none_match=first.headers["etag"])
    assert again.status == 200
    assert "Norway" in again.text


def test_readers_see_whole_states_while_somebody_records(writable: Visitor):
    """Each answer is that of one entry: what was recorded while it was made is in all of it, or in nothing."""
    stances = ("support", "oppose", "conditional", "reserved")

    def record() -> None:
        with Ledger(writable.path) as ledger:
            for number in range(24):
                said = {"type": "statement-made", "party": "RUS", "issue": "ceasefire-30d"}
                more = {"stance": stances[number % 4], "said_on": f"2025-04-{number + 1:02}", "text": f"word {number}"}
                ledger.record({**said, **more})

    writer = threading.Thread(target=record)
    writer.start()
    answers = []
    while writer.is_alive():
        answers.append(writable.get("/matrix.json").text)
    writer.join()
    with Ledger(writable.path) as ledger:
        for text in answers:
            known = json.loads(text)["as_known_at"]["entry"]
            assert text == writable.get(f"/matrix.json?as_known_at=e{known}").text
        assert ledger.head == 84
    assert len(set(answers)) > 1
    assert dumped(json.loads(answers[-1])) + "\n" == answers[-1]
