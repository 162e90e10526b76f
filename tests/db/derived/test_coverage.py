from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from govcrawl.db.arrival import Crawl
from govcrawl.db.derived import list_progress
from govcrawl.db.derived.coverage import deadline, read_coverage, report_years, update_coverage
from govcrawl.db.store.crawls import crawl_started
from govcrawl.models import Issue, ListPage, Report, Section
from govcrawl.vocabulary import CoverageState, IssueKind, KnownBy, Outcome, Role, Scope, SectionKey, Severity, Wall

TODAY = date(2024, 11, 22)
BUREAU = "余杭区商务局"


@pytest.fixture
def cell(connection):
    """A function that gives the state and reason of a cell."""

    def cell(agency, year, today=TODAY):
        (row,) = [row for row in read_coverage(connection, today, year=year) if row.agency == agency]
        return row.state, row.reason

    return cell


def walked(make, *rows):
    """A portal whose front page and only list were read."""
    home = replace(make.listed("/", page=ListPage()), request=make.request("/", role=Role.HOME))
    return home, make.listed("/list", *(rows or (make.listing("/art/9.html", "另一篇"),)))


@pytest.mark.parametrize(
    ("scope", "year", "day"),
    [
        (Scope.DEPARTMENT, 2023, date(2024, 1, 31)),
        (Scope.OFFICE, 2023, date(2024, 1, 31)),
        (Scope.GOVERNMENT, 2023, date(2024, 3, 31)),
        (Scope.DEPARTMENT, 2018, date(2019, 3, 31)),
    ],
)
def test_deadlines_of_the_regulation(scope, year, day):
    assert deadline(scope, year) == day


def test_no_cell_is_empty_and_all_but_ok_have_a_reason(connection, arrive, make):
    arrive(*walked(make), make.read())
    update_coverage(connection, TODAY)

    agencies = connection.execute("SELECT count(*) FROM agencies").fetchone()[0]
    cells = connection.execute("SELECT agency_id, year, state, reason FROM coverage").fetchall()
    assert len(cells) == agencies * len(report_years(TODAY))
    assert {(state == "ok") == (reason is None) for _, _, state, reason in cells} == {True}


def test_a_report_with_figures_is_ok(arrive, make, cell):
    arrive(make.read())

    assert cell(BUREAU, 2023) == (CoverageState.OK, None)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (IssueKind.IMAGE_ONLY, CoverageState.IMAGE_ONLY),
        (IssueKind.ATTACHMENT_ONLY, CoverageState.ATTACHMENT_ONLY),
        (IssueKind.PARSE_FAILED, CoverageState.PARSE_FAILED),
        (IssueKind.TABLE_NOT_FOUND, CoverageState.PARSE_FAILED),
    ],
)
def test_a_report_without_figures_says_why(arrive, make, cell, kind, state):
    report = Report(True, BUREAU, 2023, Scope.DEPARTMENT, None)
    issues = (Issue(kind, Severity.WARNING, "page", "x"),)
    arrive(make.read(reading=make.reading(report=report, facts=(), issues=issues)))

    found, reason = cell(BUREAU, 2023)

    assert found is state
    assert reason


@pytest.mark.parametrize(
    ("year", "key", "state"),
    [
        (2012, SectionKey.OVERVIEW, CoverageState.OK),
        (2012, SectionKey.OTHER_HEADING, CoverageState.PARSE_FAILED),
        (2016, SectionKey.OVERVIEW, CoverageState.PARSE_FAILED),
        (2023, SectionKey.OVERVIEW, CoverageState.PARSE_FAILED),
    ],
)
def test_a_report_is_ok_only_where_what_its_form_owes_was_read(arrive, make, cell, year, key, state):
    report = Report(True, BUREAU, year, Scope.DEPARTMENT, "f2008_narrative")
    read = make.reading(year=year, report=report, facts=(), issues=(), sections=(Section(key, "一、概述", "全年。"),))
    arrive(make.read(reading=read))

    assert cell(BUREAU, year)[0] is state


@pytest.mark.parametrize(
    ("outcome", "status", "state"),
    [
        (Outcome.BLOCKED, 412, CoverageState.BLOCKED),
        (Outcome.ROBOTS, None, CoverageState.BLOCKED),
        (Outcome.TIMEOUT, None, CoverageState.UNREACHABLE),
        (Outcome.HTTP_ERROR, 500, CoverageState.UNREACHABLE),
        (Outcome.HTTP_ERROR, 404, CoverageState.GONE),
        (Outcome.SOFT_404, 200, CoverageState.GONE),
        (Outcome.OUT_OF_REGISTRY, None, CoverageState.ELSEWHERE),
    ],
)
def test_a_listed_report_that_was_not_got_says_what_became_of_it(arrive, make, cell, outcome, status, state):
    row = make.listing("/art/1.html", "余杭区人民政府办公室2022年政府信息公开工作年度报告")
    arrive(*walked(make, row), make.failed("/art/1.html", outcome, http_status=status))

    found, reason = cell("余杭区人民政府办公室", 2022)

    assert found is state
    assert row.url in reason
    assert cell("余杭区人民政府", 2022)[0] is CoverageState.NOT_FOUND


def test_a_lists_short_title_names_an_organ_known_by_a_longer_name(arrive, make, cell):
    row = make.listing("/art/1.html", "余杭区商务局2022年政府信息公开工作年度报告")
    arrive(*walked(make, row), make.read("/art/2.html", make.reading("杭州市余杭区商务局", 2023)))

    assert cell("杭州市余杭区商务局", 2022)[0] is CoverageState.OUT_OF_SCOPE


def test_a_listed_report_that_no_crawl_asked_for_is_out_of_scope(arrive, make, cell):
    arrive(*walked(make, make.listing("/art/1.html", "余杭区人民政府2022年政府信息公开工作年度报告")))

    assert cell("余杭区人民政府", 2022)[0] is CoverageState.OUT_OF_SCOPE


def test_before_the_deadline_nothing_is_missing(arrive, make, cell):
    arrive(*walked(make), make.read())

    assert cell(BUREAU, 2024) == (CoverageState.NOT_DUE, "due on 2025-01-31")
    assert cell("余杭区人民政府", 2023, date(2024, 3, 31))[0] is CoverageState.NOT_DUE


def test_after_it_this_years_report_is_overdue_and_older_ones_are_not_found(arrive, make, cell):
    arrive(*walked(make))

    assert cell("余杭区人民政府", 2023) == (
        CoverageState.OVERDUE,
        "due on 2024-03-31, and in no list of the portal",
    )
    assert cell("余杭区人民政府", 2021) == (CoverageState.NOT_FOUND, "in none of the portal's lists (1 rows)")


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.BLOCKED, CoverageState.BLOCKED),
        (Outcome.ROBOTS, CoverageState.BLOCKED),
        (Outcome.TIMEOUT, CoverageState.UNREACHABLE),
        (Outcome.TLS, CoverageState.UNREACHABLE),
        (Outcome.HTTP_ERROR, CoverageState.UNREACHABLE),
    ],
)
def test_a_portal_that_could_not_be_walked_is_the_reason(arrive, make, cell, outcome, state):
    arrive(make.failed("/", outcome, Role.HOME))

    found, reason = cell("余杭区人民政府", 2022)

    assert found is state
    assert outcome in reason


def test_a_list_that_only_a_browser_shows_says_that_there_was_none(arrive, make, cell):
    detail = "the page needs a browser and no Chromium was found"
    arrive(*walked(make), make.failed("/list2", Outcome.ERROR, Role.LIST, detail=detail))

    state, reason = cell("余杭区人民政府", 2021)

    assert state is CoverageState.UNREACHABLE
    assert detail in reason


def test_a_list_of_unknown_length_may_hold_what_is_missing_until_it_is_read_to_its_end(arrive, make, cell):
    home, read = walked(make)
    arrive(home, replace(read, page=replace(read.page, open_ended=True)))

    state, reason = cell("余杭区人民政府", 2021)
    assert state is CoverageState.LIST_UNREAD
    assert read.request.url in reason

    arrive(make.listed("/list", *read.page.rows, day="2024-02-01"))
    assert cell("余杭区人民政府", 2021)[0] is CoverageState.NOT_FOUND


def test_a_list_that_answered_what_cannot_be_read_is_no_list_out_of_reach(arrive, make, cell):
    detail = "no data.html in the answer"
    arrive(walked(make)[0], make.failed("/unit", Outcome.ERROR, Role.LIST, http_status=200, detail=detail))

    state, reason = cell("余杭区人民政府", 2021)

    assert state is CoverageState.LIST_UNREAD
    assert "/unit" in reason


def test_lists_that_a_rule_gave_up_are_not_taken_for_read(connection, arrive, ledger, make, cell):
    arrive(*walked(make))
    ledger.seed([make.request("/list2", role=Role.LIST)], 0.0)
    connection.execute("UPDATE frontier SET state = 'failed' WHERE settled_at IS NULL AND role = 'list'")

    state, reason = cell("余杭区人民政府", 2021)

    assert state is CoverageState.NEVER_LISTED
    assert "a rule ended the walk: 1 pages" in reason


def test_an_old_column_that_is_gone_does_not_spoil_the_walk(arrive, make, cell):
    arrive(*walked(make), make.failed("/old", Outcome.HTTP_ERROR, Role.LIST, http_status=404))

    assert cell("余杭区人民政府", 2021)[0] is CoverageState.NOT_FOUND


@pytest.mark.parametrize("outcome", [Outcome.HTTP_ERROR, Outcome.SOFT_404])
def test_a_further_page_that_answers_with_an_error_may_hold_what_is_missing(arrive, ledger, make, cell, outcome):
    failed = make.failed("/list_2", outcome, Role.LIST, http_status=404)
    second = replace(failed.request, context=(("page", "2"), ("stage", "reports")))
    ledger.seed([second], 0.0)
    arrive(*walked(make), replace(failed, request=second))

    state, reason = cell("余杭区人民政府", 2021)

    assert state is CoverageState.LIST_UNREAD
    assert "/list_2" in reason


@pytest.mark.parametrize(
    ("asked", "is_unread"),
    [
        ((Role.LIST, "", 500), True),
        ((Role.LIST, "unit:7", 503), True),
        ((Role.COLUMN, "", 502), True),
        ((Role.COLUMN, "disclosure:", 500), False),
        ((Role.COLUMN, "", 404), False),
        ((Role.HOME, "home", 500), False),
    ],
)
def test_a_list_or_column_of_reports_whose_server_fails_may_hold_what_is_missing(
    arrive, ledger, make, cell, asked, is_unread
):
    role, key, status = asked
    failed = make.failed("/organs", Outcome.HTTP_ERROR, role, http_status=status)
    request = replace(failed.request, key=key)
    ledger.seed([request], 0.0)
    arrive(*walked(make), replace(failed, request=request))

    found, reason = cell("余杭区人民政府", 2021)

    assert found is (CoverageState.LIST_UNREAD if is_unread else CoverageState.NOT_FOUND)
    assert ("/organs" in reason) is is_unread


def test_a_portal_of_which_no_page_answers_is_unreachable_and_not_unread(arrive, ledger, make, cell):
    failed = [make.failed("/", Outcome.HTTP_ERROR, Role.HOME, http_status=500)]
    failed.append(make.failed("/list", Outcome.HTTP_ERROR, Role.LIST, http_status=500))
    ledger.seed([each.request for each in failed], 0.0)
    arrive(*failed)

    assert cell("余杭区人民政府", 2021)[0] is CoverageState.UNREACHABLE


def test_a_walk_with_lists_to_go_has_not_listed_everything(arrive, ledger, make, cell):
    arrive(*walked(make))
    ledger.seed([make.request("/list2", role=Role.LIST)], 0.0)

    assert cell("余杭区人民政府", 2021) == (CoverageState.NEVER_LISTED, "the walk is not finished: 1 lists to go")


def test_a_portal_nobody_asked_or_could_ask_says_so(connection, cell, monkeypatch):
    monkeypatch.setattr(list_progress, "PLANNED_PLATFORMS", ("someday",))
    connection.execute("""UPDATE portals SET platforms = '["someday"]' WHERE id = '330100'""")
    connection.execute("UPDATE portals SET reason = 'merged' WHERE id = '330000'")

    assert cell("余杭区人民政府", 2021) == (CoverageState.NEVER_LISTED, "no crawl has asked this portal yet")
    assert cell("杭州市人民政府", 2021)[1] == "its family of portals is planned, not built: someday"
    assert cell("浙江省人民政府", 2021)[1] == "the portal has no address: merged"


def test_a_portal_without_a_list_is_never_listed(arrive, make, cell):
    home = replace(make.listed("/", page=ListPage()), request=make.request("/", role=Role.HOME))
    arrive(home)

    assert cell("余杭区人民政府", 2021) == (
        CoverageState.NEVER_LISTED,
        "no list of annual reports was found on the portal",
    )


def test_as_of_a_day_only_what_was_known_then_counts(arrive, make, cell):
    arrive(*walked(make), make.read(day="2024-02-15"))

    assert cell(BUREAU, 2023, date(2024, 2, 15))[0] is CoverageState.OK
    assert cell(BUREAU, 2023, date(2024, 2, 14))[0] is CoverageState.OVERDUE


def test_the_matrix_can_be_narrowed(connection, arrive, make):
    arrive(make.read())

    rows = read_coverage(connection, TODAY, province="zhejiang", year=2023)

    assert {row.year for row in rows} == {2023}
    assert {row.province for row in rows} == {"zhejiang"}
    assert read_coverage(connection, TODAY, province="hubei") == ()


@pytest.mark.parametrize(("outcome", "status"), [(Outcome.HTTP_ERROR, 404), (Outcome.SOFT_404, 200)])
def test_a_report_that_was_read_and_whose_page_is_gone_is_gone(arrive, make, cell, outcome, status):
    later = make.failed("/art/1.html", outcome, http_status=status, at="2024-09-01T08:00:00Z")
    arrive(*walked(make), make.read(), later)

    state, reason = cell(BUREAU, 2023)

    assert state is CoverageState.GONE
    assert "2024-09-01" in reason
    assert "until 2024-01-22" in reason
    assert cell(BUREAU, 2023, date(2024, 8, 31)) == (CoverageState.OK, None)


def test_a_report_with_a_copy_that_is_still_there_is_not_gone(arrive, make, cell):
    gone = make.failed("/art/1.html", Outcome.HTTP_ERROR, http_status=404, at="2024-09-01T08:00:00Z")
    arrive(make.read(), make.read("/art/2.html"), gone)

    assert cell(BUREAU, 2023) == (CoverageState.OK, None)


@pytest.mark.parametrize(
    ("agency", "exempted", "owed"),
    [
        ("余杭区瓶窑镇人民政府", 2019, 2018),
        ("余杭区临平街道办事处", 2022, 2016),
        ("余杭区应急管理局", 2017, 2018),
    ],
)
def test_an_organ_that_owes_no_report_of_a_year_is_exempt(arrive, make, cell, agency, exempted, owed):
    arrive(*walked(make), make.read(reading=make.reading(agency, 2023)))

    state, reason = cell(agency, exempted)

    assert state is CoverageState.EXEMPT
    assert reason
    assert cell(agency, owed)[0] is CoverageState.NOT_FOUND
    assert cell(agency, 2023) == (CoverageState.OK, None)


def test_a_year_that_no_crawl_asked_for_is_out_of_scope(connection, arrive, make, cell):
    crawl_started(connection, Crawl("a" * 16, "zhejiang", "2024-01-20T08:00:00Z", "1", {"year": "2022,2023"}))
    arrive(*walked(make))

    assert cell("余杭区人民政府", 2021)[0] is CoverageState.OUT_OF_SCOPE
    assert cell("余杭区人民政府", 2022)[0] is CoverageState.NOT_FOUND
    assert cell("杭州市人民政府", 2021)[0] is CoverageState.NEVER_LISTED

    crawl_started(connection, Crawl("b" * 16, "zhejiang", "2024-02-20T08:00:00Z", "1", {"portal": "330110"}))

    assert cell("余杭区人民政府", 2021)[0] is CoverageState.NOT_FOUND
    assert cell("余杭区人民政府", 2021, date(2024, 2, 19))[0] is CoverageState.OUT_OF_SCOPE


def test_as_of_a_day_a_corrected_report_is_as_it_was_then(arrive, make, cell):
    bare = make.reading(report=Report(True, BUREAU, 2023, Scope.DEPARTMENT, None), facts=())
    arrive(make.read(reading=bare, day="2024-02-01"), make.read(day="2024-03-01"))

    assert cell(BUREAU, 2023, date(2024, 2, 15))[0] is CoverageState.PARSE_FAILED
    assert cell(BUREAU, 2023, date(2024, 3, 1))[0] is CoverageState.OK


def test_every_state_of_the_closed_list_is_shown_by_some_test_of_this_module():
    text = Path(__file__).read_text(encoding="utf-8")

    assert {state for state in CoverageState if f"CoverageState.{state.name}" in text} == set(CoverageState)


MOVED = "www.xihaian.gov.cn"


def refused(make, host, key="/zfxxgknb/", role=Role.COLUMN):
    """A page on another host, that the gate did not let through."""
    asked = replace(make.request("/", role=role), url=f"https://{host}/zfxxgknb/", key=key)
    return replace(make.failed("/", Outcome.OUT_OF_REGISTRY), request=asked)


def test_a_county_that_moved_is_not_accused(connection, arrive, make, cell):
    home = replace(make.listed("/", page=ListPage()), request=make.request("/", role=Role.HOME))
    arrive(home, refused(make, MOVED, key="front:home", role=Role.HOME))

    state, reason = cell("余杭区人民政府", 2022)

    assert state is CoverageState.ELSEWHERE
    assert MOVED in reason
    arrive(
        replace(refused(make, MOVED, key="front:home", role=Role.HOME), outcome=Outcome.OK, at="2024-01-23T08:00:00Z")
    )
    assert cell("余杭区人民政府", 2022)[0] is CoverageState.NEVER_LISTED


def test_what_its_own_lists_lack_may_be_where_its_link_of_reports_leads(arrive, make, cell):
    arrive(*walked(make), refused(make, MOVED))

    assert cell("余杭区人民政府", 2022) == (
        CoverageState.ELSEWHERE,
        f"the portal leads to {MOVED}, which it may not be asked at",
    )


@pytest.mark.parametrize(("host", "key"), [(MOVED, "gate:/zfxxgk/"), ("www.hangzhou.gov.cn", "/zfxxgknb/")])
def test_beside_lists_of_its_own_other_links_excuse_nothing(arrive, make, cell, host, key):
    arrive(*walked(make), refused(make, host, key))

    assert cell("余杭区人民政府", 2022)[0] is CoverageState.NOT_FOUND


def test_without_any_list_each_of_them_does(arrive, make, cell):
    home = replace(make.listed("/", page=ListPage()), request=make.request("/", role=Role.HOME))
    arrive(home, refused(make, "www.hangzhou.gov.cn", "gate:/zfxxgk/"))

    assert cell("余杭区人民政府", 2022)[0] is CoverageState.ELSEWHERE


def test_a_cell_that_is_walled_names_the_wall_and_from_where_it_was_met(connection, arrive, make):
    refused = make.failed("/", Outcome.TLS, at="2024-09-01T08:00:00Z")
    home = make.request("/", role=Role.HOME)
    arrive(make.read(), replace(refused, request=home, wall=Wall.TLCP, vantage="DE"))

    rows = read_coverage(connection, TODAY, year=2022)
    walled = {(row.wall, row.vantage, row.vantage_known) for row in rows if row.state is CoverageState.UNREACHABLE}
    others = {(row.wall, row.vantage, row.vantage_known) for row in rows if row.state is not CoverageState.UNREACHABLE}
    earlier = read_coverage(connection, date(2024, 8, 31), year=2022)

    assert walled == {(Wall.TLCP, "DE", KnownBy.CLAIMED)}
    assert others == {(None, None, None)}
    assert {row.wall for row in earlier} == {None}
