"""Repairs: the smallest move that makes the identities hold, proposed with its proof and never made."""

import random

import invention
import pytest

from govcrawl.models import Locator
from govcrawl.reports.identities import broken
from govcrawl.reports.observations import Observations
from govcrawl.reports.reconciliation import reconcile
from govcrawl.reports.repair_proposals import propose_repairs
from govcrawl.vocabulary import IssueKind

from ..growth import cost

COLUMNS = (
    "natural_person", "commercial_enterprise", "research_institution", "public_welfare_organization",
    "legal_service_organization", "other_organization", "total",
)  # fmt: skip


class Text:
    def __init__(self, raw):
        self.raw, self.locator = raw, Locator(0, 0)


def tables_of(figures):
    return reconcile(Observations(cells={place: Text(text) for place, text in figures.items()}), Observations())


@pytest.fixture
def figures():
    figures = invention.invent("f2021", random.Random(11))
    for column, text in zip(COLUMNS, ("912", "87", "0", "3", "0", "0", "1002"), strict=True):
        figures["applications", "granted", column] = text
    for row in ("result_total", "new_received"):
        figures.update(_resummed(figures, row))
    return figures


def _resummed(figures, row):
    """The totals of a row of sums, so that the table is sound again."""
    leaves = {place[1] for place in figures if place[0] == "applications"} - {
        "new_received", "carried_over", "carried_forward", "result_total"}  # fmt: skip
    for column in COLUMNS:
        number = {
            name: int(figures["applications", name, column]) for name in (*leaves, "carried_over", "carried_forward")
        }
        results = sum(number[name] for name in leaves)
        made = results if row == "result_total" else results + number["carried_forward"] - number["carried_over"]
        yield ("applications", row, column), str(made)


def line(figures, row, texts):
    return figures | {("applications", row, column): text for column, text in zip(COLUMNS, texts, strict=True)}


def test_sound_figures_need_no_repair(figures):
    tables = tables_of(figures)
    assert broken("f2021", "applications", [fact.value for fact in tables.facts["applications"]]) == ()
    assert propose_repairs(tables) == ()


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (("87", "912", "0", "3", "0", "0", "1002"), "swap"),
        (("912", "0", "87", "3", "0", "0", "1002"), "swap"),
        (("91287", "0", "3", "0", "0", "1002", "0"), "split"),
        (("0", "912", "87", "0", "3", "0", "0"), None),
    ],
)
def test_the_smallest_move_is_proposed_with_its_proof(figures, texts, name):
    tables = tables_of(line(figures, "granted", texts))
    proposals = [issue for issue in propose_repairs(tables) if issue.where == "applications"]
    assert all(issue.kind is IssueKind.REPAIR_PROPOSED for issue in proposals)
    assert [issue.detail.partition(":")[0] for issue in proposals] == [name] * bool(name)
    assert all("applications_result_total at" in issue.detail for issue in proposals)
    assert [fact.raw for fact in tables.facts["applications"] if fact.row == "granted"] == list(texts)


def test_a_wrong_figure_that_no_move_explains_is_left_alone(figures):
    assert propose_repairs(tables_of(line(figures, "granted", ("913", "87", "0", "3", "0", "0", "1002")))) == ()


def test_a_search_in_vain_costs_no_more_than_one_with_success(figures):
    rng = random.Random(3)
    noise = {
        place: str(rng.randint(100, 999999)) if place[0] == "applications" else text for place, text in figures.items()
    }
    tables, one_moved = tables_of(noise), tables_of(line(figures, "granted", ("87", "912", "0", "3", "0", "0", "1002")))
    assert propose_repairs(tables) == ()
    assert propose_repairs(one_moved)

    in_vain, found = cost(lambda: propose_repairs(tables), lambda: propose_repairs(one_moved))
    assert in_vain < 10 * found
