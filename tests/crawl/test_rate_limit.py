from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.crawl.rate_limit import Lane, RateLimit
from govcrawl.vocabulary import Outcome

HANGZHOU = Lane("hangzhou.gov.cn", 2.0)
YUHANG = Lane("yuhang.gov.cn", 2.0)
BACKEND = Lane("backend zhejiang", 0.25)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> RateLimit:
    return RateLimit(clock, rest_seconds=600.0)


def test_callers_at_once_get_places_one_gap_apart(pace: RateLimit):
    assert [pace.reserve([HANGZHOU]) for _ in range(3)] == [0.0, 2.0, 4.0]


def test_lanes_are_independent(pace: RateLimit):
    pace.reserve([HANGZHOU])

    assert pace.reserve([YUHANG]) == 0.0


def test_a_shared_back_end_spaces_portals_of_different_domains(pace: RateLimit):
    pace.reserve([HANGZHOU, BACKEND])

    assert pace.reserve([YUHANG, BACKEND]) == 0.25


def test_the_last_request_of_an_earlier_run_counts(pace: RateLimit):
    pace.remember(HANGZHOU.name, seconds_ago=0.5)

    assert pace.reserve([HANGZHOU]) == 1.5


def test_a_clock_set_back_between_runs_never_makes_the_wait_longer_than_the_gap(pace: RateLimit):
    pace.remember(HANGZHOU.name, seconds_ago=-86_400.0)

    assert pace.reserve([HANGZHOU]) == 2.0


def test_a_crawl_delay_widens_the_gap_and_never_narrows_it(pace: RateLimit):
    pace.widen(HANGZHOU.name, 10.0)
    pace.widen(HANGZHOU.name, 0.1)
    pace.reserve([HANGZHOU])

    assert pace.reserve([HANGZHOU]) == 10.0


def test_a_rest_holds_until_it_is_over(pace: RateLimit, clock: Clock):
    pace.rest(HANGZHOU.name, 30.0)
    pace.rest(HANGZHOU.name, 5.0)

    assert pace.ready_at([HANGZHOU]) == clock.now + 30.0


def test_failures_in_a_row_make_a_lane_rest_and_a_success_between_them_does_not(pace: RateLimit):
    kinds = [Outcome.TIMEOUT, Outcome.TIMEOUT, Outcome.OK, Outcome.TIMEOUT, Outcome.TIMEOUT]
    assert not any(pace.ended(HANGZHOU.name, kind) for kind in kinds)

    assert [pace.ended(HANGZHOU.name, Outcome.TIMEOUT) for _ in range(3)] == [600.0, 1200.0, 2400.0]


def test_a_wall_makes_a_lane_rest_long_and_a_telling_one_at_once(pace: RateLimit):
    assert [pace.ended(HANGZHOU.name, Outcome.BLOCKED) for _ in range(3)] == [0.0, 0.0, 7200.0]
    assert pace.ended(YUHANG.name, Outcome.BLOCKED, telling=True) == 7200.0


@given(st.lists(st.tuples(st.sampled_from([HANGZHOU, YUHANG]), st.floats(0, 5)), max_size=60))
def test_no_order_of_requests_ever_breaks_a_gap(steps):
    clock = Clock()
    pace = RateLimit(clock, rest_seconds=600.0)
    starts: dict[str, list[float]] = {}
    for lane, later in steps:
        clock.now += later
        start = clock.now + pace.reserve([lane, BACKEND])
        for used in (lane, BACKEND):
            starts.setdefault(used.name, []).append(start)

    gaps = {lane.name: lane.gap for lane in (HANGZHOU, YUHANG, BACKEND)}
    for name, times in starts.items():
        assert all(later - earlier >= gaps[name] - 1e-9 for earlier, later in pairwise(times))
