import json
from dataclasses import replace
from datetime import date

import pytest

from govcrawl.agencies.naming import is_of_unknown_organ
from govcrawl.db import store
from govcrawl.db.derived.coverage import read_coverage
from govcrawl.db.store.crawls import indexed_ends
from govcrawl.models import Document, Issue, ListPage, Locator, Report
from govcrawl.vocabulary import IssueKind, LedgerState, Outcome, Role, Scope, Severity, Status


def rows(connection, query, *values):
    return connection.execute(query, values).fetchall()


def one(connection, query, *values):
    (row,) = rows(connection, query, *values)
    return row if len(row) > 1 else row[0]


# ----------------------------------------------------------------------------------------------------- one report


def test_a_reading_is_filed_from_document_to_fact(connection, arrive, make):
    arrive(make.read())

    assert one(connection, "SELECT id, year, scope, index_number FROM reports") == (
        "330110:余杭区商务局/2023/department",
        2023,
        "department",
        "002489452/2024-00230",
    )
    assert one(connection, "SELECT count(*) FROM facts") == 3
    assert rows(connection, "SELECT identity, at, outcome, left, right FROM checks") == [
        ("applications_col_total", "new_received", "holds", 1, 1)
    ]
    assert rows(connection, "SELECT kind, value, against FROM claims") == [
        ("received", 1, '["applications.new_received.total"]')
    ]
    assert rows(connection, "SELECT key, heading, text FROM sections") == [
        ("overview", "一、总体情况", "全年收到1件。")
    ]
    assert rows(connection, "SELECT kind, closed_at FROM issues") == [("blank_as_zero", None)]


def test_facts_come_back_as_they_were_read(connection, arrive, make):
    facts = (
        make.fact(1001, 0),
        make.fact(1002, 160.5964, raw="160.5964万元"),
        make.fact(1011, 12000, raw="12,000", locator=Locator(5, 9)),
        make.fact(1012, None, status=Status.BLANK, raw=""),
        make.fact(1013, None, status=Status.MISSING, raw=None, locator=None),
        make.fact(1021, None, status=Status.SLASH, raw="/", unit=None),
    )
    arrive(make.read(reading=make.reading(facts=facts)))

    found = rows(connection, 'SELECT "table", "row", value, status, raw, unit, locator FROM facts ORDER BY id')

    in_cell = {"table": 2, "row": 3, "cell": 4, "start": 100, "end": 101}
    assert [(*row[:-1], json.loads(row[-1]) if row[-1] else None) for row in found] == [
        ("proactive", "rules", 0, "number", "0", "件", in_cell),
        ("proactive", "administrative_fees", 160.5964, "number", "160.5964万元", "万元", in_cell),
        ("applications", "new_received", 12000, "number", "12,000", "件", {"start": 5, "end": 9}),
        ("applications", "new_received", None, "blank", "", "件", in_cell),
        ("applications", "otherwise_other", None, "missing", None, "件", None),
        ("review_litigation", "cases", None, "slash", "/", None, in_cell),
    ]


def test_a_plain_number_is_stored_once(connection, arrive, make):
    arrive(make.read())

    assert rows(connection, "SELECT raw, unit FROM cells") == [(None, None)] * 3


def test_numbers_beyond_sqlite_do_not_stop_the_crawl(connection, arrive, make):
    arrive(make.read(reading=make.reading(facts=(make.fact(1001, 10**30), make.fact(1011, 10**400)))))

    assert rows(connection, "SELECT value FROM facts ORDER BY id") == [(1e30,), (float("inf"),)]


def test_a_reading_is_stored_whole_or_not_at_all(connection, arrive, make):
    unknown_item = make.fact(1001)._replace(item=9999)
    arrive(make.read(reading=make.reading(facts=(make.fact(1011), unknown_item))))

    assert not connection.in_transaction
    for table in ("documents", "reports", "cells"):
        assert one(connection, f"SELECT count(*) FROM {table}") == 0, table
    assert one(connection, "SELECT outcome, detail FROM attempts") == (
        "error",
        "what came could not be read or stored (IntegrityError: FOREIGN KEY constraint failed)",
    )
    assert one(connection, "SELECT kind, severity FROM findings") == ("parse_failed", "error")
    assert one(connection, "SELECT count(*) FROM captures") == 1


# ------------------------------------------------------------------------------------------------------- versions


def test_the_same_content_again_extends_its_version(connection, arrive, make):
    arrive(make.read(day="2024-01-22"), make.read(day="2024-03-01"), make.read(day="2024-02-01"))

    assert one(connection, "SELECT valid_from, valid_to FROM report_versions") == (
        "2024-01-22T08:00:00Z",
        "2024-03-01T08:00:00Z",
    )
    assert one(connection, "SELECT count(*) FROM captures") == 3


def test_locators_point_into_the_earliest_capture(connection, arrive, make):
    later = make.reading(facts=(make.fact(1001, 0, start=777),))
    earlier = make.reading(facts=(make.fact(1001, 0, start=333),))
    arrive(make.read(reading=later, day="2024-02-01"), make.read(reading=earlier, day="2024-01-22"))

    capture = one(connection, "SELECT id FROM captures WHERE fetched_at < '2024-02'")
    assert one(connection, "SELECT capture_id FROM report_versions") == capture
    assert one(connection, "SELECT json_extract(locator, '$.start') FROM facts") == 333
    assert one(connection, "SELECT count(*) FROM sections") == 1
    assert one(connection, "SELECT count(*) FROM claims") == 1


def test_changed_figures_are_a_new_version_and_the_latest_is_current(connection, arrive, make):
    changed = make.reading(facts=(make.fact(1001, 5),))
    arrive(make.read(reading=changed, day="2024-06-01"), make.read(day="2024-01-22"))

    assert one(connection, "SELECT count(*) FROM report_versions") == 2
    assert rows(connection, "SELECT value FROM current_facts") == [(5,)]


def test_page_furniture_makes_no_version(connection, arrive, make):
    other = make.reading(document=Document(title="another title"), extra={"浏览次数": "7"}, issues=(), sha256="1" * 64)
    arrive(make.read(), make.read(reading=other, day="2024-02-01"))

    assert one(connection, "SELECT count(*) FROM report_versions") == 1
    assert one(connection, "SELECT title FROM documents") == "another title"


# --------------------------------------------------------------------------------------------------------- copies


def test_the_organs_own_site_is_preferred_before_its_governments(connection, arrive, make):
    reading = make.reading("杭州市经济和信息化局")
    arrive(
        make.read("/a.html", reading, portal="330100", day="2024-01-01"),
        make.read("/b.html", reading, portal="330100-jxj", day="2024-05-05"),
    )

    assert one(connection, "SELECT count(*) FROM reports") == 1
    assert one(connection, "SELECT url FROM reports") == "https://jxj.hangzhou.gov.cn/b.html"
    assert rows(connection, "SELECT nearness, preferred FROM report_copies ORDER BY nearness") == [(0, 1), (1, 0)]


def test_on_one_day_a_copy_with_figures_is_preferred_then_the_address_decides(connection, arrive, make):
    of_pictures = make.reading(facts=(), report=replace(make.reading().report, form=None))
    arrive(
        make.read("/a.html", of_pictures, day="2024-01-22T01:00:00Z"),
        make.read("/c.html", day="2024-01-22T02:00:00Z"),
        make.read("/b.html", day="2024-01-22T03:00:00Z"),
        make.read("/0.html", day="2024-01-23"),
    )

    assert one(connection, "SELECT url FROM reports") == "https://www.yuhang.gov.cn/b.html"
    assert one(connection, "SELECT sum(preferred) FROM report_copies") == 1


def test_a_report_of_unknown_year_stays_alone_with_its_document(connection, arrive, make):
    arrive(make.read("/1", make.reading(year=None)), make.read("/2", make.reading(year=None)))

    assert rows(connection, "SELECT year FROM reports") == [(None,), (None,)]


# ------------------------------------------------------------------------------------------------------- agencies


def test_each_portal_has_its_government_and_office_from_the_start(connection):
    assert rows(connection, "SELECT id, scope, portal_id FROM agencies ORDER BY id") == [
        ("330000:浙江省人民政府", "government", "330000"),
        ("330000:浙江省人民政府办公厅", "office", "330000"),
        ("330100:杭州市人民政府", "government", "330100"),
        ("330100:杭州市人民政府办公厅", "office", "330100"),
        ("330100:杭州市经济和信息化局", "department", "330100-jxj"),
        ("330110:余杭区人民政府", "government", "330110"),
        ("330110:余杭区人民政府办公室", "office", "330110"),
    ]


def test_a_report_without_a_certain_agency_is_filed_under_its_own_document(connection, arrive, make):
    def unnamed(publisher):
        return make.reading(None, document=Document(publisher=publisher, index_number="002489452/2024-00230"))

    arrive(*(make.read(f"/{name}", unnamed(name)) for name in ("余杭区司法局", "综合办公室", None)))
    arrive(make.read("/named", make.reading("余杭区人民政府")))

    filed = rows(
        connection,
        "SELECT report.agency_id, copy.document_id FROM reports AS report"
        " JOIN report_copies AS copy ON copy.report_id = report.id WHERE report.agency_id NOT LIKE '%人民政府'",
    )
    assert len(filed) == 3
    assert sorted(agency for agency, _ in filed) == sorted(f"330110:unknown-{document}" for _, document in filed)
    assert one(connection, "SELECT count(*) FROM (SELECT DISTINCT report_id FROM current_facts)") == 4
    assert one(connection, "SELECT organisation_code FROM agencies WHERE id = '330110:余杭区人民政府'") == "002489452"
    unknown = {
        row.agency_id for row in read_coverage(connection, date(2026, 1, 1)) if is_of_unknown_organ(row.agency_id)
    }
    assert unknown == set()


def test_an_organs_own_site_names_the_organ_of_a_report_that_names_none(connection, arrive, make):
    arrive(make.read("/1", make.reading(None), portal="330100-jxj"))

    assert rows(connection, "SELECT agency_id FROM reports") == [("330100:杭州市经济和信息化局",)]


def test_an_organ_has_one_row_however_it_is_spelled_and_keeps_its_longest_name(connection, arrive, make):
    arrive(
        make.read("/1", make.reading("余杭区商务局", 2022)),
        make.read("/2", make.reading("杭州市余杭区商务局", 2023)),
        make.read("/3", make.reading("余杭区商务局（余杭区投资促进局）", 2024)),
        make.read("/4", make.reading("浙江省余杭区人民政府", 2024)),
    )

    assert rows(connection, "SELECT agency_id FROM reports ORDER BY id") == [
        *[("330110:余杭区人民政府",)],
        *[("330110:余杭区商务局",)] * 3,
    ]
    assert one(connection, "SELECT name FROM agencies WHERE id = '330110:余杭区商务局'") == "杭州市余杭区商务局"
    assert one(connection, "SELECT name FROM agencies WHERE id = '330110:余杭区人民政府'") == "余杭区人民政府"


def test_the_organisation_code_is_what_all_numbers_of_one_organ_agree_on(connection, arrive, make):
    def of(agency, number, path):
        return make.read(path, make.reading(agency, document=Document(index_number=number)))

    arrive(of("余杭区商务局", "002489452/2024-00230", "/1"), of("余杭区司法局", "11330110002510119X/2024-00001", "/2"))
    assert one(connection, "SELECT organisation_code FROM agencies WHERE name = '余杭区商务局'") == "002489452"

    arrive(of("余杭区审计局", "002489452/2024-00231", "/3"))
    assert one(connection, "SELECT count(*) FROM agencies WHERE organisation_code IS NOT NULL") == 0


# ---------------------------------------------------------------------------------------------------------- lists


def test_rows_of_a_list_are_kept_before_their_pages_are_asked_for(connection, arrive, ledger, make):
    row = make.listing("/art/1.html", "余杭区商务局2023年年报", "002489452/2024-00230", listed_on="2024-01-20")
    arrive(make.listed("/list", row))

    assert one(connection, "SELECT index_prefix, index_year, index_serial, title FROM listings") == (
        "002489452",
        2024,
        230,
        "余杭区商务局2023年年报",
    )
    assert [entry.request.url for entry in ledger.take("www.yuhang.gov.cn", 0.0, 9)] == [row.url]
    assert ledger.counts() == {(Role.LIST, LedgerState.DONE): 1, (Role.DOCUMENT, LedgerState.QUEUED): 1}


def test_a_list_gives_a_report_the_number_and_date_its_page_lacks(connection, arrive, make):
    row = make.listing("/art/1.html", "年报", "002489452/2024-00230", listed_on="2024-01-20")
    bare = make.reading(document=Document(title="年报"))
    arrive(make.read("/art/1.html", bare), make.listed("/list", row))

    assert one(connection, "SELECT index_number, published_on FROM reports") == ("002489452/2024-00230", "2024-01-20")


def test_unusable_rows_of_a_list_are_issues(connection, arrive, make):
    arrive(make.listed("/list", page=ListPage(debris=("<li style=<br/", "<li></li>"))))

    assert rows(connection, "SELECT kind, severity, detail FROM issues ORDER BY detail") == [
        ("list_row_unusable", "info", "<li style=<br/"),
        ("list_row_unusable", "info", "<li></li>"),
    ]


# --------------------------------------------------------------------------------------------------------- issues


def test_an_issue_closes_when_a_later_capture_no_longer_shows_it(connection, arrive, make):
    broken = make.reading(
        report=Report(is_report=False),
        document=Document(),
        facts=(),
        issues=(Issue(IssueKind.PARSE_FAILED, Severity.ERROR, "page", "ValueError"),),
    )
    arrive(make.read(reading=broken, day="2024-01-22"))
    assert one(connection, "SELECT closed_at FROM issues WHERE kind = 'parse_failed'") is None

    arrive(make.read(day="2024-02-01"))
    assert one(connection, "SELECT closed_at FROM issues WHERE kind = 'parse_failed'") == "2024-02-01T08:00:00Z"
    assert one(connection, "SELECT closed_at FROM issues WHERE kind = 'blank_as_zero'") is None


def test_an_unreadable_capture_does_not_empty_the_document(connection, arrive, make):
    broken = make.reading(
        report=Report(is_report=False),
        document=Document(),
        issues=(Issue(IssueKind.REFUSED_LIMIT, Severity.ERROR, "page", "depth"),),
    )
    arrive(make.read(day="2024-01-22"), make.read(reading=broken, day="2024-02-01"))

    assert one(connection, "SELECT title, is_report FROM documents") == ("余杭区商务局2023年年报", 1)


def test_a_verdict_hangs_on_the_stable_key(connection, arrive, make):
    arrive(make.read(day="2024-01-22"))
    key = one(connection, "SELECT stable_key FROM issues")
    connection.execute("INSERT INTO verdicts VALUES (?, 'accepted', NULL, '2024-01-23')", (key,))
    worded_anew = Issue(IssueKind.BLANK_AS_ZERO, Severity.INFO, "proactive.rules.issued", "said in other words")
    arrive(make.read(reading=make.reading(issues=(worded_anew,)), day="2024-02-01"))

    assert rows(connection, "SELECT DISTINCT verdict FROM issues") == [("accepted",)]


# ------------------------------------------------------------------------------------------------------- settling


def test_attempts_without_a_response_are_kept_with_their_outcome(connection, arrive, make):
    arrive(
        make.failed("/1", Outcome.TIMEOUT, detail="30 s"),
        make.failed("/2", Outcome.HTTP_ERROR, http_status=500),
        make.failed("/3", Outcome.DNS),
    )

    assert rows(connection, "SELECT outcome, http_status, detail FROM attempts ORDER BY url") == [
        ("timeout", None, "30 s"),
        ("http_error", 500, None),
        ("dns", None, None),
    ]


def test_the_same_arrival_twice_changes_nothing(connection, arrive, make):
    arrivals = (make.read(), make.failed("/2", Outcome.DNS), make.listed("/l", make.listing("/1", "t")))
    arrive(*arrivals)
    before = {table: rows(connection, f"SELECT * FROM {table}") for table in ("attempts", "captures", "findings")}
    arrive(*arrivals)

    for table, kept in before.items():
        assert rows(connection, f"SELECT * FROM {table}") == kept


def test_a_replay_gives_nothing_up(connection, arrive, ledger, make):
    arrive(make.failed("/1", Outcome.TIMEOUT), make.read("/2"))

    assert ledger.counts() == {(Role.DOCUMENT, LedgerState.QUEUED): 1, (Role.DOCUMENT, LedgerState.DONE): 1}


def test_the_archives_end_is_noted_with_what_it_ends_on(connection, arrive, make):
    arrival = make.read()
    file = arrival.capture.warc_file
    arrive(
        replace(arrival, archive_file=file, archive_end=9000),
        replace(make.read("/2"), archive_file=file, archive_end=5000),
    )

    assert indexed_ends(connection) == {file: 9000}


def test_nothing_of_an_arrival_is_seen_before_all_of_it(connection, path, ledger, make, monkeypatch):
    """A crash between any two statements leaves the database as it was: the last statement decides."""

    def crash(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "_settle", crash)
    with pytest.raises(KeyboardInterrupt):
        store.arrive(connection, ledger, make.read())

    assert one(connection, "SELECT count(*) FROM captures") == 0
    assert one(connection, "SELECT count(*) FROM reports") == 0


def test_a_township_scope_is_kept_as_read(connection, arrive, make):
    reading = make.reading("瓶窑镇人民政府", report=Report(True, "瓶窑镇人民政府", 2023, Scope.GOVERNMENT, "f2021"))
    arrive(make.read(reading=reading))

    assert one(connection, "SELECT agency_id, scope FROM reports") == ("330110:余杭区瓶窑镇人民政府", "government")


def test_a_page_on_the_way_that_is_a_report_answers_for_its_document(connection, arrive, make):
    row = make.listing("/bm/swj", "余杭区商务局2023年政府信息公开工作年度报告")
    column = make.listed("/bm/swj", row, reading=make.reading())
    asked = replace(column.request, role=Role.COLUMN)
    capture = replace(column.capture, request=asked)

    arrive(replace(column, request=asked, capture=capture, answered=column.queued[0].request))

    assert one(connection, "SELECT year FROM reports") == 2023
    assert one(connection, "SELECT shows, document_id IS NOT NULL FROM captures") == ("report", 1)
    assert rows(connection, "SELECT role, state FROM frontier ORDER BY role") == [
        ("column", "done"),
        ("document", "done"),
    ]
