"""The text at a place of a page, read again from its bytes. It needs no parser, so verification starts fast."""

import re

from govcrawl.models import Locator
from govcrawl.pages.html_syntax import raw_text
from govcrawl.pages.jsonp import carried
from govcrawl.pages.limits import PAGE_LIMITS
from govcrawl.pages.markup import Markup
from govcrawl.pages.table_modes import text_in_order

_TABLE = re.compile(rb"<table[\s/>]", re.IGNORECASE)


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
