"""Rates: the mean over organs, and bounds that hold whatever those without a report would say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.browse.home import shade
from govcrawl.browse.rates import COLOUR_STEPS, OrganRate, RateSummary, colour_level, colour_scale, rate_summary

COUNTS = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: (min(pair), max(pair)))


@pytest.mark.parametrize(
    ("numerator", "denominator", "stands", "rate"),
    [
        (3, 4, "rate", 0.75),
        (0, 4, "rate", 0),
        (0, 0, "nothing", None),
        (None, 4, "missing", None),
        (3, None, "missing", None),
    ],
)
def test_how_an_organ_stands(numerator: float | None, denominator: float | None, stands: str, rate: float | None):
    found = OrganRate(numerator, denominator)

    assert (found.standing, found.rate) == (stands, rate)


@given(st.lists(COUNTS, min_size=1, max_size=12), st.lists(COUNTS.filter(lambda pair: pair[1] > 0), max_size=6))
def test_bounds_hold_whatever_the_missing_would_say(known: list[tuple[int, int]], unknown: list[tuple[int, int]]):
    reported = [OrganRate(*pair) for pair in known]
    told = rate_summary([*reported, *(OrganRate(None, None) for _ in unknown)])
    truth = rate_summary([*reported, *(OrganRate(*pair) for pair in unknown)])

    assert told.missing == len(unknown)
    if told.rate is not None:
        assert told.low - 1e-9 <= truth.rate <= told.high + 1e-9
        assert told.low <= told.rate <= told.high or not unknown


@pytest.mark.parametrize(
    ("numerator", "denominator", "bounds"),
    [(3, 4, (0.75, 0.75)), (0, 0, (None, None)), (None, 4, (0, 1)), (1, None, (0, 1))],
)
def test_the_bounds_of_an_organ(numerator: float | None, denominator: float | None, bounds: tuple[float | None, ...]):
    found = OrganRate(numerator, denominator)

    assert (found.low, found.high) == bounds


def test_one_that_has_nothing_to_divide_by_is_missing_nowhere():
    found = rate_summary([OrganRate(1, 2), OrganRate(0, 0)])

    assert (found.organs, found.reports, found.missing) == (2, 1, 0)
    assert found.low == found.rate == found.high == 0.5


def test_without_a_rate_there_are_no_bounds():
    assert rate_summary([OrganRate(None, None)]) == RateSummary(
        organs=1, reports=0, missing=1, rate=None, low=None, high=None, pooled=None
    )


def test_together_counts_applications_not_organs():
    assert rate_summary([OrganRate(1, 1), OrganRate(0, 9)]).pooled == 0.1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_every_rate_has_its_step(rates: list[float]):
    steps = colour_scale(rates)

    lowest = {step.level: step.from_ for step in steps}
    assert len(steps) == (COLOUR_STEPS if len(set(rates)) > 1 else 1)
    assert all(lowest[colour_level(rate, steps)] - 1e-9 <= rate for rate in rates)
    assert colour_level(None, steps) is None
    assert colour_scale([]) == []


@pytest.mark.parametrize(("part", "whole", "shown"), [(0, 9, 0), (1, 9, 1), (8, 9, 3), (9, 9, 4), (0, 0, None)])
def test_only_all_is_shown_as_all(part: int, whole: int, shown: int | None):
    assert shade(part, whole) == shown
