"""Pagers of ASP.NET: a link runs `__doPostBack(target, argument)`, which posts the page's own form again.

The form's hidden fields hold the state of the page; any page that the pager names, and those between, can be asked for
with the state of the first. A page beyond them is asked for by the last page that was.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin

from parsel import Selector

from govcrawl.models import Exchange
from govcrawl.platforms.markup import base_of, tree_of
from govcrawl.platforms.paging import MAX_PAGES

_CALL = re.compile(r"""__doPostBack\(\s*\\?["']([^"']{1,200})\\?["']\s*,\s*\\?["'](Page\$)?(\d{1,6})\\?["']\s*\)""")
_FORM = "//form[.//input[@name='__VIEWSTATE']][1]"
_FIELDS = ".//input[@name][not(@type) or @type='hidden' or @type='text']"


@dataclass(frozen=True, slots=True)
class PostedPage:
    """A page that the page's own form is posted for; `last` is the last page the pager names."""

    url: str
    body: bytes
    last: int


def posted_pages(exchange: Exchange) -> tuple[PostedPage, ...]:
    """The pages behind those asked for already, in their order; none where no pager posts a form."""
    context = dict(exchange.request.context)
    asked, here = int(context.get("last", "1")), int(context.get("page", "1"))
    if here != asked:
        return ()
    tree = tree_of(exchange.response)
    calls = list(_calls(tree))
    form = next(iter(tree.xpath(_FORM)), None)
    last = max((number for *_, number in calls), default=0)
    if form is None or not asked < last <= asked + MAX_PAGES:
        return ()
    target, prefix, _ = calls[-1]
    url = urljoin(base_of(exchange.response), form.attrib.get("action", "") or exchange.response.url)
    return tuple(
        PostedPage(url, _body(form, target, f"{prefix}{number}"), last) for number in range(asked + 1, last + 1)
    )


def _calls(tree: Selector) -> Iterator[tuple[str, str, int]]:
    """(target, what stands before the number, number) of each link that posts for a page by its number."""
    for script in tree.xpath(
        "//a/@href[contains(., '__doPostBack')] | //@onclick[contains(., '__doPostBack')]"
    ).getall():
        if found := _CALL.search(script):
            yield found[1], found[2] or "", int(found[3])


def _body(form: Selector, target: str, argument: str) -> bytes:
    fields = {field.attrib["name"]: field.attrib.get("value", "") for field in form.xpath(_FIELDS)}
    return urlencode({**fields, "__EVENTTARGET": target, "__EVENTARGUMENT": argument}).encode("ascii")
