from __future__ import annotations

import pytest

from verbale.web.asked import Asked


@pytest.mark.parametrize(
    "issue", ["votes.json", "votes.csv", "a.html", "relations/RUS-UKR", "a/b.json", "v1.2", ".json"]
)
@pytest.mark.parametrize("form", ["html", "json", "csv"])
def test_an_address_leads_to_what_it_was_made_of(issue: str, form: str):
    """An id may have slashes, and may end as the address of a form does."""
    made = Asked("/matrix", as_of="2025").elsewhere("why", "RUS", issue, form=form)
    path, _, query = made.address().partition("?")
    found = Asked.of(path, dict([query.split("=")]))
    assert (found.parts(), found.form, found.as_of) == (["why", "RUS", issue], form, "2025")
