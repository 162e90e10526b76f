"""Reads the text at a locator again from the bytes of its page. No parser is imported, so verification starts fast."""

import re

from govcrawl.models import Locator
from govcrawl.pages.html_syntax import raw_text
from govcrawl.pages.jsonp import carried
from govcrawl.pages.limits import PAGE_LIMITS
from govcrawl.pages.markup import Markup
from govcrawl.pages.table_modes import text_in_order

_TABLE = re.compile(rb"<table[\s/>]", re.IGNORECASE)


def raw_at(body: bytes, locator: Locator, encoding: str) -> str:
    """Returns the `raw` text at a locator, read from the bytes.

    Comments, tags, scripts and styles are removed, entities decoded, white space and U+3000 dropped. Text that a
    browser moves before a nested table comes before it. A locator without a table belongs to a text page,
    whose span is plain text. In a document carried in JSON, the escapes of the string are resolved first.
    """
    document = carried(body)
    span = (document.html if document else body)[locator.start : locator.end]
    if locator.table is None or not _TABLE.search(span):
        return raw_text(span, encoding)
    markup = Markup(span, encoding)
    return text_in_order(markup.tags, markup.fragments, PAGE_LIMITS)
