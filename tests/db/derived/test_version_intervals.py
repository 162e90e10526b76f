"""What was public when: spans that end and come back, changes between two captures, pages that went away or moved."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from govcrawl.db.connection import Connection
from govcrawl.db.derived.version_intervals import update_spans
from govcrawl.db.queries.public_on_day import facts_on
from govcrawl.models import Check, Issue, Queued, Report, Section
from govcrawl.vocabulary import CheckOutcome, IssueKind, Outcome, SectionKey, Severity, Status

from ...exploration import examples

SPANS = "SELECT valid_from, last_seen_at, ended_at, ending, captures FROM version_spans ORDER BY valid_from"
DAY = "{}T08:00:00Z"


def rows(connection: Connection, query: str, **parameters: object) -> list[tuple]:
    update_spans(connection)
    return connection.execute(query, parameters).fetchall()


@pytest.fixture
def seen(make):
    """Makes the arrival of a page with a total of applications on a day."""

    def seen(total: int, day: str, path: str = "/art/1.html"):
        facts = (make.fact(1011, 1), make.fact(1012, total))
        outcome = CheckOutcome.HOLDS if total == 1 else CheckOutcome.FAILS
        check = Check("applications_col_total", "applications", "new_received", total, 1, outcome)
        return make.read(path, make.reading(facts=facts, checks=(check,)), day=day)

    return seen


@pytest.fixture
def answered(make):
    """Makes an answer without a report: not found, blocked, or whatever is asked for."""

    def answered(outcome: Outcome, status: int, day: str, path: str = "/art/1.html", **changes: object):
        request = make.request(path)
        capture = replace(make.capture(request, day, f"{outcome}{status}"), status=status)
        arrival = make.failed(path, outcome, capture=capture, http_status=status, at=capture.fetched_at)
        return replace(arrival, **changes)

    return answered


def test_a_version_that_is_taken_back_has_two_spans(arrive, connection, seen):
    arrive(seen(1, "2024-02-01"), seen(2, "2024-03-01"), seen(1, "2024-04-01"), seen(1, "2024-05-01"))

    assert rows(connection, SPANS) == [
        (DAY.format("2024-02-01"), DAY.format("2024-02-01"), DAY.format("2024-03-01"), "changed", 1),
        (DAY.format("2024-03-01"), DAY.format("2024-03-01"), DAY.format("2024-04-01"), "changed", 1),
        (DAY.format("2024-04-01"), DAY.format("2024-05-01"), None, None, 2),
    ]
    assert connection.execute("SELECT count(*) FROM report_versions").fetchone() == (2,)


def test_a_change_names_the_cell_the_captures_and_the_checks_it_opened_and_closed(arrive, connection, seen):
    arrive(seen(1, "2024-02-01"), seen(1, "2024-02-15"), seen(2, "2024-03-01"), seen(1, "2024-04-01"))

    columns = (
        '"table", "row", "column", prior_value, value, prior_status, status, prior_seen_at, seen_at, checks_opened,'
        " checks_closed"
    )
    opened, closed = rows(connection, f"SELECT {columns} FROM changes ORDER BY seen_at")

    place = ("applications", "new_received", "total")
    check = '["applications_col_total.applications.new_received"]'
    times = (DAY.format("2024-02-15"), DAY.format("2024-03-01"))
    assert opened == (*place, 1, 2, "number", "number", *times, check, "[]")
    assert closed[3:5] == (2, 1)
    assert closed[-2:] == ("[]", check)
    captures = "SELECT count(*) FROM changes JOIN captures ON captures.id IN (capture_id, prior_capture_id)"
    assert rows(connection, captures) == [(4,)]


def test_a_cell_of_a_form_that_the_version_no_longer_has_is_a_change_to_nothing(arrive, connection, make):
    before, after = make.reading(facts=(make.fact(1011, 5),)), make.reading(facts=(make.fact(2011, 5),))
    arrive(make.read(reading=before), make.read(reading=after, day="2024-03-01"))

    changed = rows(connection, "SELECT form, prior_value, value, prior_status, status FROM changes ORDER BY form")
    assert changed == [("f2019", None, 5, None, "number"), ("f2021", 5, None, "number", None)]


def test_a_figure_printed_in_another_way_is_a_change_of_the_text_alone(arrive, connection, make):
    before, after = make.fact(1011, 5), make.fact(1011, None, status=Status.TEXT, raw="五")
    arrive(make.read(reading=make.reading(facts=(before,))))
    arrive(make.read(reading=make.reading(facts=(before._replace(raw="５"),)), day="2024-03-01"))
    arrive(make.read(reading=make.reading(facts=(after,)), day="2024-04-01"))

    changed = rows(connection, "SELECT prior_raw, raw, prior_value, value FROM changes ORDER BY seen_at")
    assert changed == [("5", "５", 5, 5), ("５", "五", 5, None)]


def test_sections_that_are_new_gone_or_reworded_are_named(arrive, connection, make):
    kept = Section(SectionKey.OVERVIEW, "一、总体情况", "全年收到1件。")
    gone = Section(SectionKey.PROBLEMS, "五、存在问题", "无。")
    old, new = Section(SectionKey.OTHER, "六、其他事项", "无。"), Section(SectionKey.OTHER, "六、其他事项", "有。")
    arrive(make.read(reading=make.reading(sections=(kept, gone, old))))
    arrive(make.read(reading=make.reading(sections=(kept, new)), day="2024-03-01"))

    assert rows(connection, "SELECT sections FROM revisions") == [('["五、存在问题","六、其他事项"]',)]
    assert rows(connection, "SELECT count(*) FROM changes") == [(0,)]


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(Outcome.BLOCKED, 412), (Outcome.BLOCKED, 200), (Outcome.HTTP_ERROR, 500), (Outcome.TRUNCATED, 200)],
)
def test_an_error_or_a_challenge_is_no_version_and_ends_none(arrive, connection, seen, answered, outcome, status):
    arrive(seen(1, "2024-02-01"), answered(outcome, status, "2024-03-01"), seen(1, "2024-04-01"))

    assert rows(connection, SPANS) == [(DAY.format("2024-02-01"), DAY.format("2024-04-01"), None, None, 2)]


def test_a_page_that_breaks_its_reader_ends_no_span(arrive, connection, seen, make):
    issue = Issue(IssueKind.PARSE_FAILED, Severity.ERROR, "page", "x")
    broken = make.reading(report=Report(is_report=False), issues=(issue,))
    arrive(seen(1, "2024-02-01"), make.read(reading=broken, day="2024-03-01"))

    assert rows(connection, SPANS) == [(DAY.format("2024-02-01"), DAY.format("2024-02-01"), None, None, 1)]


def test_a_page_that_is_gone_or_no_report_any_more_ends_the_span_and_keeps_the_version(
    arrive, connection, seen, answered, make
):
    other = make.reading(report=Report(is_report=False), facts=(), sections=())
    arrive(seen(1, "2024-02-01"), answered(Outcome.HTTP_ERROR, 404, "2024-03-01"))
    arrive(seen(2, "2024-02-01", "/art/2.html"), make.read("/art/2.html", other, day="2024-03-01"))
    arrive(seen(3, "2024-02-01", "/art/3.html"), answered(Outcome.SOFT_404, 200, "2024-03-01", "/art/3.html"))

    assert {row[2:4] for row in rows(connection, SPANS)} == {
        (DAY.format("2024-03-01"), "removed"),
        (DAY.format("2024-03-01"), "replaced"),
    }
    assert connection.execute("SELECT count(*) FROM reports WHERE current_version_id IS NOT NULL").fetchone() == (1,)


def test_the_same_content_at_a_new_address_tells_a_move_from_a_removal(arrive, connection, seen, answered):
    arrive(
        seen(1, "2024-02-01"),
        seen(2, "2024-02-01", "/art/2.html"),
        seen(1, "2024-03-01", "/art/9.html"),
        answered(Outcome.HTTP_ERROR, 404, "2024-03-02"),
        answered(Outcome.HTTP_ERROR, 404, "2024-03-02", "/art/2.html"),
    )

    moved = (
        "SELECT was.url, ending, new.url FROM version_spans JOIN documents AS was ON was.id = document_id"
        " LEFT JOIN documents AS new ON new.id = moved_to WHERE ending IS NOT NULL ORDER BY was.url"
    )
    assert [(was[-11:], ending, new and new[-11:]) for was, ending, new in rows(connection, moved)] == [
        ("/art/1.html", "moved", "/art/9.html"),
        ("/art/2.html", "removed", None),
    ]


def test_a_copy_that_was_there_before_is_no_new_place(arrive, connection, seen, answered):
    arrive(seen(1, "2024-02-01"), seen(1, "2024-01-01", "/art/9.html"))
    arrive(answered(Outcome.HTTP_ERROR, 404, "2024-03-02"), seen(1, "2024-03-03", "/art/9.html"))

    assert rows(connection, "SELECT ending, moved_to FROM version_spans WHERE ending IS NOT NULL") == [
        ("removed", None)
    ]


def test_an_address_that_sends_on_has_moved(arrive, connection, seen, answered, make):
    sent_on = answered(Outcome.OK, 301, "2024-03-01", queued=(Queued(make.request("/new.html")),))
    arrive(seen(1, "2024-02-01"), sent_on)

    assert rows(connection, SPANS)[0][2:4] == (DAY.format("2024-03-01"), "moved")


def test_what_was_public_on_a_day_can_be_asked_for(arrive, connection, seen, answered):
    arrive(seen(1, "2024-02-01"), seen(2, "2024-03-01"), seen(1, "2024-04-01"))
    arrive(answered(Outcome.HTTP_ERROR, 410, "2024-05-01"))
    query = (
        "SELECT value FROM facts_in_time WHERE \"column\" = 'total'"
        " AND valid_from < :day || 'T24' AND coalesce(ended_at, '9') > :day || 'T24'"
    )

    days = ("2024-01-31", "2024-02-01", "2024-03-15", "2024-04-30", "2024-05-01")
    assert [rows(connection, query, day=day) for day in days] == [[], [(1,)], [(2,)], [(1,)], []]


def test_of_two_copies_that_were_public_the_nearer_one_is_told(arrive, connection, make):
    reading = make.reading("杭州市经济和信息化局", facts=(make.fact(1012, 7),))
    own = replace(reading, facts=(make.fact(1012, 8),))
    arrive(make.read("/a.html", reading, portal="330100", day="2024-02-01"))
    arrive(make.read("/b.html", own, portal="330100-jxj", day="2024-03-01"))
    update_spans(connection)

    told = [[(fact.value, fact.url) for fact in facts_on(connection, date(2024, month, 15))] for month in (1, 2, 3)]
    assert told == [[], [(7, "https://www.hangzhou.gov.cn/a.html")], [(8, "https://jxj.hangzhou.gov.cn/b.html")]]


@given(data=st.data())
@examples(20, HealthCheck.function_scoped_fixture)
def test_the_order_of_arrival_changes_nothing(data, make, stored, seen, answered):
    arrivals = (
        seen(1, "2024-02-01"),
        seen(2, "2024-03-01"),
        seen(1, "2024-04-01"),
        answered(Outcome.BLOCKED, 412, "2024-04-02"),
        answered(Outcome.HTTP_ERROR, 404, "2024-05-01"),
        seen(1, "2024-04-20", "/art/2.html"),
        seen(1, "2024-05-20"),
    )
    once, again = stored(*arrivals), stored(*data.draw(st.permutations(arrivals)))

    for table in ("version_spans", "revisions", "changes"):
        query = f"SELECT * FROM {table} ORDER BY 1"
        assert rows(again, query) == rows(once, query)
        assert rows(again, query) == rows(once, query), "worked out twice is worked out once"
    assert json.loads(rows(once, "SELECT json_group_array(ending) FROM version_spans")[0][0]).count("changed") == 2
    once.close()
    again.close()
