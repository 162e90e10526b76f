"""Tables with their facts: what fails and what contradicts is marked where it stands, and said below."""

import pytest

from govcrawl import forms
from govcrawl.browse.filled_form import Notes, assessed, filled, notes_on_checks, notes_on_claims, notes_on_issues

TABLE = "review_litigation"


@pytest.fixture
def facts():
    return {
        item.at: {"id": f"v-{item.number}", "form": "f2021", "table": item.table, "row": item.row,
                  "column": item.column, "label": item.label_zh, "value": 1, "status": "number", "raw": "1"}
        for item in forms.load_forms()["f2021"].items_of(TABLE)
    }  # fmt: skip


def check(outcome):
    return {"identity": "reconsideration_total", "table": TABLE, "at": "cases", "at_label": "(无行名)",
            "outcome": outcome, "left": 4, "right": 1}  # fmt: skip


def cells(table):
    return {cell["column"]: cell for line in table["body"] for cell in line if "text" not in cell}


def test_a_failing_identity_marks_its_operands_and_numbers_its_sum(facts):
    notes = Notes(notes_on_checks([check("fails")], facts))
    table = filled("f2021", TABLE, facts, notes)
    found = cells(table)

    assert [note["number"] for note in table["notes"]] == [1]
    assert (table["notes"][0]["left"], table["notes"][0]["right"]) == (4, 1)
    assert found["reconsideration_total"]["notes"] == [1]
    assert found["reconsideration_upheld"]["notes"] == []
    marked = [column for column, cell in found.items() if cell["marks"] == ["check"]]
    assert marked == [f"reconsideration_{name}" for name in ("upheld", "corrected", "other", "pending", "total")]


@pytest.mark.parametrize("outcome", ["holds", "not_assessable"])
def test_what_does_not_fail_marks_nothing(facts, outcome: str):
    assert list(notes_on_checks([check(outcome)], facts)) == []


def test_claims_and_issues_mark_their_cells(facts):
    claim = {"kind": "reviews", "value": 2, "text": "复议2件", "outcome": "contradicts",
             "against": [f"{TABLE}.cases.reconsideration_total"]}  # fmt: skip
    agreeing = {**claim, "outcome": "agrees"}
    issue = {"kind": "unit_jump", "detail": "x", "where": f"{TABLE}.cases.reconsideration_other", "closed_at": None}
    said = {**issue, "kind": "identity_fails"}
    closed = {**issue, "closed_at": "2026-01-01T00:00:00Z"}
    elsewhere = {**issue, "where": "page"}
    notes = Notes((*notes_on_claims([claim, agreeing]), *notes_on_issues([issue, said, closed, elsewhere])))
    found = cells(filled("f2021", TABLE, facts, notes))

    assert found["reconsideration_total"]["marks"] == ["claim"]
    assert found["reconsideration_other"]["marks"] == ["issue"]
    assert found["reconsideration_other"]["notes"] == [2]
    assert len(notes.of_table(TABLE)) == 2
    assert notes.of_table("applications") == []


def test_a_cell_without_a_fact_keeps_its_place(facts):
    del facts[TABLE, "cases", "reconsideration_total"]
    found = cells(filled("f2021", TABLE, facts, Notes(())))

    assert found["reconsideration_total"] == {
        "row": "cases",
        "column": "reconsideration_total",
        "columns": 1,
        "notes": [],
        "marks": [],
    }


def test_the_identity_of_a_check_names_its_cells():
    assert assessed("f2021", check("fails")).cells == (0, 1, 2, 3, 4)
