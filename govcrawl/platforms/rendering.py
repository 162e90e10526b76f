"""Which pages hold a list only after their scripts have run: those that show none and have a place for one.

The marks are data: what list widgets and templates leave in a page before anything fills them. Such a page is asked for
again, by a request that says so: what answers that one is the page as a browser shows it.
"""

import re
from dataclasses import replace

from govcrawl.models import Exchange, ListPage, Request
from govcrawl.platforms.links import title_of_link
from govcrawl.platforms.markup import text_of, tree_of
from govcrawl.titles import looks_like_report
from govcrawl.vocabulary import Role

SHELL_MARKS = tuple(
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

_BARE = re.compile(r"<(ul|ol|tbody|dl)>\s*</\1>", re.IGNORECASE)
"""An empty list that bears no name: in a browser nothing came into it, so that there is nothing."""

RENDERED = "rendered"
"""The entry of a request's context, and the beginning of its key, that ask for a page as a browser shows it."""

_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)


def is_rendered(request: Request) -> bool:
    """Whether a request asks for a page as a browser shows it."""
    return (RENDERED, "1") in request.context


def rendered(request: Request) -> Request:
    """The request for the same page as a browser shows it."""
    context = tuple(sorted({**dict(request.context), RENDERED: "1"}.items()))
    return replace(request, key=f"{RENDERED}:{request.key.removeprefix(f'{RENDERED}:')}", context=context)


def with_rendered_pages(page: ListPage) -> ListPage:
    """What a rendered page gives, its list's further pages to be rendered too: they are the same shell."""
    return replace(
        page,
        requests=tuple(
            rendered(one) if one.role is Role.LIST and not one.headers and one.method == "GET" else one
            for one in page.requests
        ),
    )


def needs_rendering(exchange: Exchange) -> bool:
    """Whether a page on the way shows no reports, yet has the shell of a list that its scripts fill."""
    if exchange.request.role not in {Role.HOME, Role.COLUMN}:
        return False
    text = text_of(exchange.response.body)
    if is_rendered(exchange.request):
        text = _BARE.sub("", text)
    if not _SCRIPT.search(text) or not any(mark.search(text) for mark in SHELL_MARKS):
        return False
    links = tree_of(exchange.response).xpath("//a[@href]")
    return not any(looks_like_report(title_of_link(link)) for link in links)
