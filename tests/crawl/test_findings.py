"""What a crawl learnt for the registry, in lines a person can use."""

from types import SimpleNamespace

import pytest

from govcrawl.crawl.findings import entries, unreached
from govcrawl.crawl.probe import ProbeSpider
from govcrawl.models import Request
from govcrawl.portals import load
from govcrawl.recognition import Seen
from govcrawl.vocabulary import Outcome, Role
from govcrawl.warc import StoredAttempt

REGISTRY = load()
BY_HTTPS, BY_HTTP = REGISTRY["650200"], REGISTRY["650202"]


def seen(*platforms: str, columns: tuple[str, ...] = ()) -> Seen:
    return Seen(BY_HTTPS.home, reports=False, home=True, platforms=platforms, columns=columns)


def test_a_portal_that_was_recognised_gets_its_line():
    (told,) = entries(REGISTRY, {"650200": [seen("c-column", columns=("/klmys/c100540/",))]})
    words, line = told.split("\n")

    assert words == "650200 克拉玛依市 was recognised as c-column; into portals/xinjiang.toml, after a look at it:"
    assert 'platforms = ["c-column"], columns = ["/klmys/c100540/"]' in line


def test_a_portal_that_told_nothing_gets_no_line():
    assert list(entries(REGISTRY, {"650200": [seen()]})) == ["650200 克拉玛依市 was recognised as no known family"]


def test_a_front_page_that_https_does_not_reach_is_told_with_what_to_do():
    (told,) = unreached(REGISTRY, {"650200": Outcome.TLS, "650202": Outcome.REFUSED})

    assert told == (
        "650200 克拉玛依市: https://www.klmy.gov.cn/ ended in tls; "
        "`govcrawl portals probe 650200` tells whether it answers as http://www.klmy.gov.cn/"
    )


@pytest.mark.parametrize(
    ("portal", "outcome", "asked"),
    [
        (BY_HTTPS, Outcome.REFUSED, ["http://www.klmy.gov.cn/"]),
        (BY_HTTPS, Outcome.ROBOTS, []),
        (BY_HTTP, Outcome.REFUSED, []),
    ],
)
def test_a_visit_asks_by_http_where_https_led_nowhere(portal, outcome, asked):
    home = Request(portal.id, "detect", Role.HOME, portal.home, "front:home")
    attempt = StoredAttempt(home, outcome, "2026-01-31T08:00:00Z", "no", None, "", 1)
    request = SimpleNamespace(url=home.url, meta={"stored": attempt, "outcome": outcome})

    given = list(ProbeSpider(portal).failed(SimpleNamespace(request=request)))

    assert given[0] is attempt
    assert [one.url for one in given[1:]] == asked
