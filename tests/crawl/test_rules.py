import pytest

from govcrawl.crawl.rules import shrunk


@pytest.mark.parametrize(
    ("seen", "known", "broken"),
    [
        ({"330100": 40}, {"330100": 100}, True),
        ({"330100": 50}, {"330100": 100}, False),
        ({}, {"330100": 100}, True),
        ({}, {"330100": 9}, False),
        ({"330100": 120}, {"330100": 100}, False),
        ({}, {}, False),
    ],
)
def test_lists_may_not_lose_half_of_what_is_known(seen, known, broken):
    assert bool(shrunk(seen, known)) is broken


def test_a_broken_rule_names_the_portal_and_both_counts():
    assert shrunk({"330100": 3}, {"330100": 24, "330110": 8}) == (
        "portal 330100 listed 3 of the 24 rows known of it; look at its lists",
    )
