"""WHAT a stored page says: bytes → Page. No network, no files, no SQL.

A page is cut at the tags that shape tables (`markup`) into fragments (`fragment`), refused if it is beyond a limit
(`limits`), its tables become grids (`shape`, `stamps`, `grid`), its prose blocks (`blocks`), its metadata block a
`Document` (`metadata`), and its visible text tokens for the second reader (`words`, `tokens`). Offsets are bytes of the
body as given, whatever its charset.
"""

import hashlib
import re
from dataclasses import replace

from govcrawl.errors import InputError
from govcrawl.models import Document, Locator
from govcrawl.pages.decoding import UTF8, UTF16, decoding_of
from govcrawl.pages.html import html_grids, read_html
from govcrawl.pages.html_syntax import raw_text
from govcrawl.pages.jsonp import Carried, carried
from govcrawl.pages.limits import PAGE_LIMITS, Limits, check_bytes
from govcrawl.pages.markup import Markup
from govcrawl.pages.page import Block, Cell, Grid, Page, Separator, Token
from govcrawl.pages.table_modes import text_in_order
from govcrawl.pages.text import read_text

__all__ = ["Block", "Cell", "Grid", "Limits", "Page", "Separator", "Token", "html_grids", "raw_at", "read_page"]

_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|table|div|p|br|meta|title|span|tr)[\s/>]", re.IGNORECASE)
_TABLE = re.compile(rb"<table[\s/>]", re.IGNORECASE)
_FILES = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "DOCX or ZIP",
    b"\xd0\xcf\x11\xe0": "DOC",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
}
_SNIFFED = 65_536


def read_page(
    body: bytes, media_type: str | None = None, charset: str | None = None, limits: Limits = PAGE_LIMITS
) -> Page:
    """Everything a page says; HTML, HTML in JSON and text are told apart by the bytes, unless the type says text.

    A page in UTF-16 comes back empty with an issue: no portal publishes one, and its bytes cannot be cut at `<`.

    Args:
        body: the page with transfer and content encoding removed, its charset untouched.
        media_type: as the HTTP header or the file name has it.
        charset: that of the HTTP header.
        limits: the most that is read.

    Raises:
        LimitError: the page is beyond a limit and was not read.
        InputError: the page is a file of another kind.
    """
    kind = next((name for magic, name in _FILES.items() if body.startswith(magic)), None)
    if kind:
        raise InputError(f"page not read: it is a {kind} file, not HTML or text; read it with the documents extra")
    check_bytes(body, limits)
    if document := carried(body):
        return _read_carried(document, body, limits)
    decoding = decoding_of(body, charset)
    if decoding.encoding == UTF16:
        return Page(
            hashlib.sha256(body).hexdigest(), media_type or "text/plain", UTF16, Document(), issues=decoding.issues
        )
    read = read_html if is_html(body, media_type) else read_text
    return read(body, decoding, limits)


def _read_carried(document: Carried, body: bytes, limits: Limits) -> Page:
    """The page of a document that came in JSON; its offsets are those of the answer."""
    page = read_html(document.html, decoding_of(document.html, UTF8), limits)
    digest = hashlib.sha256(body).hexdigest()
    return replace(page, sha256=digest, document=document.described(page.document), body=body)


def is_html(body: bytes, media_type: str | None = None) -> bool:
    """Whether a page is HTML: it holds mark-up, and where its type says text, begins with it."""
    if media_type == "text/plain":
        return body.lstrip().startswith(b"<") and bool(_MARKUP.search(body, 0, _SNIFFED))
    return bool(_MARKUP.search(body, 0, _SNIFFED))


def raw_at(body: bytes, locator: Locator, encoding: str) -> str:
    """The `raw` of what a locator points at, read from the bytes anew.

    That is the span with comments and tags taken out, entities decoded, white space and U+3000 dropped; the content of
    scripts and styles counts as mark-up. Text that a browser moves before a table in the cell comes before it. In a
    text page, whose locators have no table, the span is text only. In a document that came in JSON, the escapes of its
    string are resolved first.
    """
    document = carried(body)
    span = (document.html if document else body)[locator.start : locator.end]
    if locator.table is None or not _TABLE.search(span):
        return raw_text(span, encoding)
    markup = Markup(span, encoding)
    return text_in_order(markup.tags, markup.fragments, PAGE_LIMITS)
