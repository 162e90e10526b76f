"""The platforms, walking the replica without any server, find every report of its manifest."""

from collections import deque
from dataclasses import replace
from random import Random
from urllib.parse import urlsplit

import pytest

from govcrawl import platforms
from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Request, Response
from govcrawl.pages.page_reader import read_page
from govcrawl.portals import load_registry
from govcrawl.replica.lists.entries import ExpectedOutcome
from govcrawl.replica.plan import load_plan
from govcrawl.reports import read_report
from govcrawl.vocabulary import Outcome, Role

SCRIPTED = "659001"
OPEN = [plan.portal.id for plan in load_plan().portals if plan.channels and plan.portal.id != SCRIPTED]
MAX_REQUESTS = 400


def walked(portal_id, ask):
    """The addresses of documents that a walk of a portal asks for."""
    portal, registry = load_registry()[portal_id], load_registry()
    waiting = deque(platforms.start(portal, tuple(range(2019, 2025))))
    seen, documents = set(), set()
    while waiting and len(seen) < MAX_REQUESTS:
        request = waiting.popleft()
        if request.id in seen or not registry.allows(urlsplit(request.url).hostname) or platforms.is_rendered(request):
            continue
        seen.add(request.id)
        if request.role is Role.DOCUMENT:
            documents.add(request.url)
            continue
        answer = ask(
            request.url, request.method, request.body.decode(), referrer=dict(request.headers).get("Referer", "")
        )
        response = Response(request.url, answer.status, (("Content-Type", answer.media_type),), answer.body)
        exchange = Exchange(request, response)
        if platforms.classify(exchange, portal) is Outcome.OK:
            page = platforms.read(exchange, portal)
            waiting.extend((*page.requests, *(platforms.locate(row, portal) for row in page.rows)))
    return documents


@pytest.mark.parametrize("portal_id", OPEN)
def test_a_walk_finds_every_report(replica, ask, portal_id):
    expected = {ExpectedOutcome.REPORT, ExpectedOutcome.IMAGE_ONLY, ExpectedOutcome.ROBOTS}
    wanted = {
        page["url"]
        for page in replica.manifest["pages"]
        if page["portal"] == portal_id and page["expected"] in expected
    }
    assert wanted
    assert wanted - walked(portal_id, ask) == set()


def test_a_walk_without_a_browser_comes_to_the_shell_and_asks_for_it_rendered(ask):
    portal = load_registry()[SCRIPTED]
    shell = ask("http://www.shz.gov.cn/zwgk/nb/list.html")
    request = Request(portal.id, "detect", Role.COLUMN, "http://www.shz.gov.cn/zwgk/nb/list.html", "nb")
    exchange = Exchange(request, Response(request.url, shell.status, (), shell.body))

    asked = platforms.read(exchange, portal).requests

    assert walked(SCRIPTED, ask) == set()
    assert [(one.url, platforms.is_rendered(one)) for one in asked] == [(request.url, True)]
    with pytest.raises(PlatformError, match="empty in a browser too"):
        platforms.read(replace(exchange, request=asked[0]), portal)


def test_what_is_read_from_pages_is_what_the_manifest_says(replica, ask):
    reports = [page for page in replica.manifest["pages"] if page["expected"] is ExpectedOutcome.REPORT]
    for page in Random("sample").sample(reports, 30):
        answer = ask(page["url"])
        reading = read_report(read_page(answer.body, answer.media_type), page["url"])
        stored = {
            f"{fact.table}.{fact.row}.{fact.column}": fact.status if fact.value is None else fact.value
            for fact in reading.facts
        }
        failing = [{"identity": check.identity, "at": check.at} for check in reading.checks if check.outcome == "fails"]
        assert stored == page["facts"], page["url"]
        assert failing == page["failing"], page["url"]
        assert (reading.report.year, reading.report.form) == (page["report_year"], page["form"])
