"""What an address of PostgreSQL says, and that it never says the password."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Unparsable
from ledger.stores.address import Address, parse_address

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
SECRET = "s3cret"  # noqa: S105  what must not be shown


@given(user=WORDS, password=WORDS, database=WORDS, port=st.integers(1, 65_535))
def test_every_part_is_read_back_and_the_password_is_not_shown(
    user: str, password: str, database: str, port: int
) -> None:
    """Any characters, percent-encoded, come through; what is shown says the same address, but for the password."""
    said = [quote(word, safe="") for word in (user, password, database)]
    address, name = parse_address(f"postgresql://{said[0]}:{said[1]}@db.example:{port}/{said[2]}#talks")
    assert (address.user, address.password, address.database, name) == (user, password, database, "talks")
    assert address.parameters()["password"] == password
    assert parse_address(str(address)) == (Address("db.example", port, database, user), "main")


@pytest.mark.parametrize(
    ("said", "shown", "told"),
    [
        ("postgres://host/db", "postgresql://host/db", {"host": "host", "dbname": "db"}),
        ("postgresql://", "postgresql:///", {}),
        ("postgresql:///db", "postgresql:///db", {"dbname": "db"}),
        ("postgresql://[::1]:5433/db", "postgresql://[::1]:5433/db", {"host": "::1", "port": 5433, "dbname": "db"}),
        (
            f"postgresql:///db?host=/run/pg&password={SECRET}&sslmode=require",
            "postgresql:///db?host=/run/pg&sslmode=require",
            {"dbname": "db", "host": "/run/pg", "password": SECRET, "sslmode": "require"},
        ),
    ],
)
def test_what_is_left_out_is_libpq_s_to_say(said: str, shown: str, told: dict[str, object]) -> None:
    """Nothing is made up for what an address does not say, and options are passed on, those with secrets unshown."""
    address, name = parse_address(said)
    assert (str(address), address.parameters(), name) == (shown, told, "main")
    assert SECRET not in repr(address)


@pytest.mark.parametrize(
    "said",
    [
        f"postgresql://anna:{SECRET}#x@host/db",
        f"postgresql://anna:{SECRET}/x@host/db",
        f"postgresql://anna:1/{SECRET}@host/db",
        f"postgresql://anna:{SECRET}@host:port/db",
        f"postgresql://anna:{SECRET}@host:99999/db",
        f"postgresql://anna:{SECRET}@[host/db",
        f"postgresql://anna:{SECRET}@host/db?sslmode",
    ],
)
def test_what_does_not_parse_is_not_repeated(said: str) -> None:
    """A password with a character that ends it early: exit 2, a hint how to write it, and no part of it."""
    with pytest.raises(Unparsable) as refused:
        parse_address(said)
    assert SECRET not in refused.value.message + str(refused.value.hint)
    assert "%23 for #" in str(refused.value.hint)
    assert refused.value.__cause__ is None
