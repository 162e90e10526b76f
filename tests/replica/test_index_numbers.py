from random import Random

import pytest

from govcrawl.index_number import check_organisation_code, check_uscc, parse_index_number
from govcrawl.replica.annual_reports.index_numbers import (
    checked_credit_code,
    checked_organisation_code,
    code_on_portal,
    draw_index_number,
)
from govcrawl.replica.plan import load_plan


@pytest.mark.parametrize("code", ["002489452", "002590745", "000014349", "014416330", "00835003X"])
def test_organisation_codes_end_in_the_right_character(code):
    assert checked_organisation_code(code[:8]) == code
    assert check_organisation_code(checked_organisation_code("00210007"))


@pytest.mark.parametrize("code", ["12331000472582336X", "11330800002618015K"])
def test_credit_codes_end_in_the_right_character(code):
    assert checked_credit_code(code[:17]) == code
    assert check_uscc(code)


@pytest.mark.parametrize("portal", load_plan().portals, ids=lambda portal: portal.portal.id)
def test_organs_of_a_portal_have_codes_of_their_own(portal):
    codes = [code_on_portal(portal, organ) for organ in portal.organs]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    "portal", [each for each in load_plan().portals if each.organs], ids=lambda portal: portal.portal.id
)
def test_index_numbers_are_in_a_known_grammar_and_carry_the_year_of_publication(portal):
    number = draw_index_number(portal, portal.organs[-1], "2025-01-17", Random(1))
    if portal.numbering in ("none", "empty"):
        assert number is None
    else:
        read = parse_index_number(number)
        assert read is not None
        assert read.year == 2025
