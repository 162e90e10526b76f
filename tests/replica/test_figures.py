from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.forms import load_forms
from govcrawl.replica.annual_reports.expected_checks import expected_check_outcomes
from govcrawl.replica.annual_reports.figures import draw_figures
from govcrawl.replica.annual_reports.printed_cells import print_cells
from govcrawl.vocabulary import CheckOutcome, Scope, Status

from ..exploration import examples

TABLES = ("proactive", "applications", "review_litigation")
YEARS = range(2019, 2025)
TEMPLATES = {year: dict.fromkeys(TABLES, "f2019" if year < 2021 else "f2021") for year in YEARS}


def items_of(template):
    return {item.place: item for table, form in template.items() for item in load_forms()[form].items_of(table)}


def forms_of(template):
    return {table: load_forms()[form] for table, form in template.items()}


@examples(25)
@given(st.integers(), st.sampled_from([Scope.DEPARTMENT, Scope.OFFICE, Scope.GOVERNMENT]))
def test_every_identity_holds_within_a_year(seed, scope):
    drawn = draw_figures(TEMPLATES, scope, load_forms(), Random(seed), {})

    for year, template in TEMPLATES.items():
        cells = print_cells(items_of(template), drawn[year], "plain")
        outcomes = {each.outcome for each in expected_check_outcomes(forms_of(template), cells)}
        assert outcomes == {CheckOutcome.HOLDS, CheckOutcome.NOT_ASSESSABLE}
        assert set(drawn[year]) == set(items_of(template))


@examples(25)
@given(st.integers())
def test_years_are_linked(seed):
    drawn = draw_figures(TEMPLATES, Scope.DEPARTMENT, load_forms(), Random(seed), {})

    columns = [column.key for column in load_forms()["f2021"].table("applications").columns]
    for year in list(YEARS)[1:]:
        for column in columns:
            forward = drawn[year - 1][f"applications.carried_forward.{column}"]
            assert drawn[year][f"applications.carried_over.{column}"] == forward
    documents = "proactive.normative_documents."
    for year in (2022, 2023, 2024):
        before, now = drawn[year - 1], drawn[year]
        rolled = before[documents + "in_force"] + now[documents + "issued"] - now[documents + "repealed"]
        assert now[documents + "in_force"] == rolled >= 0


@examples(25)
@given(st.integers())
def test_years_around_a_given_one_fit_it(seed):
    given_year = draw_figures({2022: TEMPLATES[2022]}, Scope.DEPARTMENT, load_forms(), Random(seed + 1), {})[2022]
    given_year = {**given_year, "applications.carried_over.natural_person": 2, "applications.carried_over.total": 2}

    drawn = draw_figures(TEMPLATES, Scope.DEPARTMENT, load_forms(), Random(seed), {2022: given_year})

    assert drawn[2022] == given_year
    assert drawn[2021]["applications.carried_forward.natural_person"] == 2
    before = print_cells(items_of(TEMPLATES[2021]), drawn[2021], "plain")
    assert all(
        each.outcome is not CheckOutcome.FAILS for each in expected_check_outcomes(forms_of(TEMPLATES[2021]), before)
    )


def test_a_seed_gives_the_same_figures():
    first, second = (draw_figures(TEMPLATES, Scope.DEPARTMENT, load_forms(), Random("a"), {}) for _ in range(2))
    assert first == second
    assert first != draw_figures(TEMPLATES, Scope.DEPARTMENT, load_forms(), Random("b"), {})


def test_a_broken_sum_is_seen_where_it_is_broken():
    template = TEMPLATES[2022]
    figures = draw_figures({2022: template}, Scope.DEPARTMENT, load_forms(), Random("a"), {})[2022]
    figures["applications.granted.natural_person"] += 3

    assessed = expected_check_outcomes(forms_of(template), print_cells(items_of(template), figures, "plain"))

    failing = {(each.identity, each.at) for each in assessed if each.outcome is CheckOutcome.FAILS}
    assert failing == {("applications_result_total", "natural_person"), ("applications_col_total", "granted")}


@pytest.mark.parametrize(
    ("habit", "place", "value", "text", "truth"),
    [
        ("plain", "applications.granted.total", 12, "12", 12),
        ("spaced", "applications.granted.total", 0, "\u00a00\u3000", 0),
        ("full-width", "proactive.administrative_fees.fee_amount_10k_yuan", 20.3, "２０．３", 20.3),
        ("thousands", "applications.granted.total", 12345, "12,345", 12345),
        ("blank-zeros", "applications.granted.natural_person", 0, "", Status.BLANK),
        ("blank-zeros", "applications.granted.total", 0, "0", 0),
        ("slashed-rules", "proactive.rules.issued", 0, "/", Status.SLASH),
        ("words", "proactive.administrative_fees.fee_amount_10k_yuan", 0, "无", Status.TEXT),
    ],
)
def test_habits_print_cells_and_know_what_they_say(habit, place, value, text, truth):
    item = items_of(TEMPLATES[2022])[place]
    shown = print_cells({place: item}, {place: value}, habit)[place]
    assert (shown.text, shown.truth) == (text, truth)


@pytest.mark.parametrize(
    ("place", "value", "text", "unit"),
    [
        ("proactive.administrative_licensing.items_delta", -8, "减少8", None),
        ("proactive.administrative_licensing.items_delta", 1036, "+1036", None),
        ("proactive.central_procurement.amount", 160.5964, "160.5964万元", "万元"),
    ],
)
def test_words_keep_the_number(place, value, text, unit):
    shown = print_cells({place: items_of(TEMPLATES[2019])[place]}, {place: value}, "words")[place]
    assert (shown.text, shown.value, shown.unit) == (text, value, unit)
