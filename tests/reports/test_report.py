"""The whole reading of a page: what stands when readers differ, who is to blame, and pages without tables."""

import random
from dataclasses import replace
from types import MappingProxyType

import invention
import layouts
import pytest
from layouts import Style

from govcrawl.models import Locator
from govcrawl.pages.page_reader import read_page
from govcrawl.reports import read_report
from govcrawl.reports.checks import judge
from govcrawl.reports.form_detection import forms_of
from govcrawl.reports.observations import Observations
from govcrawl.reports.reconciliation import reconcile
from govcrawl.vocabulary import CheckOutcome, IssueKind, Severity, Status

FORMS = MappingProxyType(dict.fromkeys(layouts.TABLES, "f2021"))


class Text:
    def __init__(self, raw, start=0):
        self.raw, self.locator = raw, Locator(start, start + 10)


def sight(figures):
    return Observations(cells={place: Text(text) for place, text in figures.items()})


@pytest.fixture
def figures():
    return invention.invent("f2021", random.Random(8))


def issues_of(issues, kind):
    return [issue for issue in issues if issue.kind is kind]


def fact_at(tables, place):
    return next(fact for fact in tables.facts[place[0]] if (fact.table, fact.row, fact.column) == place)


PLACE = ("applications", "granted", "natural_person")


@pytest.mark.parametrize("mistaken", ["grid", "text"])
def test_the_identities_decide_between_two_readings(figures, mistaken):
    wrong = figures | {PLACE: str(int(figures[PLACE]) + 5)}
    sides = (wrong, figures) if mistaken == "grid" else (figures, wrong)
    tables = reconcile(*map(sight, sides))
    (issue,) = issues_of(tables.issues, IssueKind.READERS_DISAGREE)
    assert fact_at(tables, PLACE).raw == figures[PLACE]
    assert (issue.severity, issue.where) == (Severity.ERROR, ".".join(PLACE))
    assert repr(figures[PLACE]) in issue.detail
    assert repr(wrong[PLACE]) in issue.detail


def test_what_they_cannot_decide_stays_open(figures):
    place = ("proactive", "administrative_licensing", "decisions")
    tables = reconcile(sight(figures | {place: "7"}), sight(figures | {place: "8"}))
    fact = fact_at(tables, place)
    assert (fact.status, fact.value, fact.raw, fact.locator) == (Status.MISSING, None, None, None)
    assert [issue.where for issue in issues_of(tables.issues, IssueKind.READERS_DISAGREE)] == [".".join(place)]


def test_one_reader_fills_what_the_other_cannot_tell(figures):
    grid = sight(figures)
    grid.doubt(PLACE, "the row is short")
    assert fact_at(reconcile(grid, sight(figures)), PLACE).raw == figures[PLACE]
    grid.shared.add(PLACE)
    assert fact_at(reconcile(grid, sight(figures)), PLACE).status is Status.MISSING


def test_figures_that_stand_apart_in_a_cell_are_no_number(figures):
    text = sight(figures)
    text.splits = (5,)
    tables = reconcile(sight(figures), text)
    assert {fact.status for facts in tables.facts.values() for fact in facts} == {Status.TEXT}


def test_the_form_of_applications_is_told_by_its_sixth_row(figures):
    rows = {"otherwise_no_supplement", "otherwise_fee_unpaid", "otherwise_other"}
    kept = {place: text for place, text in figures.items() if place[1] not in rows}
    single = kept | {("applications", "otherwise_handled", place[2]): "0" for place in figures if place[1] == "granted"}
    new, old = sight(figures), sight(single)
    for each in (new, old):
        each.votes["proactive"]["f2021"] += 3
    assert forms_of(new, Observations()) == dict.fromkeys(layouts.TABLES, "f2021")
    assert forms_of(old, Observations()) == {
        "proactive": "f2021",
        "applications": "f2019",
        "review_litigation": "f2019",
    }


def test_a_page_without_tables_has_no_form(figures):
    few = {place: text for place, text in figures.items() if place[1] == "rules"}
    assert forms_of(Observations(), Observations()) == {}
    assert forms_of(sight(few), Observations()) == {}


def verified(fact):
    return True


def test_a_failing_identity_has_somebody_to_blame(figures):
    wrong = figures | {PLACE: str(int(figures[PLACE]) + 5)}
    both = judge(reconcile(sight(wrong), sight(wrong)), verified)[1]
    one = judge(reconcile(sight(wrong), Observations()), verified)[1]
    doubting = Observations()
    doubting.doubt(PLACE, "the row is short")
    trouble = judge(reconcile(sight(wrong), doubting), verified)[1]
    unread = judge(reconcile(sight(wrong), sight(wrong)), lambda fact: fact.row != PLACE[1])[1]
    assert list(map(blamed, (both, one, trouble, unread))) == [{"publisher"}, {"unknown"}, {"layout"}, {"unknown"}]


def blamed(issues):
    return {issue.detail.rpartition(": ")[2] for issue in issues_of(issues, IssueKind.IDENTITY_FAILS)}


def test_the_publisher_is_blamed_only_for_what_the_bytes_say(figures):
    wrong = figures | {PLACE: str(int(figures[PLACE]) + 5)}
    page = read_page(layouts.html(dict(FORMS), wrong, Style(), random.Random(1)).encode())
    other = replace(page, body=page.body.replace(b"<td>", b"<td>9"))
    assert blamed(read_report(page).issues) == {"publisher"}
    assert blamed(read_report(other).issues) == {"unknown"}


def test_blanks_that_can_be_noughts_are_said_to_be_so_and_stay_blank(figures):
    blank = {place: "" if text == "0" else text for place, text in figures.items()}
    tables = reconcile(sight(blank), Observations())
    checks, issues = judge(tables, verified)
    assert {issue.where for issue in issues_of(issues, IssueKind.BLANK_AS_ZERO)} >= {"applications"}
    assert all(fact.value != 0 for facts in tables.facts.values() for fact in facts)
    assert CheckOutcome.NOT_ASSESSABLE in {
        check.outcome for check in checks if check.identity == "applications_balance"
    }


def test_blanks_that_cannot_be_noughts_are_not(figures):
    place = ("applications", "new_received", "total")
    figures |= {place: "", ("applications", "new_received", "natural_person"): "400"}
    _, issues = judge(reconcile(sight(figures), Observations()), verified)
    assert "applications" not in {issue.where for issue in issues_of(issues, IssueKind.BLANK_AS_ZERO)}


def reading_of(body):
    return read_report(read_page(layouts.page(body, Style()).encode(), "text/html"))


def test_a_report_whose_tables_are_images_says_where_they_may_be():
    body = "".join(f"<p>{title}</p><p><img src='{name}.png'></p>" for name, title in layouts.TITLES.items())
    reading = reading_of(body)
    assert (reading.report.is_report, reading.report.form, reading.facts, reading.checks) == (True, None, (), ())
    assert issues_of(reading.issues, IssueKind.TABLE_NOT_FOUND)


def test_a_report_of_the_years_before_the_forms_is_read_as_prose():
    reading = reading_of(
        "<p>二、主动公开政府信息的情况</p><p>主动公开300条。</p><p>三、依申请公开政府信息情况</p><p>无。</p>"
    )
    assert (reading.report.form, reading.facts) == ("f2008_narrative", ())
    assert reading.sections


def test_a_page_that_is_no_report_gives_no_facts():
    page = read_page("<html><body><h1>某区召开会议</h1><p>会议部署了工作。</p></body></html>".encode(), "text/html")
    reading = read_report(page)
    assert (reading.report.is_report, reading.facts, reading.checks, reading.claims) == (False, (), (), ())
    assert issues_of(reading.issues, IssueKind.NOT_A_REPORT)


def test_one_table_alone_brings_the_others_as_missing(figures):
    rows = layouts.applications("f2021", figures, Style())
    reading = reading_of(layouts.table_html(rows, Style()))
    by_table = {table: {fact.status for fact in reading.facts if fact.table == table} for table in FORMS}
    assert by_table["applications"] == {Status.NUMBER}
    assert by_table["proactive"] == by_table["review_litigation"] == {Status.MISSING}
    assert {issue.where for issue in issues_of(reading.issues, IssueKind.TABLE_NOT_FOUND)} == {
        "proactive",
        "review_litigation",
    }


def test_the_same_page_gives_the_same_reading(figures):
    page = layouts.html(dict(FORMS), figures, Style(), random.Random(1)).encode()
    assert read_report(read_page(page)) == read_report(read_page(page))


@pytest.mark.parametrize(
    ("year", "form"), [(2012, "f2008_narrative"), (2018, "f2008_narrative"), (2021, None), (2024, None)]
)
@pytest.mark.parametrize(
    "shown", ['<iframe src="/pdfjs/viewer.html?file=/1.pdf"></iframe>', '<img src="1.jpg"><img src="2.jpg">']
)
def test_a_page_that_shows_nothing_of_a_form_has_none_that_was_over_by_then(year, form, shown):
    title = f"余杭区商务局{year}年政府信息公开工作年度报告"
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div id='zoom'>{shown}</div></body></html>"
    read = read_report(read_page(body.encode(), "text/html", "utf-8"))

    assert (read.report.is_report, read.report.year, read.report.form) == (True, year, form)
    assert not read.facts
