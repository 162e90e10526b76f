"""A page is to be rendered only where it leads nowhere, no known interface is named, and scripts may fill a list."""

from dataclasses import replace

import pytest

from govcrawl import platforms
from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Request, Response
from govcrawl.platforms.crawl_context import Stage, Trail, page_request
from govcrawl.platforms.rendering import rendered
from govcrawl.portals import load_registry
from govcrawl.vocabulary import Outcome, Role

PORTAL = load_registry()["659001"]
SHELL = '<html><head><title>政府信息公开年报</title></head><body><ul id="rows"></ul><script src="/list.js"></script>'
COLUMN = page_request(PORTAL, "detect", Role.COLUMN, f"{PORTAL.home}nb/", "/nb/", Trail((2023,), Stage.REPORTS))
ROWS = "".join(
    f'<li><a href="/nb/{number}.html">石河子市民政局202{number}年政府信息公开年度报告</a></li>' for number in range(4)
)


def read(request: Request, body: str) -> tuple[Request, ...]:
    return platforms.read(Exchange(request, Response(request.url, 200, (), body.encode())), PORTAL).requests


def test_a_shell_that_leads_nowhere_is_asked_for_once_more_as_a_browser_shows_it():
    (again,) = read(COLUMN, SHELL)

    assert (again.url, again.role) == (COLUMN.url, COLUMN.role)
    assert again.id != COLUMN.id
    assert platforms.is_rendered(again)
    assert not platforms.is_rendered(COLUMN)
    with pytest.raises(PlatformError, match="empty in a browser too"):
        read(again, SHELL)


@pytest.mark.parametrize(
    "body",
    [
        SHELL + ROWS,
        SHELL + '<a href="/nb/2023/">2023年</a>',
        SHELL + "<script>var u = '/igs/front/search/list.html?index=a&type=b';</script>",
        "<html><head><title>政府信息公开年报</title></head><body><p>暂无</p></body></html>",
    ],
    ids=["rows", "a way on", "a known interface", "no shell"],
)
def test_a_page_that_gives_something_or_promises_nothing_is_not_rendered(body):
    assert not any(map(platforms.is_rendered, read(COLUMN, body)))


def test_the_further_pages_of_a_rendered_list_are_rendered_and_its_documents_are_not():
    pager = ' <a href="/nb/?page=2">2</a> <a href="/nb/?page=3">3</a>'
    exchange = Exchange(rendered(COLUMN), Response(COLUMN.url, 200, (), (SHELL + ROWS + pager).encode()))
    page = platforms.read(exchange, PORTAL)

    assert [(one.url[-6:], platforms.is_rendered(one)) for one in page.requests] == [("page=2", True), ("page=3", True)]
    assert not any(platforms.is_rendered(platforms.locate(row, PORTAL)) for row in page.rows)


def test_a_request_is_rendered_once_however_often_that_is_said():
    once = rendered(COLUMN)

    assert rendered(once) == once
    assert rendered(replace(once, context=COLUMN.context)) == once


@pytest.mark.parametrize(
    ("body", "status", "outcome"),
    [
        (b"", 200, Outcome.OK),
        (b"var captcha = 404;", 200, Outcome.OK),
        (b'{"rows": []}', 200, Outcome.OK),
        (b"<html><script>$_ts=1</script></html>", 200, Outcome.BLOCKED),
        (b"var a;", 404, Outcome.HTTP_ERROR),
        (b"", 412, Outcome.BLOCKED),
        (b"", 302, Outcome.OK),
    ],
)
def test_scripts_and_data_are_not_judged_by_their_words(body, status, outcome):
    request = Request(PORTAL.id, "detect", Role.EMBEDDED, f"{PORTAL.home}list.js", COLUMN.url)

    assert platforms.classify(Exchange(request, Response(request.url, status, (), body)), PORTAL) is outcome
