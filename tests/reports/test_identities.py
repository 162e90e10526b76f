"""Identities: every one at every place, sums of what is printed, and nothing assessed that cannot be."""

import random
from collections import Counter

import invention
import pytest

from govcrawl import forms
from govcrawl.models import Fact
from govcrawl.reports.cell_values import read_cell
from govcrawl.reports.identities import assess_identities, broken, expected_checks
from govcrawl.vocabulary import CheckOutcome


def facts_of(form, table, figures):
    made = []
    for item in forms.load_forms()[form].items_of(table):
        read = read_cell(figures[item.at])
        made.append(Fact(*(form, *item.at), item.number, read.value, read.status, figures[item.at], item.unit, None))
    return made


@pytest.fixture
def figures():
    return invention.invent("f2021", random.Random(5))


@pytest.mark.parametrize(("form", "count"), [("f2021", 7 * 3 + 25 + 3 + 4), ("f2019", 7 * 3 + 23 + 3 + 2 + 5)])
def test_the_number_of_checks_follows_from_the_form(form, count):
    tables = dict.fromkeys(("proactive", "applications", "review_litigation"), form)
    figures = invention.invent(form, random.Random(1))
    checks = [check for table in tables for check in assess_identities(form, table, facts_of(form, table, figures))]
    assert len(checks) == expected_checks(tables) == count


def test_sound_figures_hold_everywhere_within_the_year(figures):
    checks = assess_identities("f2021", "applications", facts_of("f2021", "applications", figures))
    outcomes = {check.outcome for check in checks if check.identity != "applications_carry_link"}
    assert outcomes == {CheckOutcome.HOLDS}
    assert all(check.left == check.right for check in checks)


def test_places_are_columns_or_rows(figures):
    checks = assess_identities("f2021", "applications", facts_of("f2021", "applications", figures))
    places = Counter(check.identity for check in checks)
    assert places == {"applications_balance": 7, "applications_result_total": 7, "applications_col_total": 25,
                      "applications_carry_link": 7}  # fmt: skip
    assert {check.at for check in checks if check.identity == "applications_balance"} >= {"natural_person", "total"}
    assert {check.at for check in checks if check.identity == "applications_col_total"} >= {"granted", "result_total"}


def test_one_changed_figure_breaks_its_row_and_its_column(figures):
    place = ("applications", "granted", "natural_person")
    figures[place] = str(int(figures[place]) + 1)
    checks = assess_identities("f2021", "applications", facts_of("f2021", "applications", figures))
    failing = {
        (check.identity, check.at, check.left - check.right) for check in checks if check.outcome is CheckOutcome.FAILS
    }
    assert failing == {("applications_result_total", "natural_person", 1), ("applications_col_total", "granted", 1)}


@pytest.mark.parametrize("text", ["", "/", "无", "约3"])
def test_what_is_no_number_is_never_a_nought(figures, text):
    figures["applications", "new_received", "total"] = text
    checks = assess_identities("f2021", "applications", facts_of("f2021", "applications", figures))
    touched = [check for check in checks if (check.identity, check.at) in
               {("applications_balance", "total"), ("applications_col_total", "new_received")}]  # fmt: skip
    assert [(check.outcome, check.left is None or check.right is None) for check in touched] == [
        (CheckOutcome.NOT_ASSESSABLE, True)
    ] * 2


@pytest.mark.parametrize("form", ["f2021", "f2019"])
def test_what_needs_another_year_is_not_assessable(form):
    figures = invention.invent(form, random.Random(2))
    checks = assess_identities(form, "proactive", facts_of(form, "proactive", figures))
    across = [check for check in checks if check.identity != "proactive_new_le_total"]
    assert across
    assert {check.outcome for check in across} == {CheckOutcome.NOT_ASSESSABLE}
    assert all(check.right is None for check in across)


def test_a_bound_holds_up_to_equality():
    figures = {item.at: "0" for item in forms.load_forms()["f2014_stat"].items}
    figures["statistics_2014", "b2_press", "value"] = figures["statistics_2014", "b2_press_head", "value"] = "3"
    assert not broken("f2014_stat", "statistics_2014", [int(text) for text in figures.values()])
    figures["statistics_2014", "b2_press_head", "value"] = "4"
    wrong = broken("f2014_stat", "statistics_2014", [int(text) for text in figures.values()])
    assert [each.identity.key for each in wrong] == ["st_press"]
