"""Forms as a browser without script sends them: what a page has filled in, and what somebody has typed over it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from tests.verbale.web.asking import Got, Visitor


@dataclass
class Form:
    """A form, with the values that its fields have."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)

    def filled(self, **typed: str) -> Form:
        """Return it with other values; a `set_` in front stands for `set.`, a field of the entry itself."""
        said = {name.replace("set_", "set.", 1) if name.startswith("set_") else name: v for name, v in typed.items()}
        assert said.keys() <= self.fields.keys(), "there is no such field"
        return replace(self, fields={**self.fields, **said})

    @property
    def body(self) -> bytes:
        """What is sent."""
        return urlencode({name: said.replace("\n", "\r\n") for name, said in self.fields.items()}).encode()


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif tag == "input" and "name" in given and self.forms:
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and self._select is not None:
            if "selected" in given or self._select not in self.forms[-1].fields:
                self.forms[-1].fields[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area = given["name"]
            self.forms[-1].fields[self._area] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            assert self._area is not None
            fields = self.forms[-1].fields
            fields[self._area] = fields[self._area].removeprefix("\n")
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.forms[-1].fields[self._area] += data


def forms_in(html: str) -> dict[str, Form]:
    """Return the forms of an entry's page, by what they do."""
    reader = _Forms()
    reader.feed(html.replace("\r\n", "\n"))  # as a browser reads it
    return {one.fields["form"]: one for one in reader.forms if "form" in one.fields}


def send(visitor: Visitor, form: Form) -> Got:
    """Send a form, as somebody whom the desk knows."""
    return asyncio.run(sending(visitor, form))


async def sending(visitor: Visitor, form: Form) -> Got:
    """Send a form among other requests."""
    given = {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(form.body))}
    return await visitor.ask(form.action, "POST", form.body, {**given, "cookie": knowing(visitor)})


def knowing(visitor: Visitor) -> str:
    """Return the cookie of whoever has given the token."""
    return f"verbale-desk={visitor.token}"
