"""Pagers that send a form of the page again, with the number of another page in it.

In ASP.NET a link runs `__doPostBack(target, argument)`: the form's hidden fields hold the state of the page, and any
page that the pager names can be asked for with the state of the first. Elsewhere a link's script puts the number into a
field of the form and submits it. Pages beyond those that the pager names are asked for by the last page that was.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from parsel import Selector

from govcrawl.models import Exchange
from govcrawl.platforms.addresses import requery
from govcrawl.platforms.markup import base_of, text_of, tree_of
from govcrawl.platforms.paging import MAX_PAGES, PAGE_LINK, pager_name
from govcrawl.web_address import join_url

_POSTS_BACK = re.compile(
    r"""__doPostBack\(\s*\\?["']([^"']{1,200})\\?["']\s*,\s*\\?["'](Page\$)?(\d{1,6})\\?["']\s*\)"""
)
_TURNS = re.compile(r"""\b[\w.]{1,40}\(\s*["']?(\d{1,6})["']?\s*\)""")
_FIELD = re.compile(r"(?:c|to|go|cur(?:rent)?_?)?page(?:_?(?:no|num|number|index))?|pn", re.IGNORECASE)
_COUNT = re.compile(r"共\s*(\d{1,6})\s*页|\b\d{1,6}\s*/\s*(\d{1,6})\s*页?")
_TURNING = "//*[@onclick or starts-with(@href, 'javascript:')]"
_FIELDS = ".//input[@name][not(@type) or @type='hidden' or @type='text']"


@dataclass(frozen=True, slots=True)
class SentPage:
    """A page that a form is sent for: by POST where it has a body. `last` is the last page the pager names."""

    url: str
    body: bytes
    last: int


@dataclass(frozen=True, slots=True)
class _PageForm:
    """A form, the field that turns it, what stands before a page's number there, and the last page that is named."""

    form: Selector
    field: str
    prefix: str
    last: int
    more: tuple[tuple[str, str], ...] = ()


def sent_pages(exchange: Exchange) -> tuple[SentPage, ...]:
    """The pages behind those asked for already, in their order; none where no pager sends a form."""
    context = dict(exchange.request.context)
    asked, here = int(context.get("last", "1")), int(context.get("page", "1"))
    turned = (_posted_back(exchange) or _submitted(exchange)) if here == asked else None
    if turned is None or not asked < turned.last <= asked + MAX_PAGES:
        return ()
    return tuple(_sent(exchange, turned, number) for number in range(asked + 1, turned.last + 1))


def _posted_back(exchange: Exchange) -> _PageForm | None:
    tree = tree_of(exchange.response)
    form = next(iter(tree.xpath("//form[.//input[@name='__VIEWSTATE']]")), None)
    found = list(_calls(tree, _POSTS_BACK))
    if form is None or not found:
        return None
    furthest = max(found, key=lambda call: int(call[3]))
    more = (("__EVENTTARGET", furthest[1]),)
    return _PageForm(form, "__EVENTARGUMENT", furthest[2] or "", int(furthest[3]), more)


def _submitted(exchange: Exchange) -> _PageForm | None:
    """The form with a field for the page's number, where a script of the page submits one."""
    text, tree = text_of(exchange.response.body), tree_of(exchange.response)
    if ".submit(" not in text:
        return None
    forms = ((form, _page_field(form)) for form in tree.xpath("//form"))
    form, field = next(((form, field) for form, field in forms if field), (None, ""))
    numbers = [int(call[1]) for call in _calls(tree, _TURNS)]
    if form is None or not numbers:
        return None
    counted = _COUNT.search(text)
    said = int(next(filter(None, counted.groups()))) if counted else 0
    return _PageForm(form, field, "", max(*numbers, said))


def _calls(tree: Selector, call: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Each call of that kind in a link of a pager."""
    for link in tree.xpath(_TURNING):
        if PAGE_LINK.fullmatch(pager_name(link.xpath("string()").get("") or link.attrib.get("value", ""))):
            script = f"{link.attrib.get('href', '')} {link.attrib.get('onclick', '')}"
            yield from filter(None, [call.search(script)])


def _page_field(form: Selector) -> str:
    names = form.xpath(".//input/@name").getall()
    return next((name for name in names if _FIELD.fullmatch(name.rpartition(".")[2])), "")


def _sent(exchange: Exchange, turned: _PageForm, number: int) -> SentPage:
    form = turned.form
    fields = {field.attrib["name"]: field.attrib.get("value", "") for field in form.xpath(_FIELDS)}
    fields |= {**dict(turned.more), turned.field: f"{turned.prefix}{number}"}
    url = join_url(base_of(exchange.response), form.attrib.get("action", "") or exchange.response.url)
    if form.attrib.get("method", "get").lower() == "post":
        return SentPage(url, urlencode(fields).encode("ascii"), turned.last)
    encoded = dict(pair.partition("=")[::2] for pair in urlencode(fields).split("&"))
    return SentPage(requery(url, **encoded), b"", turned.last)
