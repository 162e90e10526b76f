"""Hanweb JCMS columns: first rows in an inert block of the column page, the rest from `dataproxy.jsp`.

A column page `/col/col<COL>/index.html` holds, for each list unit, `<script type="text/xml"><datastore>` with its first
rows and a `nextgroup` link that names the unit's parameters, or a form `jpageform_<unit>` with the same. The list's
address answers with XML or, on old builds, with JavaScript; `totalrecord` says how many rows there are.

Servers come in three builds: one honours `startrecord`/`endrecord`, one only `page`, one cuts a long `perpage` short.
Every request names both ways of paging, for the same rows, and the size of further pages is what the first answer
really held, so that all three give the same list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import urlencode, urlsplit

from parsel import Selector

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Listing, ListPage, Portal, Request
from govcrawl.platforms import paging
from govcrawl.platforms.addresses import canonical, is_own, parameters, requery
from govcrawl.platforms.crawl_context import Stage, Trail, page_request, referred
from govcrawl.platforms.discovery import is_report_column
from govcrawl.platforms.markup import base_of, fragment, text_of, title_of, tree_of
from govcrawl.platforms.platform import Platform
from govcrawl.platforms.rows import excerpt, kept, merged_pages, mostly_reports, row_in
from govcrawl.titles import looks_like_report
from govcrawl.vocabulary import Role
from govcrawl.web_address import join_url

_NAME = "hanweb-jpage"
_PER_PAGE = 100
"""Rows asked for at once; builds that cut a window short do so above some 300."""

_COLUMN = re.compile(r"/col/col(\d+)/")
_ENDPOINT = re.compile(r"""(?<![\w:/.-])[\w:/.-]{0,200}dataproxy\.jsp\?[^"'<>\s\]]{1,1000}""")
_FORMS = "//form[starts-with(@id, 'jpageform_') or starts-with(@name, 'jpageform_')][.//input[@name='columnid']]"
_DEFAULT_ENDPOINT = "/module/web/jpage/dataproxy.jsp"
_CDATA = re.compile(r"\s*<!\[CDATA\[(.*)\]\]>\s*", re.DOTALL)
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)", re.IGNORECASE)
_TOTAL_IN_SCRIPT = re.compile(r"totalRecord\s*=\s*(\d+)")
_STORE_IN_SCRIPT = re.compile(r"dataStore\s*=\s*\[(.*)\]", re.DOTALL)
_STRING = re.compile(r"""'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)\"""", re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_CONTROL = {"n": "\n", "t": "\t", "r": "\r"}
_ARTICLE_BODY = re.compile(rb"ContentStart|begin-->|id=[\"']?(?:zoom|ivs_content)\b|bt_content")
_REPORT_TABLES = 2


@dataclass(frozen=True, slots=True)
class _Unit:
    """A list on a column page: how to ask for it and the rows shown already, as markup.

    `url` holds all parameters for a GET; where the page names them in a form, `body` has them for a POST.
    """

    column: str
    url: str
    body: bytes
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a list's address answered: the rows the whole list has, and this page's rows as markup."""

    total: int
    records: tuple[str, ...]


def columns_by_id(portal: Portal, years: tuple[int, ...]) -> tuple[Request, ...]:
    """The columns of annual reports that the registry knows by their ids: `/col/col<ID>/index.html`."""
    trail = Trail(years, Stage.REPORTS)
    paths = (f"/col/col{column}/index.html" for column in portal.columns if column.isdigit())
    return tuple(page_request(portal, _NAME, Role.COLUMN, join_url(portal.home, path), path, trail) for path in paths)


def _discover(exchange: Exchange, portal: Portal) -> ListPage:
    """The units of a column page: the rows shown, and a request for the first page of each list worth asking for.

    On the reports' column these are its own units and others that show reports; elsewhere, units whose rows are mostly
    reports; on a front page none. A desktop and a mobile unit with the same rows are one. A column page that shows an
    article instead of a list is itself the row.
    """
    response = exchange.response
    tree = tree_of(response)
    inside = is_report_column(tree, Trail.of(exchange.request))
    units = tuple(_units(tree, base_of(response)))
    if not units:
        return ListPage(rows=_column_as_article(exchange, portal) if inside else ())
    return merged_pages(_read_unit(unit, exchange, portal, inside=inside) for unit in units)


def _read_unit(unit: _Unit, exchange: Exchange, portal: Portal, *, inside: bool) -> ListPage:
    """The rows a unit shows and, where it is worth asking for, the request for its list's first page."""
    column, trail = exchange.response.url, Trail.of(exchange.request)
    base = base_of(exchange.response)
    found = tuple(filter(None, (row_in(fragment(record), portal, base) for record in unit.records)))
    dedicated = inside and unit.column == _column_of(column)
    shows_reports = exchange.request.role is not Role.HOME and mostly_reports(found)
    asks = dedicated or shows_reports or (inside and not found)
    stage = Stage.REPORTS if dedicated else Stage.PART
    return ListPage(
        rows=kept(found, dedicated=dedicated),
        requests=(_first_page(unit, portal, trail.at(stage), column),) if asks and is_own(unit.url, portal) else (),
    )


def _read_listing(exchange: Exchange, portal: Portal) -> ListPage:
    """One page of a list; the first one asks for all further pages.

    Raises:
        PlatformError: For an answer that is no list, an empty page before the end, or the first page over again.
    """
    request = exchange.request
    answer = _answer(exchange)
    paging.refuse_flood(request, len(answer.records))
    here = paging.place(request)
    if not answer.records and answer.total > (here.page - 1) * here.size:
        raise PlatformError(f"{request.url}: page {here.page} is empty though the list has {answer.total} rows")
    group = paging.group_of(answer.records)
    paging.refuse_repetition(request, group)
    found = [(record, row_in(fragment(record), portal, exchange.response.url)) for record in answer.records]
    return ListPage(
        rows=kept((row for _, row in found if row), dedicated=Trail.of(request).reports),
        requests=tuple(_further_pages(request, answer, group)),
        total=answer.total,
        debris=tuple(excerpt(record) for record, row in found if row is None),
    )


# ------------------------------------------------------------------------------------------------ column pages


def _units(tree: Selector, base: str) -> Iterator[_Unit]:
    """The units of a page, each list once."""
    # Desktop and mobile units differ in their id alone; the rows they show tell that they are one list.
    stored = {(unit.column, unit.records): unit for unit in reversed(list(_stored_units(tree, base)))}
    columns = {column for column, _ in stored}
    named = {unit.column: unit for unit in _named_units(tree, base) if unit.column not in columns}
    yield from reversed(stored.values())
    yield from named.values()


def _stored_units(tree: Selector, base: str) -> Iterator[_Unit]:
    for block in tree.xpath("//script[@type='text/xml'][contains(., '<datastore')]"):
        text = block.xpath("string()").get("")
        records = tuple(_records(text))
        unit_id = block.xpath("string(ancestor::div[@id][1]/@id)").get("")
        if found := _ENDPOINT.search(text):
            yield _asked_by_address(unescape(found[0]), base, records)
        elif form := next((form for form in tree.xpath(_FORMS) if _unit_of(form) == unit_id), None):
            yield _asked_by_form(form, base, records)
        else:
            yield _Unit(_column_of(base), "", b"", records)


def _named_units(tree: Selector, base: str) -> Iterator[_Unit]:
    """Units that a page names without showing rows: addresses in scripts, forms without a block."""
    for script in tree.xpath("//script[not(@type='text/xml')]/text()").getall():
        for address in _ENDPOINT.findall(script):
            yield _asked_by_address(unescape(address), base, ())
    for form in tree.xpath(_FORMS):
        yield _asked_by_form(form, base, ())


def _asked_by_address(address: str, base: str, records: tuple[str, ...]) -> _Unit:
    url = requery(join_url(base, address))
    return _Unit(parameters(url).get("columnid", "") or _column_of(base), url, b"", records)


def _unit_of(form: Selector) -> str:
    return (form.attrib.get("id") or form.attrib["name"]).removeprefix("jpageform_")


def _asked_by_form(form: Selector, base: str, records: tuple[str, ...]) -> _Unit:
    fields = {field.attrib["name"]: field.attrib.get("value", "") for field in form.xpath(".//input[@name]")}
    url = join_url(base, form.attrib.get("action") or _DEFAULT_ENDPOINT)
    return _Unit(fields.get("columnid", "") or _column_of(base), url, urlencode(fields).encode("ascii"), records)


def _column_of(url: str) -> str:
    match = _COLUMN.search(urlsplit(url).path)
    return match[1] if match else ""


def _column_as_article(exchange: Exchange, portal: Portal) -> tuple[Listing, ...]:
    """The column page itself as a row, where it renders a report in place instead of a list (舟山)."""
    response = exchange.response
    title = title_of(tree_of(response))
    url = canonical(response.url, portal)
    shown = _ARTICLE_BODY.search(response.body) and response.body.count(b"<table") >= _REPORT_TABLES
    if not (url and shown and _column_of(response.url) and looks_like_report(title)):
        return ()
    return (Listing(portal.id, url, title),)


# ------------------------------------------------------------------------------------------------ list answers


def _first_page(unit: _Unit, portal: Portal, trail: Trail, referrer: str) -> Request:
    form = (("Content-Type", "application/x-www-form-urlencoded"),) if unit.body else ()
    first = Request(
        portal=portal.id,
        platform=_NAME,
        role=Role.LIST,
        url=unit.url,
        key=trail.key(f"col{unit.column}"),
        method="POST" if unit.body else "GET",
        headers=(*form, *referred(referrer)),
        body=unit.body,
        context=trail.context(),
    )
    return _window(first, paging.PagePosition(size=_PER_PAGE))


def _window(request: Request, place: paging.PagePosition) -> Request:
    """The request for another page of the same list, named both ways: by its number and by its rows."""
    first_row = (place.page - 1) * place.size + 1
    window = {"page": place.page, "startrecord": first_row, "endrecord": first_row + place.size - 1}
    url = requery(request.url, **window, perpage=place.size)
    context = tuple(sorted({**dict(request.context), **place.context()}.items()))
    return replace(request, url=url, context=tuple(pair for pair in context if pair[1]))


def _further_pages(request: Request, answer: _Answer, group: str) -> Iterator[Request]:
    held = len(answer.records)
    if held >= answer.total:
        return
    for page in paging.further_pages(request, -(-answer.total // held)):
        yield _window(request, paging.PagePosition(page, held, group))


def _answer(exchange: Exchange) -> _Answer:
    text = text_of(exchange.response.body)
    if "<datastore" in text and (total := _TOTAL.search(text)):
        return _Answer(int(total[1]), tuple(_records(text)))
    total, store = _TOTAL_IN_SCRIPT.search(text), _STORE_IN_SCRIPT.search(text)
    if total and store:
        return _Answer(int(total[1]), tuple(_strings(store[1])))
    raise PlatformError(f"{exchange.request.url}: no <datastore> with <totalrecord> and no dataStore; not a jpage list")


def _records(text: str) -> Iterator[str]:
    """The markup of each record of a datastore, in a CDATA section or escaped."""
    for piece in text.split("<record>")[1:]:
        content = piece.partition("</record>")[0]
        section = _CDATA.fullmatch(content)
        yield section[1] if section else unescape(content)


def _strings(script: str) -> Iterator[str]:
    """The strings of a JavaScript array, unescaped."""
    for match in _STRING.finditer(script):
        text = _ESCAPE.sub(_unescaped, match[1] if match[1] is not None else match[2])
        yield text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _CONTROL.get(code, code)


HANWEB_JPAGE = Platform(
    name=_NAME,
    articles=re.compile(r"/art/\d{4}/|/art_\d+_"),
    start=columns_by_id,
    discover=_discover,
    read_listing=_read_listing,
)
