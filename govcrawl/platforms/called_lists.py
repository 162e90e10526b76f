"""Lists that a page's script asks for, whatever interface answers: how they are asked, turned and read.

Which field of a request turns the page is told by its name; the number in it is counted on from where the script
begins, so that lists counted from 0 and from 1 are walked alike. In an answer the list is the first row of objects that
have an address and a title: under the fields that the page's own script makes rows of, else under the names that
interfaces use for them; or it is the first piece of markup with links.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias
from urllib.parse import unquote

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Listing, ListPage, Portal, Request
from govcrawl.platforms import paging
from govcrawl.platforms.addresses import canonical, parameters, requery
from govcrawl.platforms.counted import ListAnswer, page_of
from govcrawl.platforms.crawl_context import Trail, referred
from govcrawl.platforms.json_answers import day_of, json_of, number_in, plain_text, text_in
from govcrawl.platforms.markup import base_of, fragment
from govcrawl.platforms.row_templates import RowTemplate, filled_template, row_template
from govcrawl.platforms.rows import rows_in
from govcrawl.platforms.script_calls import OFFSET_FIELD, PAGE_FIELD, SIZE_FIELD, ScriptCall
from govcrawl.vocabulary import Role

_JSON = ("Content-Type", "application/json;charset=UTF-8")
_FORM = ("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "url": ("url", "docpuburl", "puburl", "href", "link", "linkurl", "infourl", "articleurl", "htmlurl", "detailurl",
            "pageurl", "arturl", "posturl", "chnldocurl", "docurl", "weburl", "staticurl", "titleurl", "urls",
            "htmlpath", "filepath", "path"),
    "title": ("title", "doctitle", "realtitle", "infotitle", "articletitle", "newstitle", "maintitle", "showtitle",
              "subject", "topic", "infoname", "bt", "mc", "name"),
    "index_number": ("idxid", "indexnumber", "indexno", "syh", "identifier", "vcnumber", "indexcode", "publicindex"),
    "publisher": ("publisher", "publishorg", "publishunit", "deptname", "department", "puborg", "fbjg", "sourcename"),
    "document_number": ("documentnumber", "fileno", "filenum", "docno", "wh"),
    "listed_on": ("publishedtimestr", "publishedtime", "pubdate", "publishdate", "docreltime", "docrelpubtime",
                  "pubtime", "publishtime", "infodate", "releasedate", "releasetime", "createtime", "createdate",
                  "createdat", "crtime", "writetime", "showdate", "inputtime", "fbrq", "fbsj", "trstime", "date",
                  "time"),
}  # fmt: skip
"""Under which names, in lower case and without joints, records tell what a list row tells."""
_TOTALS = ("total", "totalcount", "totalelements", "totalnum", "totalrecord", "totalrecords", "totalrows", "totalrow",
           "recordcount", "recordstotal", "rowcount", "allnums", "allcount", "count", "num")  # fmt: skip
_PAGES = ("pagecount", "totalpages", "totalpage", "pagetotal", "pages", "allpage", "allpages")
_NUMBERED_FILE = re.compile(r"([/_-])(\d{1,4})(\.\w{2,5})(?=\?|$)")
_MAX_VALUES = 5000
"""Values of an answer that are looked through for its list."""

_Found: TypeAlias = tuple[list[tuple[str, Listing | None]], tuple[Any, ...]]
"""The rows of a list, and the values that it lies in, from near to far."""


def first_page_of_call(
    call: ScriptCall, platform: str, key: str, exchange: Exchange, trail: Trail, **more: str
) -> Request:
    """The request that a script makes, as that for the first page of a list; it carries how the script makes rows."""
    template = row_template(exchange.response)
    kind = (_JSON if call.is_json else _FORM,) if call.body else ()
    told = {"link": template.address, "name": template.title}
    return Request(
        portal=exchange.request.portal,
        platform=platform,
        role=Role.LIST,
        url=call.url,
        key=trail.key(key),
        method="POST" if call.body else "GET",
        headers=(*kind, *referred(base_of(exchange.response))),
        body=call.body.encode(),
        context=trail.context(**told, **more),
    )


def turned_page(request: Request, page: int, size: int, *, resized: bool = True) -> Request:
    """The request for another page of the same list, `size` rows long; `resized` if it is to ask for as many."""
    here = paging.place(request).page

    def turned(name: str, value: str) -> str:
        number = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
        if number is None:
            return value
        if PAGE_FIELD.fullmatch(name):
            return str(number + page - here)
        if OFFSET_FIELD.fullmatch(name):
            return str(number + (page - here) * size)
        return str(size) if resized and SIZE_FIELD.fullmatch(name) else value

    changed = {name: turned(name, value) for name, value in parameters(request.url).items()}
    url = requery(request.url, **changed) if changed else request.url
    body = _turned_body(request, turned)
    if (url, body) == (request.url, request.body):  # a file for each page: list_1.json
        url = _NUMBERED_FILE.sub(lambda found: f"{found[1]}{int(found[2]) + page - here}{found[3]}", url, count=1)
    return replace(request, url=url, body=body)


def begins_at_zero(request: Request) -> bool:
    """Whether a request counts its pages, and this one is number 0."""
    written = json.loads(request.body) if _JSON in request.headers else parameters(f"?{request.body.decode()}")
    fields = {**parameters(request.url), **written}
    return any(PAGE_FIELD.fullmatch(name) and str(value) == "0" for name, value in fields.items())


def page_that_asks(request: Request) -> str:
    """The address of the page whose script asks: what a row's address is relative to."""
    return dict(request.headers).get("Referer", request.url)


def read_called_list(exchange: Exchange, portal: Portal, *, dedicated: bool | None = None) -> ListPage:
    """One page of a list; the first one asks for all further pages.

    Raises:
        PlatformError: For an answer that holds no list, an empty page before the end, or the first page over again.
    """
    request, told = exchange.request, json_of(exchange)
    found = _records_in(told, portal, request) or _links_in(told, portal, request)
    if found is None:
        raise PlatformError(f"{request.url}: no list of titles and addresses in the answer; see what it says")
    rows, around = found
    total, pages = _said(around, _TOTALS), _said(around, _PAGES)
    total = None if total is not None and total < len(rows) else total
    answer = ListAnswer(rows, total, pages if total is None else None)

    def ask(page: int, size: int) -> Request:
        return turned_page(request, page, size, resized=answer.pages is None)

    return page_of(exchange, answer, ask, dedicated=dedicated)


def _turned_body(request: Request, turned: Callable[[str, str], str]) -> bytes:
    if not request.body:
        return b""
    if _JSON in request.headers:
        told = json.loads(request.body)
        changed = {name: _like(value, turned(name, str(value))) for name, value in told.items()}
        return json.dumps(changed, ensure_ascii=False, separators=(",", ":")).encode()
    pairs = parameters(f"?{request.body.decode()}")
    return "&".join(f"{name}={turned(name, value)}" for name, value in pairs.items()).encode()


def _like(value: Any, text: str) -> Any:
    """A text as the kind of value that it replaces; what is no number stays as it is."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return value
    return int(text) if isinstance(value, int) else text


def _row(record: Mapping[str, Any], portal: Portal, request: Request) -> Listing | None:
    """The row of a record: as the page's script makes it, else by the usual names."""
    context, flat = dict(request.context), _flat(record)
    template = RowTemplate(context.get("link", ""), context.get("name", ""))
    told = {field: text_in(flat, *names) for field, names in _FIELDS.items()}
    address = filled_template(template.address, record) or told.pop("url")
    title = filled_template(template.title, record) or told["title"]
    url = (
        canonical(unquote(address) if "%2F" in address else address, portal, page_that_asks(request))
        if address
        else None
    )
    if not url or not title:
        return None
    return Listing(
        portal=portal.id,
        url=url,
        title=plain_text(title),
        index_number=told["index_number"],
        publisher=told["publisher"],
        listed_on=day_of(told["listed_on"]),
        document_number=told["document_number"],
    )


def _flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record and the objects in it as one, its names in lower case and without joints; its own values win."""
    nested = {name: value for each in record.values() if isinstance(each, Mapping) for name, value in each.items()}
    return {name.lower().replace("_", "").replace("-", ""): value for name, value in (nested | dict(record)).items()
            if not isinstance(value, Mapping | list)}  # fmt: skip


def _records_in(told: Any, portal: Portal, request: Request) -> _Found | None:
    """The list of an answer, with the values around it from near to far; None where it holds none."""
    empty: _Found | None = None
    for value, around in _values(told):
        if isinstance(value, list):
            told_of = (each for each in value if isinstance(each, Mapping) and each)  # WAS5 ends its list with `{}`
            rows = [(str(each), _row(each, portal, request)) for each in told_of]
            if any(row for _, row in rows):
                return rows, around
            if not value and empty is None:
                empty = [], around
    return empty


def _links_in(told: Any, portal: Portal, request: Request) -> _Found | None:
    """The list that an answer holds as markup."""
    for value, around in _values(told):
        for text in value.values() if isinstance(value, Mapping) else ():
            if (
                isinstance(text, str)
                and "<a" in text
                and (rows := rows_in(fragment(text), portal, page_that_asks(request)))
            ):
                return [(row.url, row) for row in rows], (value, *around)
    return None


def _values(told: Any) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """The values of an answer with those they lie in, the outer ones first."""
    waiting: deque[tuple[Any, tuple[Any, ...]]] = deque([(told, ())])
    for _ in range(_MAX_VALUES):
        if not waiting:
            return
        value, around = waiting.popleft()
        yield value, around
        inner: Iterable[Any] = value.values() if isinstance(value, Mapping) else ()
        waiting += ((each, (value, *around)) for each in inner if isinstance(each, Mapping | list))


def _said(around: tuple[Any, ...], names: tuple[str, ...]) -> int | None:
    """The number under the first of some names in the values around a list, the nearest one's."""
    for value in around:
        flat = _flat(value)
        if (
            number := next((found for name in names if (found := number_in(flat, name)) is not None), None)
        ) is not None:
            return number
    return None
