"""Quantities: every result row of the forms belongs to one outcome, and rates name cells that exist."""

from govcrawl import forms
from govcrawl.browse.quantities import (
    APPLICATION_OUTCOMES,
    QUANTITY_CELLS,
    outcome_items,
    quantity_items,
    rate_definitions,
)

ITEMS = forms.load_forms().by_number


def test_every_result_of_an_application_has_an_outcome():
    no_results = {"new_received", "carried_over", "carried_forward", "result_total"}
    results = {
        number
        for number, item in ITEMS.items()
        if item.table == "applications" and item.column == "total" and item.row not in no_results
    }

    assert set(outcome_items()) == results
    assert set(outcome_items().values()) == set(APPLICATION_OUTCOMES)


def test_every_place_of_a_series_is_a_cell_of_a_form():
    places = {(item.table, item.row, item.column) for item in ITEMS.values()}

    named = {place for found in QUANTITY_CELLS.values() for place in found}
    assert named <= places
    assert {ITEMS[number].row for number in quantity_items()} == {row for _, row, _ in named}


def test_both_forms_give_every_rate():
    for rate in rate_definitions().values():
        assert {ITEMS[number].form for number in rate.numerator} == {"f2021", "f2019"}
        assert [ITEMS[number].form for number in rate.denominator] == ["f2021", "f2019"]
