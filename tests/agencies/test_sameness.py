"""Why two names are one agency or two."""

import pytest

from govcrawl.agencies.sameness import KnownAgency, Sameness, compare_agencies, may_be_compared
from govcrawl.vocabulary import Scope


def agency(short, code="330110", place="余杭区", scope=Scope.DEPARTMENT, codes=(), shared=()):
    return KnownAgency(f"{code}:{short}", short, code, place, scope, frozenset(codes), frozenset(shared))


COMMERCE = agency("余杭区商务局")


@pytest.mark.parametrize(
    ("one", "other", "sameness", "why"),
    [
        (COMMERCE, agency("余杭区商务局"), Sameness.ONE, "商务局 of 330110 余杭区"),
        (COMMERCE, agency("杭州市商务局", "330100", "杭州市"), Sameness.TWO, "two places"),
        (COMMERCE, agency("余杭区人民政府", scope=Scope.GOVERNMENT), Sameness.TWO, "two kinds"),
        (COMMERCE, agency("余杭区教育局"), Sameness.TWO, "names differ"),
        (COMMERCE, agency("unknown-0123", scope=Scope.UNKNOWN), Sameness.TWO, "names none for certain"),
        (COMMERCE, agency("余杭区商务和投资局"), Sameness.OPEN, "商务局 abbreviates 商务和投资局"),
        (
            agency("余杭区卫生局", codes={"002489452"}),
            agency("余杭区卫生和计划生育局", codes={"002489452"}),
            Sameness.OPEN,
            "one organisation code, 002489452; 卫生局 abbreviates",
        ),
        (
            agency("余杭区粮食局", codes={"002489452"}, shared={"002489452"}),
            agency("余杭区档案馆", codes={"002489452"}, shared={"002489452"}),
            Sameness.OPEN,
            "which may be the portal's",
        ),
        (
            agency("余杭区商务局", codes={"002489452"}),
            agency("余杭区商务和投资局", codes={"470118716"}),
            Sameness.TWO,
            "two organisation codes, 002489452 and 470118716",
        ),
    ],
)
def test_why_two_names_are_one_agency_or_two(one, other, sameness, why):
    for pair in ((one, other), (other, one)):
        told, _ = compare_agencies(*pair)
        assert told is sameness
    assert why in compare_agencies(one, other)[1]


def test_which_agencies_may_be_taken_for_one():
    assert may_be_compared(COMMERCE, agency("杭州市商务局", "330100", "杭州市"))
    assert may_be_compared(COMMERCE, agency("余杭区商务和投资局"))
    assert may_be_compared(agency("余杭区粮食局", codes={"1"}), agency("余杭区档案馆", codes={"1"}))
    assert not may_be_compared(COMMERCE, agency("余杭区教育局"))
    assert not may_be_compared(COMMERCE, COMMERCE)
    assert not may_be_compared(COMMERCE, agency("unknown-0123", scope=Scope.UNKNOWN, codes={"1"}))
