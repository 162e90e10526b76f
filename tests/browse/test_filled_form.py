"""Tables with their facts: what fails and what contradicts is marked where it stands, and said below."""

from dataclasses import fields, replace

import pytest

from govcrawl import forms
from govcrawl.browse.filled_form import (
    CellWithoutFact,
    FormNotes,
    ReportClaim,
    assessment_of,
    filled_form,
    notes_on_checks,
    notes_on_claims,
    notes_on_issues,
)
from govcrawl.browse.form_layout import HeadCell
from govcrawl.browse.issues import ListedIssue
from govcrawl.browse.version_facts import ShownCheck, ShownFact

TABLE = "review_litigation"


@pytest.fixture
def facts():
    return {
        item.at: ShownFact("f2021", *item.at, item.label_zh, f"v-{item.number}", 1, "number", "1", item.unit)
        for item in forms.load_forms()["f2021"].items_of(TABLE)
    }


def check(outcome):
    return ShownCheck("reconsideration_total", TABLE, "cases", outcome, 4, 1, "(无行名)")


def cells(table):
    return {cell.column: cell for line in table.body for cell in line if not isinstance(cell, HeadCell)}


def test_a_failing_identity_marks_its_operands_and_numbers_its_sum(facts):
    notes = FormNotes(notes_on_checks([check("fails")], facts))
    table = filled_form("f2021", TABLE, facts, notes)
    found = cells(table)

    assert [note.number for note in table.notes] == [1]
    assert (table.notes[0].left, table.notes[0].right) == (4, 1)
    assert found["reconsideration_total"].notes == [1]
    assert found["reconsideration_upheld"].notes == []
    marked = [column for column, cell in found.items() if cell.marks == ["check"]]
    assert marked == [f"reconsideration_{name}" for name in ("upheld", "corrected", "other", "pending", "total")]


@pytest.mark.parametrize("outcome", ["holds", "not_assessable"])
def test_what_does_not_fail_marks_nothing(facts, outcome: str):
    assert list(notes_on_checks([check(outcome)], facts)) == []


def test_claims_and_issues_mark_their_cells(facts):
    claim = ReportClaim("c", "reviews", 2, "contradicts", "复议2件", [f"{TABLE}.cases.reconsideration_total"])
    agreeing = replace(claim, outcome="agrees")
    known = dict.fromkeys(field.name for field in fields(ListedIssue))
    issue = ListedIssue(**known | {"kind": "unit_jump", "detail": "x", "where": f"{TABLE}.cases.reconsideration_other"})
    said = replace(issue, kind="identity_fails")
    closed = replace(issue, closed_at="2026-01-01T00:00:00Z")
    elsewhere = replace(issue, where="page")
    notes = FormNotes((*notes_on_claims([claim, agreeing]), *notes_on_issues([issue, said, closed, elsewhere])))
    found = cells(filled_form("f2021", TABLE, facts, notes))

    assert found["reconsideration_total"].marks == ["claim"]
    assert found["reconsideration_other"].marks == ["issue"]
    assert found["reconsideration_other"].notes == [2]
    assert len(notes.of_table(TABLE)) == 2
    assert notes.of_table("applications") == []


def test_a_cell_without_a_fact_keeps_its_place(facts):
    del facts[TABLE, "cases", "reconsideration_total"]
    found = cells(filled_form("f2021", TABLE, facts, FormNotes(())))

    assert found["reconsideration_total"] == CellWithoutFact("cases", "reconsideration_total", 1, [], [])


def test_the_identity_of_a_check_names_its_cells():
    assert assessment_of("f2021", check("fails")).cells == (0, 1, 2, 3, 4)
