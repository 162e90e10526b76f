"""The gold set: every case is read exactly as its page was made, and no figure that is wrong is ever given."""

import json
from collections import Counter
from pathlib import Path

import pytest

from govcrawl import forms
from govcrawl.pages import raw_at, read_page
from govcrawl.reports import read_report
from govcrawl.reports.identities import expected_checks
from govcrawl.vocabulary import Status

GOLD = Path(__file__).parents[1] / "fixtures" / "reports"
CASES = sorted(folder.name for folder in GOLD.iterdir())


def read(name):
    file = next((GOLD / name).glob("input.*"))
    body = file.read_bytes()
    page = read_page(body, "text/html" if file.suffix == ".html" else "text/plain")
    return body, page, read_report(page)


def wanted(name):
    expected = json.loads((GOLD / name / "expected.json").read_text("utf-8"))
    cells = {}
    for table, form in expected["forms"].items():
        told = expected["facts"][table]
        columns = Counter()
        for item in forms.load_forms()[form].items_of(table):
            cells[item.at] = told[item.row][columns[item.row]]
            columns[item.row] += 1
    return expected, cells


def said(fact):
    return fact.value if fact.status is Status.NUMBER else str(fact.status)


def test_the_set_is_large_enough():
    assert len(CASES) >= 120


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_read_as_it_was_made(name):
    expected, cells = wanted(name)
    _, _, reading = read(name)
    got = {(fact.table, fact.row, fact.column): said(fact) for fact in reading.facts}
    assert {place: (got.get(place), told) for place, told in cells.items() if got.get(place) != told} == {}
    assert got.keys() == cells.keys()
    assert {fact.table: fact.form for fact in reading.facts} == expected["forms"]
    assert set(expected["issues"]) <= {str(issue.kind) for issue in reading.issues}


@pytest.mark.parametrize("name", CASES)
def test_every_fact_can_be_read_again_from_its_bytes_and_every_identity_is_assessed(name):
    body, page, reading = read(name)
    told = [fact for fact in reading.facts if fact.locator is not None]
    assert {fact.raw for fact in told if raw_at(body, fact.locator, page.encoding) != fact.raw} == set()
    assert all(fact.status is Status.MISSING for fact in reading.facts if fact.locator is None)
    assert len(reading.checks) == expected_checks({fact.table: fact.form for fact in reading.facts})


@pytest.mark.parametrize("name", CASES)
def test_what_is_missing_has_its_reason(name):
    _, _, reading = read(name)
    missing = {f"{fact.table}.{fact.row}" for fact in reading.facts if fact.status is Status.MISSING}
    reasons = {issue.where for issue in reading.issues if issue.kind in ("ambiguous_layout", "row_missing")}
    assert missing <= reasons
