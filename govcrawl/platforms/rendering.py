"""Which pages hold a list only after their scripts have run: those that show none and have a place for one.

The marks are data: what list widgets and templates leave in a page before anything fills them.
"""

import re

from govcrawl.models import Exchange
from govcrawl.platforms.markup import text_of, tree_of
from govcrawl.platforms.rows import title_of_link
from govcrawl.platforms.titles import looks_like_report
from govcrawl.vocabulary import Role

MARKS = tuple(
    re.compile(mark, re.IGNORECASE)
    for mark in (
        r"""<(?:div|main|section)\b[^>]{0,200}\bid\s*=\s*["']?(?:app|root|__nuxt|__next|vue)\b["']?[^>]{0,200}>\s*</""",
        r"""\bv-for\s*=|\bng-repeat\s*=|\{\{\s*\w+\.(?:title|name)\b""",
        r"""<(ul|ol|tbody|dl)\b[^>]{0,300}>\s*(?:<!--[^>]{0,200}-->\s*)?</\1>""",
        r"""<(div|table)\b[^>]{0,200}\b(?:id|class)\s*=\s*["'][^"'>]{0,80}list[^"'>]{0,80}["'][^>]{0,200}>\s*</\1>""",
        r"""laypage|pagination\s*\(|\.ajaxPage\(|layui\.flow""",
    )
)
"""A mounting point, a template's loop, an empty list, an empty box called one, a pager that a script draws."""

_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)


def needs_rendering(exchange: Exchange) -> bool:
    """Whether a page on the way shows no reports, yet has the shell of a list that its scripts fill.

    It says nothing of pages whose list a built family knows how to ask for: for those nothing needs to be rendered.
    """
    if exchange.request.role not in {Role.HOME, Role.COLUMN}:
        return False
    text = text_of(exchange.response.body)
    if not _SCRIPT.search(text) or not any(mark.search(text) for mark in MARKS):
        return False
    links = tree_of(exchange.response).xpath("//a[@href]")
    return not any(looks_like_report(title_of_link(link)) for link in links)
