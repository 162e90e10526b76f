"""Visits to replica portals as a user pays them: past all gates, few pages, and a line to paste in the end."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.request import urlopen

import pytest

from govcrawl.models import Exchange, Request, Response
from govcrawl.platforms.crawl_context import Stage, Trail, page_request
from govcrawl.portals import load_registry
from govcrawl.portals.loading import parse_portals
from govcrawl.replica import Replica, running
from govcrawl.survey.recognition import Findings, findings, mended, seen
from govcrawl.survey.visit_report import answered
from govcrawl.vocabulary import Outcome, Role
from govcrawl.warc import StoredExchange

Probe = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with running(Replica()) as address:
        yield address


@pytest.fixture
def probe(govcrawl, base: str) -> Probe:
    def run(*arguments: str, at: str = base) -> subprocess.CompletedProcess[str]:
        return govcrawl("portals", "probe", *arguments, env={**os.environ, "GOVCRAWL_REPLICA": at})

    return run


def asked(base: str, host: str) -> dict:
    with urlopen(f"{base}/.replica/log", timeout=120) as answer:
        return json.load(answer)["hosts"].get(host, {"requests": 0, "forbidden": 0, "classes": {}})


def test_a_visit_tells_families_and_columns_and_gives_a_line_to_paste(probe: Probe):
    done = probe("330604")

    assert done.returncode == 0, done.stderr
    assert "robots.txt: no rules, everything is allowed" in done.stdout
    assert "encoded in utf-8" in done.stdout
    assert "identification code 3306040001, of this division" in done.stdout
    assert "  platforms  hanweb-jpage; declared: hanweb-jpage, hanweb-xxgk, hanweb-jpaas" in done.stdout
    assert "  columns    1229351148; known: 1229351148" in done.stdout
    assert done.stdout.splitlines()[-1] == "the registry says so already"


def test_a_visit_asks_for_few_pages_and_nothing_that_is_forbidden(probe: Probe, base: str):
    done = probe("330800", "--pages", "3")
    seen = asked(base, "www.qz.gov.cn")

    assert done.returncode == 0, done.stderr
    assert "rules were read" in done.stdout
    assert seen["classes"]["robots"] == 1
    assert seen["requests"] <= 1 + 3
    assert seen["forbidden"] == 0
    assert not {"list", "document"} & set(seen["classes"])


@pytest.mark.parametrize(
    ("portal_id", "host", "told"),
    [
        ("330522", "www.zjcx.gov.cn", "blocked, robots.txt lies behind a wall"),
        ("330726", "www.pj.gov.cn", "robots, robots.txt could not be read (status 503)"),
    ],
)
def test_a_wall_is_told_and_not_knocked_at(probe: Probe, base: str, portal_id: str, host: str, told: str):
    done = probe(portal_id)

    assert done.returncode == 0, done.stderr
    assert told in done.stdout
    assert "nothing was learnt" in done.stdout
    assert set(asked(base, host)["classes"]) == {"robots"}


def test_the_line_of_a_visit_can_be_read_by_the_registry(probe: Probe):
    *_, line = probe("420200").stdout.splitlines()

    (portal,) = parse_portals({"hubei.toml": f'code = "420000"\n[portals]\n{line}'.encode()})
    assert portal.id == "420200"
    assert portal.platforms == ("trs-static",)
    assert set(load_registry()["420200"].columns) < set(portal.columns)


@pytest.mark.parametrize(
    ("portal_id", "at", "message"),
    [
        ("460301", None, "portal 460301 has no address to visit: no portal of its own known"),
        ("999999", None, "portal '999999' is not in the registry"),
        ("330110", "http://127.0.0.1:1", "no replica answers there"),
        ("330110", "http://example.com", "give the address `govcrawl replica` prints"),
    ],
)
def test_a_visit_that_cannot_be_paid_is_refused_in_one_line(probe: Probe, portal_id: str, at: str | None, message: str):
    done = probe(portal_id, at=at) if at else probe(portal_id)

    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


DETECT = load_registry()["650000"]
PAGE = "".join(f'<a href="/xinjiang/c{number}/list.shtml">x</a>' for number in range(4000, 4004))


def page(body: str, path: str = "", stage: Stage = Stage.FRONT) -> StoredExchange:
    trail = Trail(stage=stage)
    request = page_request(DETECT, "detect", Role.COLUMN if path else Role.HOME, DETECT.home + path, path, trail)
    response = Response(request.url, 200, (("Content-Type", "text/html"),), body.encode())
    return stored(request, response)


def stored(request: Request, response: Response) -> StoredExchange:
    return StoredExchange(capture=None, exchange=Exchange(request, response), outcome=Outcome.OK, warc_file="", end=0)  # type: ignore[arg-type] - findings look at no capture


def test_a_portal_of_unknown_family_gets_those_it_speaks_with_its_columns():
    column = (
        '<html><head><title>政府信息公开年报</title></head><body><a href="c4001/index.shtml">2024年</a></body></html>'
    )
    pages = answered([page(PAGE), page(column, "xinjiang/nb/", Stage.REPORTS)])
    found = findings(DETECT, (seen(exchange, DETECT) for exchange in pages))

    assert found.platforms == ("c-column",)
    assert found.columns[0] == "/xinjiang/nb/"
    assert mended(DETECT, found) == replace(DETECT, platforms=("c-column",), columns=found.columns, basis="HCLR")


def test_a_portal_that_tells_no_family_is_left_to_the_generic_one():
    assert mended(DETECT, Findings(True, (), ())).platforms == ("generic",)
    assert mended(load_registry()["330110"], Findings(True, (), ())) == load_registry()["330110"]


def test_a_front_page_that_answers_by_http_alone_is_a_finding():
    request = Request(DETECT.id, "detect", Role.HOME, "http://www.xinjiang.gov.cn/", "front:home")
    by_http = Exchange(request, Response(request.url, 200, (), PAGE.encode()))

    found = findings(DETECT, [seen(by_http, DETECT)])

    assert found.home == "http://www.xinjiang.gov.cn/"
    assert mended(DETECT, found).home == found.home
    assert findings(DETECT, [seen(page(PAGE).exchange, DETECT)]).home is None
