"""Claims: labelled sentences in `tests/fixtures/claims`, one line a sentence, with the claims it makes."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl import forms
from govcrawl.models import Fact, Report, Section
from govcrawl.reports import claims
from govcrawl.vocabulary import ClaimOutcome, IssueKind, Scope, SectionKey, Status

CASES = sorted((Path(__file__).parents[1] / "fixtures" / "claims").iterdir())


def fact(place, value):
    table, row, column = place.split(".")
    if isinstance(value, str):
        return Fact("f2021", table, row, column, 1, None, Status(value), "", None, None)
    return Fact("f2021", table, row, column, 1, value, Status.NUMBER, str(value), None, None)


def found_and_expected(case):
    """For each line of a case, the claims found and those labelled, as multisets of (kind, value, outcome)."""
    given_report = json.loads((case / "report.json").read_text())
    labels = json.loads((case / "expected.json").read_text())
    facts = [fact(place, value) for place, value in given_report["facts"].items()]
    report = Report(is_report=True, year=given_report["year"], scope=Scope(given_report["scope"]))
    for line, expected in zip((case / "text.txt").read_text().splitlines(), labels, strict=True):
        section = Section(SectionKey(given_report["section"]), "", line)
        found, _ = claims.find([section], facts, report)
        yield (
            line,
            Counter((claim.kind, claim.value, str(claim.outcome)) for claim in found),
            Counter((label["kind"], label["value"], label["outcome"]) for label in expected),
        )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_labelled_sentences(case):
    differences = [
        f"{line}\n    wrong: {dict(found - expected)}\n    not found: {dict(expected - found)}"
        for line, found, expected in found_and_expected(case)
        if found != expected
    ]
    assert not differences, "\n" + "\n".join(differences)


def test_precision_on_the_labelled_set():
    lines = [line for case in CASES for line in found_and_expected(case)]
    found = sum(sum(each.values()) for _, each, _ in lines)
    right = sum(sum((each & expected).values()) for _, each, expected in lines)
    labelled = sum(sum(expected.values()) for _, _, expected in lines)
    assert len(lines) >= 60
    assert sum(1 for _, _, expected in lines if not expected) >= 40
    assert right / found >= 0.98
    assert right / labelled >= 0.95


def test_every_cell_named_by_a_kind_exists_in_a_form():
    places = {item.place for form in forms.load_forms().values() for item in form.items}
    named = {place for kind in claims.kinds() for places in (*kind.against, *kind.instead) for place in places}
    assert named <= places
    assert len(claims.kinds()) >= 15


def test_a_contradiction_is_an_issue_that_names_both_figures():
    section = Section(SectionKey.PROACTIVE, "", "新制作行政规范性文件4个。")
    facts = [fact("proactive.normative_documents.issued", 0)]
    found, issues = claims.find([section], facts, Report(is_report=True, year=2023))
    assert [claim.outcome for claim in found] == [ClaimOutcome.CONTRADICTS]
    assert [issue.kind for issue in issues] == [IssueKind.CLAIM_CONTRADICTED]
    assert re.search(r"says 4.*table 0", issues[0].detail)


def test_a_claim_keeps_the_sentence_as_published():
    text = "总体平稳。２０２３年，共收到 政府信息公開申請４件；均已辦結。"
    facts = [fact("applications.new_received.total", 4)]
    found, _ = claims.find([Section(SectionKey.OVERVIEW, "", text)], facts, Report(is_report=True, year=2023))
    assert [claim.text for claim in found] == ["２０２３年，共收到 政府信息公開申請４件；"]


@given(st.integers(0, 99_999), st.integers(0, 99_999), st.booleans())
def test_whatever_the_figures_received_is_judged_by_its_cell(stated, printed, separators):
    text = f"2023年，我局共收到政府信息公开申请{stated:{',' if separators else ''}}件。"
    facts = [fact("applications.new_received.total", printed)]
    (claim,), issues = claims.find([Section(SectionKey.OVERVIEW, "", text)], facts, Report(is_report=True, year=2023))
    assert claim.value == stated
    assert claim.outcome == (ClaimOutcome.AGREES if stated == printed else ClaimOutcome.CONTRADICTS)
    assert bool(issues) == (stated != printed)


@given(st.text(alphabet="收到政府信息公开申请行政复议未无件个0123456789，。;（\n年月", max_size=80))
def test_no_text_breaks_the_reader(text):
    found, issues = claims.find([Section(SectionKey.OVERVIEW, "", text)], [], Report(is_report=True, year=2023))
    assert all(claim.outcome is ClaimOutcome.NOT_COMPARABLE for claim in found)
    assert issues == ()


@pytest.mark.parametrize("row", ["(一)予以公开 0 0 1 0 0 0 1", "(一)予以公开 | 2 | / | 0 | 4", "不予公开 12 0  3"])
def test_a_row_of_a_table_among_the_prose_is_no_statement(row):
    section = Section(SectionKey.APPLICATIONS, "", f"收到政府信息公开申请3件。\n{row}\n")
    found, issues = claims.find([section], [fact("applications.granted.total", 1)], Report(is_report=True, year=2023))
    assert [claim.kind for claim in found] == ["applications_received"]
    assert issues == ()
