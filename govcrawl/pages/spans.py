"""The text at a place of a page, read again from its bytes. It needs no parser, so verification starts fast."""

from govcrawl.models import Locator
from govcrawl.pages.html_syntax import raw_text
from govcrawl.pages.jsonp import carried


def raw_at(body: bytes, locator: Locator, encoding: str) -> str:
    """The `raw` of what a locator points at, read from the bytes anew.

    That is the span with comments and tags taken out, entities decoded, white space and U+3000 dropped; the content of
    scripts and styles counts as mark-up. In a text page, whose locators have no table, the span is text only. In a
    document that came in JSON, the escapes of its string are resolved first.
    """
    document = carried(body)
    span = (document.html if document else body)[locator.start : locator.end]
    return raw_text(span, encoding)
