"""Documents as analysts have them."""

from __future__ import annotations

import pytest

from ledger.errors import Refused
from verbale.web.coding.received import received

RUSSIAN = '<html><head><meta charset="windows-1251"><title>Кремль\n ждёт</title></head><body>Москва ждёт.</body></html>'


def test_a_page_says_its_own_title_and_date():
    """As browsers and search engines read them."""
    page = b"""<html><head><title> Talks &amp;
    replies</title><meta property="article:published_time" content="2025-03-12T08:00:00Z"></head>Words.</html>"""
    found = received(None, page, "saved.html")
    assert (found.document, found.title, found.published_at) == (page, "Talks & replies", "2025-03-12")


@pytest.mark.parametrize("declared", [True, False])
def test_a_page_in_another_encoding_is_kept_as_utf_8(declared: bool):
    """As it says itself, or as its bytes look."""
    page = RUSSIAN if declared else RUSSIAN.replace("charset", "name") * 20
    found = received(None, page.encode("cp1251"), "x.html")
    assert found.document.decode() == page
    assert found.title == "Кремль ждёт"


def test_an_encoding_that_a_page_says_falsely_is_not_believed():
    """Its bytes are asked instead."""
    page = RUSSIAN.replace("windows-1251", "utf-16")
    assert "Москва ждёт" in received(None, page.encode("cp1251"), "x.html").document.decode()


def test_a_file_without_a_title_is_called_as_it_is_named():
    """Without the ending."""
    assert received(None, b"We wait.", "answer of 12 March.txt").title == "answer of 12 March"


def test_utf_16_is_text():
    """By its mark."""
    assert received(None, "Мы ждём.".encode("utf-16")).document.decode().endswith("Мы ждём.")


@pytest.mark.parametrize("file", [b"%PDF-1.7 words", b"PK\x03\x04words", b"<p> </p>", b"\x00\x01\x02" * 9, b""])
def test_what_holds_no_text_is_refused(file: bytes):
    """With what to do instead."""
    with pytest.raises(Refused) as told:
        received(None, file, "x.pdf")
    assert "save it as a web page" in (told.value.hint or "")


def test_what_was_pasted_is_the_text():
    """And has no title of its own."""
    assert received("Мы ждём.", None).document.decode() == "Мы ждём."
