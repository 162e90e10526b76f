"""Rewrites an archived page for viewing, so that it looks the same and cannot act.

Only the items of the lists below are written: elements that lay out text, attributes that shape them, images embedded
in the page. Every other tag is dropped, texts are escaped again, and the address of a link becomes a tooltip. The
result consists of listed items only, whatever the page contains. A span of bytes can be highlighted, because pieces
keep their offsets.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from govcrawl.pages.decoding import UTF8, UTF16, decoding_of
from govcrawl.pages.html_tag import VOID, Tag
from govcrawl.pages.jsonp import carried
from govcrawl.pages.limits import PAGE_LIMITS, Limits, check_bytes, check_markup
from govcrawl.pages.markup import Markup
from govcrawl.pages.page_reader import is_html

MARK = "govcrawl-cell"
"""The id of the element that highlights the span."""

_ELEMENTS = frozenset({
    *("a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center"),
    *("cite", "code", "col", "colgroup", "dd", "del", "dfn", "dir", "div", "dl", "dt", "em", "fieldset", "figcaption"),
    *("figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "ins", "kbd", "legend"),
    *("li", "main", "mark", "menu", "nav", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small"),
    *("span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt"),
    *("u", "ul", "var", "wbr"),
})  # fmt: skip
_ATTRIBUTES = frozenset({
    *("align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "class", "color", "colspan", "dir", "face"),
    *("height", "hidden", "lang", "nowrap", "rowspan", "size", "span", "start", "style", "title", "valign", "width"),
})  # fmt: skip
_TEXTS = frozenset({"textarea", "xmp"})
"""Elements whose content is shown as text."""

_OWN_IMAGE = re.compile(r"data:image/(?:png|gif|jpeg|webp|bmp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
_FETCHING = re.compile(r"@import|url\s*\(|image-set\s*\(", re.IGNORECASE)
_HEAD = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="robots" content="noindex">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<style>body{background:#fff;color:#000;font-family:sans-serif;overflow-wrap:anywhere}"
    f"#{MARK}{{background:#ffe873;color:#000;outline:3px solid #c77700;scroll-margin:40vh}}"
    f"#{MARK}:empty::before{{content:'\\2b1a'}}</style></head><body>"
)
_FOOT = "</body></html>"


@dataclass(frozen=True, slots=True)
class Highlight:
    """A span of bytes to highlight. `in_cell` is true if it is the whole content of a table cell."""

    start: int
    end: int
    in_cell: bool = False


def inert_page(
    body: bytes,
    media_type: str | None,
    charset: str | None,
    span: Highlight | None = None,
    limits: Limits = PAGE_LIMITS,
) -> str:
    """Returns the page as HTML that cannot act. A page that is not HTML is shown as its text.

    Raises:
        LimitError: the page is beyond a limit. `inert_source` has no limits.
    """
    check_bytes(body, limits)
    document = carried(body)
    encoding = UTF8 if document else decoding_of(body, charset).encoding
    if encoding == UTF16 or not (document or is_html(body, media_type)):
        return inert_source(body, charset, span)
    markup = Markup(document.html if document else body, encoding)
    check_markup(markup, limits)
    return "".join((_HEAD, *_written(markup, span), _FOOT))


def inert_source(body: bytes, charset: str | None, span: Highlight | None = None, most: int = 1_000_000) -> str:
    """Returns the first `most` bytes of a page as text with its mark-up, as an HTML page that cannot act."""
    encoding = decoding_of(body[:most], charset).encoding
    return "".join(
        (_HEAD, '<pre style="white-space:pre-wrap">', *_marked(body[:most], 0, encoding, span), "</pre>", _FOOT)
    )


def _written(markup: Markup, span: Highlight | None) -> Iterator[str]:
    start = 0
    for piece, text, tag in markup.in_order():
        if span and start <= span.end and span.start <= start + len(piece):
            yield from _marked(piece, start, markup.encoding, span)
        else:
            yield html.escape(text)
        start += len(piece)
        if tag is not None:
            yield _tag(tag)
            start += len(tag.source)


def _marked(piece: bytes, start: int, encoding: str, span: Highlight | None) -> Iterator[str]:
    """A text, with the start and end of the highlight that lie in it or at its edges."""
    if span is None:
        yield _text(piece, encoding)
        return
    name = "div" if span.in_cell else "mark"
    first, last = span.start - start, span.end - start
    done = 0
    if 0 <= first <= len(piece):
        yield f'{_text(piece[:first], encoding)}<{name} id="{MARK}">'
        done = first
    if 0 <= last <= len(piece):
        yield f"{_text(piece[done:last], encoding)}</{name}>"
        done = last
    yield _text(piece[done:], encoding)


def _text(piece: bytes, encoding: str) -> str:
    return html.escape(html.unescape(piece.decode(encoding, "replace").replace("\0", "")))


def _tag(tag: Tag) -> str:
    """The replacement of a tag: nothing, the tag with harmless attributes, or a placeholder."""
    if tag.opaque:
        return _opaque(tag)
    if tag.name == "img" and not tag.closing:
        return _image(tag)
    if tag.name not in _ELEMENTS:
        return ""
    if tag.closing:
        return "" if tag.name in VOID else f"</{tag.name}>"
    return f"<{tag.name}{''.join(_attributes(tag))}>"


def _opaque(tag: Tag) -> str:
    if tag.name == "style":
        return f"<style>{_calm(tag.content).replace('<', ' ')}</style>"
    return f"<pre>{html.escape(tag.content)}</pre>" if tag.name in _TEXTS else ""


def _attributes(tag: Tag) -> Iterator[str]:
    for name, value in tag.attributes.items():
        if name in _ATTRIBUTES:
            yield f' {name}="{html.escape(_calm(value) if name == "style" else value)}"'
    address = tag.attributes.get("href", "").strip()
    if tag.name == "a" and address and "title" not in tag.attributes:
        yield f' title="{html.escape(address)}"'


def _calm(style: str) -> str:
    """Style without anything that fetches. The policy forbids fetching too, but a browser would log each attempt."""
    return _FETCHING.sub("none(", style)


def _image(tag: Tag) -> str:
    address = tag.attributes.get("src", "").strip()
    if _OWN_IMAGE.fullmatch(address):
        return f'<img src="{html.escape(address)}"{"".join(_attributes(tag))}>'
    return f"<span>[{html.escape(tag.attributes.get('alt') or '▢')}]</span>"
