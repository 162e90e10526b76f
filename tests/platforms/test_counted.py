"""Lists that an interface turns: every row once whatever the server's build, none called complete that is not."""

import json
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcrawl import platforms
from govcrawl.models import Exchange, ListPage, Portal, Request, Response
from govcrawl.platforms.addresses import parameters
from govcrawl.portals import load_registry
from govcrawl.vocabulary import Role

HUZHOU, GANSU = (load_registry()[code] for code in ("330500", "620000"))
Shown = Callable[[int, int, int], range]
"""From the page and the size asked for and the rows of the list to the rows that a server shows."""


def as_asked(page: int, size: int, total: int) -> range:
    return range((page - 1) * size, min(page * size, total))


def fifteen_at_most(page: int, size: int, total: int) -> range:
    return as_asked(page, min(size, 15), total)


def always_twelve(page: int, size: int, total: int) -> range:
    return as_asked(page, 12, total)


def the_last_page_over_again(page: int, size: int, total: int) -> range:
    size = min(size, 15)
    return as_asked(min(page, max(1, -(-total // size))), size, total)


BUILDS = (as_asked, fifteen_at_most, always_twelve, the_last_page_over_again)


def walk(column: str, portal: Portal, answer: Callable[[Request], str]) -> tuple[list[str], list[ListPage]]:
    """The addresses of the rows that a reports' column leads to, and the pages of its list."""
    first = Request(
        portal.id, portal.platforms[0], Role.COLUMN, f"{portal.home}nb/index.html", context=(("stage", "reports"),)
    )
    page = platforms.read(Exchange(first, Response(first.url, 200, (), column.encode())), portal)
    waiting, pages, found = list(page.requests), [page], [row.url for row in page.rows]
    while waiting:
        request = waiting.pop(0)
        body = answer(request).encode()
        pages.append(platforms.read(Exchange(request, Response(request.url, 200, (), body)), portal))
        found += [row.url for row in pages[-1].rows]
        waiting += pages[-1].requests
    return found, pages


def unit_column(pager: str = "script", more: str = "") -> str:
    fields = "{'webId':'1','pageId':'9','tagId':'信息列表','tplSetId':'t'}"
    return (
        f"<title>政府信息公开年报</title>{more}<{pager} "
        f'uniturl="/api-gateway/jpaas-publish-server/front/page/build/unit" querydata="{fields}"'
    )


def rows(numbers: range) -> str:
    return "".join(
        f"<li><a href='/art/2024/1/2/art_9_{number}.html'>第{number}局2023年政府信息公开年报</a></li>"
        for number in numbers
    )


@pytest.mark.parametrize("build", BUILDS, ids=lambda build: build.__name__)
@pytest.mark.parametrize("says", ["<b count='{0}'></b>", '<script>x({{count:"{0}"}})</script>', "<i>共 {0} 条</i>", ""])
@settings(deadline=None, max_examples=12)
@given(total=st.integers(1, 130))
def test_every_build_of_a_unit_gives_every_row_once(build: Shown, says: str, total: int):
    def answer(request: Request) -> str:
        asked = json.loads(unquote(parameters(request.url)["paramJson"]))
        shown = build(asked["pageNo"], asked["pageSize"], total)
        return json.dumps({"success": True, "data": {"html": f"<ul>{rows(shown)}</ul>" + says.format(total)}})

    found, pages = walk(unit_column() + "></script>", HUZHOU, answer)

    assert len(set(found)) == total
    assert says == "" or len(found) == total
    # A list of one full page that comes again as page 2 looks like one whose pages cannot be turned.
    may_be_open = build is the_last_page_over_again and says == "" and total <= 15
    assert may_be_open or not any(page.open_ended for page in pages)


@settings(deadline=None, max_examples=20)
@given(total=st.integers(1, 90), size=st.sampled_from([5, 15, 20]))
def test_a_printed_first_page_is_not_asked_for_again(total: int, size: int):
    asked = []

    def answer(request: Request) -> str:
        turned = json.loads(unquote(parameters(request.url)["paramJson"]))
        asked.append(turned["pageNo"])
        shown = as_asked(turned["pageNo"], turned["pageSize"], total)
        return json.dumps({"success": True, "data": {"html": f"<ul>{rows(shown)}</ul><b count='{total}'></b>"}})

    shown = f"<ul>{rows(as_asked(1, size, total))}</ul>"
    pager = f'{unit_column("div", shown)} count="{total}" rows="{size}" pageno="1"></div>'
    found, _ = walk(pager, HUZHOU, answer)

    assert len(found) == len(set(found)) == total
    assert asked == list(range(2, -(-total // size) + 1))


def test_a_full_page_that_no_further_page_follows_leaves_the_list_open_ended():
    def answer(_: Request) -> str:
        return json.dumps({"success": True, "data": {"html": f"<ul>{rows(range(20))}</ul>"}})

    _, pages = walk(unit_column() + "></script>", HUZHOU, answer)

    assert len(pages) == 3
    assert pages[-1].open_ended


SCRIPTS = {
    "a query": "$.getJSON('/api/list?c=7&pageNo=' + n + '&pageSize=10', draw)",
    "a form": "$.post('/api/list', {c: 7, pageIndex: 0, size: 10}, draw)",
    "posted JSON": "fetch('/api/list', {method: 'POST', body: JSON.stringify({c: '7', limit: 10, page: 1})})",
    "an offset": "$.get('/api/list', {c: 7, start: 0, rows: 10}, draw)",
}  # fmt: skip


@pytest.mark.parametrize("way", SCRIPTS)
@pytest.mark.parametrize("total_said", ["total", "totalPages", ""])
@settings(deadline=None, max_examples=10)
@given(total=st.integers(1, 70))
def test_a_list_that_a_script_asks_for_is_walked_to_its_end(way: str, total_said: str, total: int):
    def answer(request: Request) -> str:
        told = json.loads(request.body) if request.body[:1] == b"{" else parameters(f"?{request.body.decode()}")
        fields = {name: int(value) for name, value in {**parameters(request.url), **told}.items()}
        size = next(fields[name] for name in ("pageSize", "size", "limit", "rows") if name in fields)
        page = fields["pageIndex"] if "pageIndex" in fields else fields.get("pageNo", fields.get("page", 1)) - 1
        first = fields.get("start", page * size)
        data = [
            {"title": f"第{row}局2023年政府信息公开年报", "url": f"/nb/{row}.html"}
            for row in range(first, min(first + size, total))
        ]
        said = {"total": total, "totalPages": -(-total // size), "": 0}[total_said]
        return json.dumps({"data": {"list": data, **({total_said: said} if total_said else {})}})

    found, pages = walk(f"<title>政府信息公开年报</title><script>{SCRIPTS[way]}</script><ul></ul>", GANSU, answer)

    assert len(found) == len(set(found)) == total
    assert not any(page.open_ended for page in pages)
