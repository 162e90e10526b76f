import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from scrapy import Request
from scrapy.http import Response

from govcrawl import models, portals
from govcrawl.crawl.download_outcomes import Refusal
from govcrawl.crawl.rate_limit import Pace
from govcrawl.crawl.throttle import Lanes, Politeness, retry_after
from govcrawl.vocabulary import Outcome, Role

NOW = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)


class Memory:
    """A ledger's memory of domains."""

    def __init__(self, last: float | None = None, rests: float | None = None) -> None:
        self.last = last
        self.rests = rests
        self.reason: Outcome | None = None
        self.touches: list[tuple[str, float]] = []

    def last_request_at(self, _domain: str) -> float | None:
        return self.last

    def resting_until(self, _domain: str) -> float | None:
        return self.rests

    def touched(self, domain: str, at: float) -> None:
        self.touches.append((domain, at))

    def resting_for(self, _domain: str) -> Outcome | None:
        return self.reason

    def rest(self, _domain: str, until: float, outcome: Outcome) -> None:
        self.rests, self.reason = until, outcome


URL = "http://www.hangzhou.gov.cn/"


def request(url: str = URL, outcome: Outcome = Outcome.OK, role: Role = Role.DOCUMENT) -> Request:
    asked = models.Request("330100", "hanweb-jpage", role, url)
    return Request(url, meta={"asked": asked, "outcome": outcome})


class Clock:
    """A clock that stands still; what somebody waits on it is noted."""

    now = 1_700_000_000.0

    def __init__(self) -> None:
        self.waits: list[float] = []

    def time(self) -> float:
        return self.now

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("govcrawl.crawl.throttle.time", clock)
    return clock


@pytest.fixture
def politeness(clock) -> Callable[..., Politeness]:
    """Makes the middleware over a memory."""

    def make(memory: Memory, delay: float = 2.0, patience: float = 900.0) -> Politeness:
        lanes = Lanes(portals.load_registry(), delay, 0.0)
        return Politeness(Pace(clock.time, 600.0), memory, lanes, patience, clock.wait)

    return make


def test_hosts_of_one_registered_domain_share_a_lane_and_portals_share_their_back_end():
    backed = next(portal for portal in portals.load_registry().values() if portal.backend and portal.host)
    lanes = Lanes(portals.load_registry(), 2.0, 0.25)
    asked = models.Request(backed.id, "x", Role.HOME, f"http://{backed.host}/")

    assert lanes(request("http://www.hangzhou.gov.cn/").meta["asked"])[0].name == "hangzhou.gov.cn"
    assert lanes(request("https://jxj.hangzhou.gov.cn/").meta["asked"])[0].name == "hangzhou.gov.cn"
    assert [lane.name for lane in lanes(asked)][1] == f"backend {backed.backend}"


def test_requests_to_a_domain_start_one_delay_apart_and_are_remembered(politeness, clock):
    memory = Memory()
    middleware = politeness(memory, delay=2.0)

    async def three_at_once() -> None:
        await asyncio.gather(*(middleware.process_request(request()) for _ in range(3)))

    asyncio.run(three_at_once())

    assert clock.waits == [2.0, 4.0]
    assert [at - clock.now for _, at in memory.touches] == [0.0, 2.0, 4.0]


def test_a_restarted_crawl_waits_for_what_the_killed_one_asked(politeness, clock):
    middleware = politeness(Memory(last=clock.now - 0.5))

    assert middleware.ready_in(request().meta["asked"]) == 1.5


def test_a_rest_outlives_a_restart(politeness, clock):
    middleware = politeness(Memory(rests=clock.now + 100))

    assert middleware.ready_in(request().meta["asked"]) == 100


def test_retry_after_makes_the_domain_rest_and_does_not_hide_that_it_refuses_again_and_again(politeness):
    memory = Memory()
    middleware = politeness(memory)
    asked = request(outcome=Outcome.BLOCKED)

    too_soon = Response(asked.url, status=429, headers={"Retry-After": "120"})

    for _ in range(2):
        middleware.process_response(asked, too_soon)
    assert middleware.ready_in(asked.meta["asked"]) == 120
    assert memory.rests is not None

    middleware.process_response(asked, too_soon)
    assert middleware.ready_in(asked.meta["asked"]) > 500


def test_a_challenge_makes_the_domain_rest_and_missing_pages_do_not(politeness):
    middleware = politeness(Memory())
    missing = request(outcome=Outcome.HTTP_ERROR)
    for _ in range(20):
        middleware.process_response(missing, Response(missing.url, status=404))
    assert middleware.ready_in(missing.meta["asked"]) == 0

    blocked = request(outcome=Outcome.BLOCKED)
    for _ in range(2):
        middleware.process_response(blocked, Response(blocked.url, status=412))
    assert middleware.ready_in(blocked.meta["asked"]) == 0

    middleware.process_response(blocked, Response(blocked.url, status=412))
    assert middleware.ready_in(blocked.meta["asked"]) > 500


def test_a_robots_txt_behind_a_wall_makes_the_domain_rest_at_once(politeness):
    middleware = politeness(Memory())
    robots = request(f"{URL}robots.txt", Outcome.BLOCKED, Role.ROBOTS)

    middleware.process_response(robots, Response(robots.url, status=412))

    assert middleware.ready_in(robots.meta["asked"]) > 500


def test_failures_of_the_network_count_and_refusals_of_our_gates_do_not(politeness):
    middleware = politeness(Memory())
    forbidden, failed = request(outcome=Outcome.ROBOTS), request(outcome=Outcome.TIMEOUT)
    for _ in range(2):
        middleware.process_exception(failed, TimeoutError())
        middleware.process_exception(forbidden, Refusal(Outcome.ROBOTS, "forbidden by robots.txt"))
    assert middleware.ready_in(failed.meta["asked"]) == 0

    middleware.process_exception(failed, TimeoutError())
    assert middleware.ready_in(failed.meta["asked"]) > 500


def test_a_request_behind_a_host_that_rests_beyond_the_patience_is_refused_for_what_made_it_rest(politeness):
    memory = Memory()
    middleware = politeness(memory, patience=900.0)
    failed = request(outcome=Outcome.TIMEOUT)
    for _ in range(4):
        middleware.process_exception(failed, TimeoutError())

    with pytest.raises(Refusal, match=r"the host rests for 1\d{3} s more") as refused:
        asyncio.run(middleware.process_request(request()))
    assert refused.value.outcome is Outcome.TIMEOUT
    assert memory.touches == []


def test_a_host_known_to_rest_from_an_earlier_run_counts_as_blocked_where_the_reason_is_lost(politeness, clock):
    with pytest.raises(Refusal, match="not asked") as refused:
        asyncio.run(politeness(Memory(rests=clock.now + 3600)).process_request(request()))
    assert refused.value.outcome is Outcome.BLOCKED


def test_a_gap_wider_than_the_patience_is_the_wish_of_robots_txt(politeness, clock):
    middleware = politeness(Memory(last=clock.now), patience=10.0)
    middleware.widen(request().meta["asked"], 3600.0)

    with pytest.raises(Refusal, match="between two requests") as refused:
        asyncio.run(middleware.process_request(request()))
    assert refused.value.outcome is Outcome.ROBOTS


def test_the_usual_gap_is_waited_for_even_without_patience(politeness, clock):
    middleware = politeness(Memory(), delay=2.0, patience=0.0)

    async def two_at_once() -> None:
        await asyncio.gather(*(middleware.process_request(request()) for _ in range(2)))

    asyncio.run(two_at_once())
    assert clock.waits == [2.0]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"120", 120.0),
        (b"Sun, 01 Feb 2026 12:01:00 GMT", 60.0),
        (b"Sun, 01 Feb 2026 11:00:00 GMT", 0.0),
        (b"soon", None),
        (b"-5", None),
        (b"", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, seconds):
    assert retry_after(value, NOW) == seconds
