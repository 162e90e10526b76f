"""One tag of a page, and everything that follows from its name and attributes alone."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cached_property

from govcrawl.pages.html_syntax import CODES, OPAQUE, REST, TAG

MAX_COLSPAN, MAX_ROWSPAN = 1_000, 65_534

LINES = frozenset({
    *("address", "article", "aside", "blockquote", "body", "br", "button", "caption", "center", "dd", "details", "dir"),
    *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("head", "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "section"),
    *("select", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul"),
})  # fmt: skip
"""Elements whose start and end tags end a line of text."""

VOID = frozenset({
    *("", "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen"),
    *("link", "meta", "param", "source", "track", "wbr"),
})  # fmt: skip
"""Elements without content. The empty name stands for comments."""

SELF_ENDING = {
    **dict.fromkeys(("dt", "dd"), "dt"),
    **dict.fromkeys(("td", "th"), "td"),
    **dict.fromkeys(("thead", "tbody", "tfoot"), "tbody"),
    **{name: name for name in ("p", "li", "tr", "option", "optgroup")},
}
"""Elements that need no end tag, each with the kind of start tag that ends it."""

UNCOUNTED = VOID.union(SELF_ENDING)

BORDER = 1 << 32
"""The weight of a cell border among the breaks of a page, larger than the sum of all line ends."""
CELL = 1 << 48
"""The extra weight of the start of a cell. It lets the cells between two texts be counted from the sum of breaks."""

_APART = frozenset({"sup", "sub", "del", "s", "strike"})
_NAME = re.compile(rb"<(/?)([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(rb"""[\s/"']([^\s/>="'][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*))?)?""")
_UNSEEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPAN = re.compile(r"[ \t\n\f\r]*\+?(\d{1,9})", re.ASCII)
_START = re.compile(REST, re.DOTALL)


class Tag:
    """One tag as written.

    `name` is in lower case, and empty for a comment, a doctype and the like. The `source` of an element of `OPAQUE`
    includes its content. `code` is one letter for a tag that shapes tables (`t`able, `r`ow, `d`ata cell,
    `h`ead cell, t`b`ody, th`e`ad, t`f`oot, `c`aption, col`g`roup, col as `k`), upper case for its end tag, else `.`.
    `breaks` is `BORDER` for a cell's (and `CELL` for its start), 1 for one that ends a line of text, else 0.
    `boundary` is true for a tag that shapes tables, a comment and an element of `OPAQUE`.
    """

    def __init__(self, source: bytes, encoding: str) -> None:
        found = _NAME.match(source)
        self.source = source
        self.encoding = encoding
        self.name = found[2].decode("ascii", "replace").lower() if found else ""
        self.closing = bool(found and found[1])
        self.opaque = self.name in OPAQUE and not self.closing
        code = CODES.get(self.name, ".")
        border = BORDER if self.closing else BORDER + CELL
        self.breaks = border if code in "dh" else int(self.name in LINES)
        self.code = code.upper() if self.closing else code
        self.boundary = code != "." or self.opaque or not self.name

    @cached_property
    def attributes(self) -> Mapping[str, str]:
        """The attributes by name in lower case, entities decoded. Of a repeated attribute the first counts."""
        if not self.name or self.closing:
            return {}
        found: dict[str, str] = {}
        for name, *values in _ATTRIBUTE.findall(_start_tag(self)):
            value = b"".join(values).decode(self.encoding, "replace")
            found.setdefault(name.decode(self.encoding, "replace").lower(), html.unescape(value))
        return found

    @cached_property
    def spans(self) -> tuple[int, int]:
        """The rowspan and colspan of a cell, read as in the standard. A rowspan of 0 is the rest of the row group."""
        if b"span" not in self.source and b"SPAN" not in self.source.upper():
            return 1, 1
        rows, columns = (_span(self.attributes.get(name, "")) for name in ("rowspan", "colspan"))
        return min(rows, MAX_ROWSPAN), min(columns or 1, MAX_COLSPAN)

    @cached_property
    def whole(self) -> bool:
        """Whether a tag that was cut at its first `>` is complete, and that `>` is not inside a quoted value."""
        if self.opaque or not self.name:
            return True
        if b'"' not in self.source and b"'" not in self.source:
            return self.source.endswith(b">")
        found = TAG.match(self.source + b"<")
        return found is not None and found.end() == len(self.source)

    @cached_property
    def content(self) -> str:
        """The content of an opaque element, entities decoded; empty for any other tag."""
        inside = self.source[len(self.name) + 1 + len(_start_tag(self)) :] if self.opaque else b""
        return html.unescape(inside.decode(self.encoding, "replace"))

    @cached_property
    def hidden(self) -> bool:
        """Whether an attribute of the tag hides its element."""
        if b"hidden" not in self.source and b"none" not in self.source.lower():
            return False
        return "hidden" in self.attributes or bool(_UNSEEN.search(self.attributes.get("style", "")))

    @cached_property
    def apart(self) -> bool:
        """Whether the tag raises, lowers or strikes its text. The number of a footnote is no figure of its cell."""
        return self.name in _APART or b"line-through" in self.source


def _span(value: str) -> int:
    """A span, read as an integer of the standard; 1 if it is none."""
    found = _SPAN.match(value)
    return int(found[1]) if found else 1


def _start_tag(tag: Tag) -> bytes:
    """The start tag without its name, and without the content of an opaque element."""
    rest = tag.source[len(tag.name) + 1 :]
    return _START.match(rest)[0] if tag.opaque else rest  # type: ignore[index]  # matches any bytes
