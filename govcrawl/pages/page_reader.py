"""Turns the bytes of a stored page into a `Page`. The bytes tell whether it is HTML, HTML carried in JSON, or text."""

import hashlib
import re
from dataclasses import replace

from govcrawl.errors import InputError
from govcrawl.models import Document
from govcrawl.pages.decoding import UTF8, UTF16, decoding_of
from govcrawl.pages.form_controls import with_controls_shown
from govcrawl.pages.html import read_html
from govcrawl.pages.jsonp import Carried, carried
from govcrawl.pages.limits import PAGE_LIMITS, Limits, check_bytes
from govcrawl.pages.page import Page
from govcrawl.pages.text import read_text

_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|table|div|p|br|meta|title|span|tr)[\s/>]", re.IGNORECASE)
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
    """Reads a page. Its bytes tell HTML, HTML in JSON and text apart; a media type of text is a hint for text.

    A page in UTF-16 gives an empty page with an issue: no portal publishes one, and its bytes cannot be cut at `<`.

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
    if not is_html(body, media_type):
        return read_text(body, decoding, limits)
    shown = with_controls_shown(body)
    page = read_html(shown, decoding, limits)
    return page if shown is body else replace(page, sha256=hashlib.sha256(body).hexdigest(), body=body)


def _read_carried(document: Carried, body: bytes, limits: Limits) -> Page:
    """Reads a document carried in JSON. Its offsets count bytes of the JSON answer."""
    page = read_html(with_controls_shown(document.html), decoding_of(document.html, UTF8), limits)
    digest = hashlib.sha256(body).hexdigest()
    return replace(page, sha256=digest, document=document.described(page.document), body=body)


def is_html(body: bytes, media_type: str | None = None) -> bool:
    """Whether a page is HTML: it contains mark-up. If its media type is text, it must also begin with mark-up."""
    if media_type == "text/plain":
        return body.lstrip().startswith(b"<") and bool(_MARKUP.search(body, 0, _SNIFFED))
    return bool(_MARKUP.search(body, 0, _SNIFFED))
