"""HTML cut into tags and the text between them, in one linear pass over the bytes.

The pattern is the tokenizer of the HTML standard as far as it decides where a tag ends: quoted and unquoted attribute
values, comments, doctypes and CDATA as comments, elements whose content is not mark-up. It never fails and never goes
back: what is unterminated runs to the end of the page, as in a browser. Everything in this package that needs a byte
offset takes it from here, so that two readers cannot disagree about where a piece of text lies.

Bytes are cut before they are decoded. That is safe in every charset read here: `<`, `>`, quotes, `=` and white space
are never the second byte of a character in UTF-8, GB 18030 or Big5.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from operator import attrgetter

from govcrawl.zh import raw

MAX_COLSPAN, MAX_ROWSPAN = 1_000, 65_534

OPAQUE = ("iframe", "noembed", "noframes", "noscript", "script", "style", "template", "textarea", "title", "xmp")
"""Elements whose content is no text of the page and no mark-up; `noscript` as with scripts on, `template` is inert."""

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
"""Elements without content; the empty name is that of comments."""

SELF_ENDING = {
    **dict.fromkeys(("dt", "dd"), "dt"),
    **dict.fromkeys(("td", "th"), "td"),
    **dict.fromkeys(("thead", "tbody", "tfoot"), "tbody"),
    **{name: name for name in ("p", "li", "tr", "option", "optgroup")},
}
"""Elements that need no end tag, by the kind of start tag that ends them."""

UNCOUNTED = VOID.union(SELF_ENDING)

BORDER = 1 << 32
"""What the border of a cell counts among the breaks of a page: more than all its lines together."""
CELL = 1 << 48
"""What the start of a cell counts besides, so that the cells between two texts can be told from their breaks."""


def _any_case(word: str) -> bytes:
    return "".join(f"[{letter}{letter.upper()}]" for letter in word).encode()


# What follows a tag's name. A value may hold `>` only between quotes, and quotes count only directly behind the `=`;
# the first line alone reads nearly every tag, the second is for values without quotes or in single ones.
_REST = (
    rb'[^>=]*+(?:="[^"]*+"[^>=]*+)*+(?:>|'
    rb"(?:=\s*+(?>\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>\"'][^\s>]*+)?+[^>=]*+)*+(?:>|\Z))"
)
# Most tags show by their first letters that they are none of OPAQUE; asking that first makes the pass twice as fast.
_ORDINARY = rb"(?:/[a-zA-Z]|[a-hj-mo-ru-wyzA-HJ-MO-RU-WYZ]|[tT][^eEiI>=]|[sS][^cCtT>=])"
_OPAQUE = b"|".join(
    rb"%b(?=[\s/>])%b(?:[^<]++|<(?!/%b[\s/>]))*+" % (name, _REST, name) for name in map(_any_case, OPAQUE)
)
_COMMENT = rb"!--(?:-?>|.*?(?:--!?>|\Z))|[!?/][^>]*+(?:>|\Z)"
_ANY = rb"(<(?:%b%b|%b|[a-zA-Z]%b|%b))"
_TAG = re.compile(_ANY % (_ORDINARY, _REST, _OPAQUE, _REST, _COMMENT), re.DOTALL)
# The same for pages in which no quoted value holds a `>`, as nearly all are: such a tag ends at the first one.
_SIMPLE = re.compile(_ANY % (_ORDINARY, rb"[^>]*+>", _OPAQUE, _REST, _COMMENT), re.DOTALL)

_NAME = re.compile(rb"<(/?)([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(rb"""[\s/"']([^\s/>="'][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*))?)?""")
_BOLD = re.compile(rb"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_UNSEEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPAN = re.compile(r"[ \t\n\f\r]*\+?(\d{1,9})", re.ASCII)
_CODES = {
    "table": "t",
    "tr": "r",
    "td": "d",
    "th": "h",
    "tbody": "b",
    "thead": "e",
    "tfoot": "f",
    "caption": "c",
    "colgroup": "g",
    "col": "k",
}
_NUL = b"\0"  # no character of a page: the standard drops it in text, so it can stand between texts
_END = 3 * _NUL  # a character of GB 18030 has up to four bytes


class Tag:
    """One tag as written.

    `name` is in lower case, and empty for a comment, a doctype and the like. The `source` of an element of `OPAQUE`
    goes on to the end of its content. `code` is one letter for a tag that shapes tables (`t`able, `r`ow, `d`ata cell,
    `h`ead cell, t`b`ody, th`e`ad, t`f`oot, `c`aption, col`g`roup, col as `k`), upper case for its end tag, else `.`.
    `breaks` is `BORDER` for a cell's (and `CELL` for its start), 1 for one that ends a line of text, else 0. `marks` is
    the code and `(` or `)` for the start and the end of an element that needs both, else a blank.
    """

    def __init__(self, source: bytes, encoding: str) -> None:
        found = _NAME.match(source)
        self.source = source
        self.encoding = encoding
        self.name = found[2].decode("ascii", "replace").lower() if found else ""
        self.closing = bool(found and found[1])
        self.opaque = self.name in OPAQUE and not self.closing
        code = _CODES.get(self.name, ".")
        nest = " " if self.name in UNCOUNTED else ")" if self.closing else "("
        border = BORDER if self.closing else BORDER + CELL
        self.breaks = border if code in "dh" else int(self.name in LINES)
        self.code = code.upper() if self.closing else code
        self.marks = self.code + nest

    @cached_property
    def attributes(self) -> Mapping[str, str]:
        """Names in lower case, entities decoded; of a doubled attribute the first counts."""
        if not self.name or self.closing:
            return {}
        found: dict[str, str] = {}
        for name, *values in _ATTRIBUTE.findall(_start_tag(self)):
            value = b"".join(values).decode(self.encoding, "replace")
            found.setdefault(name.decode(self.encoding, "replace").lower(), html.unescape(value))
        return found

    @cached_property
    def spans(self) -> tuple[int, int]:
        """Rows and columns that a cell claims, as the standard reads them; 0 rows are all that follow in its group."""
        if b"span" not in self.source and b"SPAN" not in self.source.upper():
            return 1, 1
        rows, columns = (_span(self.attributes.get(name, "")) for name in ("rowspan", "colspan"))
        return min(rows, MAX_ROWSPAN), min(columns or 1, MAX_COLSPAN)

    @cached_property
    def whole(self) -> bool:
        """Whether a tag that was cut at its first `>` ends there, and not in the midst of a quoted value."""
        if self.opaque or not self.name or (b'"' not in self.source and b"'" not in self.source):
            return True
        found = _TAG.match(self.source + b"<")
        return found is not None and found.end() == len(self.source)

    @cached_property
    def content(self) -> str:
        """The content of an opaque element with entities decoded; of any other tag nothing."""
        inside = self.source[len(self.name) + 1 + len(_start_tag(self)) :] if self.opaque else b""
        return html.unescape(inside.decode(self.encoding, "replace"))

    @cached_property
    def bold(self) -> bool:
        """Whether the tag makes its content bold."""
        return self.name in ("b", "strong") or _BOLD.search(self.source) is not None

    @cached_property
    def hidden(self) -> bool:
        """Whether the tag itself says that its element is not shown."""
        if b"hidden" not in self.source and b"none" not in self.source.lower():
            return False
        return "hidden" in self.attributes or bool(_UNSEEN.search(self.attributes.get("style", "")))


class Markup:
    """A page in pieces: `texts[i]` stands before `tags[i]`, and one more text after the last tag.

    Texts have their entities decoded and NULs dropped. `bounds[2 * i]` is the byte offset of `texts[i]`,
    `bounds[2 * i + 1]` that of `tags[i]`; the last bound is the length of the page. `pieces` are the same in bytes.
    `kinds` holds each different tag once: what depends on a tag alone is asked there, of dozens instead of thousands.
    """

    def __init__(self, body: bytes, encoding: str) -> None:
        self.encoding = encoding
        self.pieces: Sequence[bytes] = _SIMPLE.split(body)
        kinds = _Tags(encoding)
        self.tags: Sequence[Tag] = list(map(kinds.__getitem__, self.pieces[1::2]))
        if not all(tag.whole for tag in kinds.values()):
            self.pieces = _TAG.split(body)
            kinds = _Tags(encoding)
            self.tags = list(map(kinds.__getitem__, self.pieces[1::2]))
        self.kinds: Collection[Tag] = kinds.values()
        self.texts: Sequence[str] = _decoded(self.pieces[::2], encoding)
        self.bounds: Sequence[int] = list(accumulate(map(len, self.pieces), initial=0))

    @cached_property
    def _marks(self) -> str:
        return "".join(map(attrgetter("marks"), self.tags))

    @property
    def codes(self) -> str:
        """The codes of all tags, one character each."""
        return self._marks[::2]

    @property
    def nest(self) -> str:
        """The starts and ends of all elements that need both, as `(` and `)`."""
        return self._marks[1::2].replace(" ", "")

    @cached_property
    def breaks(self) -> Sequence[int]:
        """For each text what breaks stand before it: 1 for the end of a line, `BORDER` for that of a cell, added up.

        Two texts with the same sum stand in one line.
        """
        return list(accumulate(map(attrgetter("breaks"), self.tags), initial=0))


_SHORT = 1_024  # bytes of a tag that is remembered beyond its page
_known_tag = lru_cache(maxsize=1 << 13)(Tag)


class _Tags(dict[bytes, Tag]):
    """The tags of one page by their source: most are written the same many times over, on other pages too."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    def __missing__(self, source: bytes) -> Tag:
        make = _known_tag if len(source) <= _SHORT else Tag
        tag = self[source] = make(source, self._encoding)
        return tag


def raw_text(fragment: bytes, encoding: str) -> str:
    """The `raw` of a piece of mark-up: comments and tags out, entities decoded, white space and U+3000 dropped."""
    return raw("".join(_decoded(_TAG.split(fragment)[::2], encoding)))


def _decoded(texts: Sequence[bytes], encoding: str) -> list[str]:
    """Each text decoded, its entities too; all in one go, which is many times faster than one by one."""
    joined = _NUL.join(texts)
    if joined.count(_NUL) >= len(texts):
        texts = [text.replace(_NUL, b"") for text in texts]
        joined = _NUL.join(texts)
    # The NULs at the end let a character that is cut off there read the same as one cut off before another text.
    plain = _unescaped((joined + _END).decode(encoding, "replace")).split("\0")[: -len(_END)]
    if len(plain) == len(texts):
        return plain
    # Some decoders drop the NUL together with the character that is cut off before it.
    return [_unescaped((text + _END).decode(encoding, "replace")).rstrip("\0") for text in texts]


def _unescaped(text: str) -> str:
    return html.unescape(text) if "&" in text else text


def _span(value: str) -> int:
    """A span as the standard reads an integer: 1 where there is none."""
    found = _SPAN.match(value)
    return int(found[1]) if found else 1


def _start_tag(tag: Tag) -> bytes:
    """The start tag without its name, and without the content of an opaque element."""
    rest = tag.source[len(tag.name) + 1 :]
    return _START.match(rest)[0] if tag.opaque else rest  # type: ignore[index]  # matches any bytes


_START = re.compile(_REST, re.DOTALL)
