"""The one path from stored bytes to rows: what each kind of answer becomes, and that no page breaks it."""

from dataclasses import replace

import pytest

from govcrawl import portals
from govcrawl.db.arrival import Arrival
from govcrawl.errors import InputError
from govcrawl.models import Capture, Elsewhere, Exchange, Listing, ListPage, Request, Response
from govcrawl.platforms.crawl_context import Stage, Trail
from govcrawl.platforms.rows import kept
from govcrawl.reading import arrival, follow_ups, read_bytes, read_file
from govcrawl.vocabulary import IssueKind, Outcome, Role
from govcrawl.warc import StoredAttempt, StoredExchange, content_type

PORTAL = "330604"
HOST = "http://www.shangyu.gov.cn"


def stored(body: bytes = b"", status: int = 200, role: Role = Role.DOCUMENT, **headers: str) -> StoredExchange:
    request = Request(PORTAL, "hanweb-jpage", role, f"{HOST}/art/2025/1/22/art_1229351148_4209864.html")
    fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    response = Response(request.url, status, (("Content-Type", "text/html; charset=utf-8"), *fields), body)
    capture = Capture(
        request, request.url, "2026-01-31T08:00:00Z", status, "0" * 64, "text/html", "330604/a.warc.gz", 10, 20
    )
    return StoredExchange(capture, Exchange(request, response), Outcome.OK, "330604/a.warc.gz", 30)


def arrived(item: StoredExchange | StoredAttempt):
    return arrival(item, portals.load_registry()[PORTAL])


def test_an_attempt_without_a_response_keeps_its_outcome_and_place():
    request = Request(PORTAL, "hanweb-jpage", Role.LIST, f"{HOST}/col/col1/index.html")
    item = StoredAttempt(request, Outcome.TIMEOUT, "2026-01-31T08:00:00Z", "60 s", None, "330604/a.warc.gz", 99)

    result = arrived(item)

    assert (result.outcome, result.detail, result.archive_end) == (Outcome.TIMEOUT, "60 s", 99)
    assert result.reading is None
    assert result.queued == ()


def test_a_redirect_becomes_a_request_of_the_same_role_that_knows_its_way():
    result = arrived(stored(status=302, Location="/art/2025/1/22/art_1229351148_1.html"))

    (queued,) = result.queued
    assert queued.request.role is Role.DOCUMENT
    assert queued.request.url == f"{HOST}/art/2025/1/22/art_1229351148_1.html"
    assert dict(queued.request.context)["via"].startswith(HOST)


def test_a_page_that_moves_on_by_script_is_followed_like_a_redirect():
    result = arrived(stored(b"<script>location.replace('./art_1229351148_1.html')</script>"))

    assert result.outcome is Outcome.OK
    assert [queued.request.url for queued in result.queued] == [f"{HOST}/art/2025/1/22/art_1229351148_1.html"]
    assert result.reading is None


def followed(*targets: str) -> list[Arrival]:
    """What a document and everything it is sent on to mean, each address sending on to the next target."""
    item, arrivals = stored(status=302, Location=targets[0]), []
    for target in (*targets[1:], ""):
        arrivals.append(arrived(item))
        if not arrivals[-1].queued:
            break
        request = arrivals[-1].queued[0].request
        response = Response(request.url, 302, (("Location", target),), b"")
        item = StoredExchange(item.capture, Exchange(request, response), Outcome.OK, "330604/a.warc.gz", 30)
    return arrivals


def test_redirects_end_after_five_hops_in_an_error():
    arrivals = followed(*(f"/elsewhere-{number}.html" for number in range(9)))

    assert [len(arrival.queued) for arrival in arrivals] == [1, 1, 1, 1, 1, 0]
    assert arrivals[-1].outcome is Outcome.HTTP_ERROR
    assert "more than 5 times" in (arrivals[-1].detail or "")


def test_redirects_that_lead_round_end_where_they_began_in_an_error():
    start = stored().exchange.request.url
    arrivals = followed("/elsewhere.html", start)

    assert [len(arrival.queued) for arrival in arrivals] == [1, 0]
    assert arrivals[-1].outcome is Outcome.HTTP_ERROR
    assert "in a circle" in (arrivals[-1].detail or "")


def test_a_truncated_body_is_never_read():
    whole = stored("<html><body>政府信息公开工作年度报告</body></html>".encode())
    cut = StoredExchange(whole.capture, whole.exchange, Outcome.TRUNCATED, whole.warc_file, whole.end)

    result = arrived(cut)

    assert result.outcome is Outcome.TRUNCATED
    assert result.reading is None


def test_a_page_that_is_no_report_is_read_and_says_so():
    page = "<html><head><title>通知</title></head><body><p>关于召开会议的通知。请准时参加。</p></body></html>"

    result = arrived(stored(page.encode() + b"<!-- " + b"x" * 4000 + b" -->"))

    assert result.reading is not None
    assert not result.reading.report.is_report
    assert result.reading.facts == ()
    assert IssueKind.NOT_A_REPORT in {issue.kind for issue in result.reading.issues}


def test_a_reader_that_breaks_costs_only_its_page(monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("govcrawl.reports.read_report", broken)

    reading = read_bytes(b"<html><body>x</body></html>", "text/html", None, None)

    assert [issue.kind for issue in reading.issues] == [IssueKind.PARSE_FAILED]
    assert "ZeroDivisionError" in reading.issues[0].detail


def test_a_page_beyond_a_limit_is_refused_by_name():
    reading = read_bytes(b"<div>" * 1_000, "text/html", None, None)

    assert [issue.kind for issue in reading.issues] == [IssueKind.REFUSED_LIMIT]
    assert "250" in reading.issues[0].detail


def test_a_file_of_another_kind_is_an_attachment_in_a_crawl_and_unreadable_input_on_the_command_line(tmp_path):
    body = b"%PDF-1.7 nothing more"
    path = tmp_path / "report.pdf"
    path.write_bytes(body)

    reading = read_bytes(body, "application/pdf", None, None)

    assert [issue.kind for issue in reading.issues] == [IssueKind.ATTACHMENT_ONLY]
    with pytest.raises(InputError, match="PDF"):
        read_file(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nothing\.html"):
        read_file(tmp_path / "nothing.html")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, (None, None)),
        ("text/html", ("text/html", None)),
        ("text/html; charset=GBK", ("text/html", "gbk")),
        ('Text/HTML;charset="utf-8"', ("text/html", "utf-8")),
    ],
)
def test_content_types(header, expected):
    assert content_type(header) == expected


def unchanged(body: bytes, meant: int = 200) -> StoredExchange:
    """A stored 304 as it reads back: the page it stands for, under the status that the portal answered."""
    page = stored(body, meant, ETag='"a"')
    return replace(page, outcome=Outcome.NOT_MODIFIED, capture=replace(page.capture, status=304))


def test_an_unchanged_page_is_read_as_the_page_it_stands_for():
    page = f"<html><title>年报</title><body><p>{'工作平稳。' * 200}</p></body></html>".encode()

    result = arrived(unchanged(page))

    assert (result.outcome, result.http_status, result.comparable) == (Outcome.NOT_MODIFIED, 304, True)
    assert result.reading is not None


def test_an_unchanged_page_that_is_a_challenge_by_todays_lights_is_blocked():
    result = arrived(unchanged(b"<script>$_ts={};</script>"))

    assert (result.outcome, result.reading) == (Outcome.BLOCKED, None)


def test_a_304_that_stands_for_nothing_is_not_read():
    result = arrived(unchanged(b"", meant=304))

    assert (result.reading, result.page) == (None, None)


def test_a_row_of_something_else_is_listed_for_its_index_number_and_its_document_not_asked_for():
    report = Listing(
        PORTAL, "https://www.hangzhou.gov.cn/art/2025/1/2/art_1_1.html", "杭州市财政局2024年政府信息公开工作年度报告"
    )
    notice = replace(report, url=report.url.replace("_1.html", "_2.html"), title="某区2024年第3号工作简报")
    numbered = replace(notice, url=notice.url.replace("_2.html", "_3.html"), index_number="002489452/2025-00007")

    rows = kept((report, notice, numbered), dedicated=True)

    assert rows == (report, numbered)
    assert kept((numbered,), dedicated=False) == ()
    (asked,) = follow_ups(ListPage(rows=rows), portals.load_registry()[PORTAL])
    assert asked.request.url == report.url


@pytest.mark.parametrize(
    ("title", "publisher", "agency"),
    [
        ("绍兴市上虞区民政局2023年政府信息公开工作年度报告", None, "绍兴市上虞区民政局"),
        ("2023年政府信息公开工作年度报告", "绍兴市上虞区民政局", "绍兴市上虞区民政局"),
        ("2023年政府信息公开工作年度报告", "综合办公室", None),
        ("2023年政府信息公开工作年度报告", None, None),
        ("民政局、教育局2023年政府信息公开工作年度报告", "绍兴市上虞区民政局", None),
    ],
)
def test_the_row_of_a_list_names_the_organ_of_a_page_that_names_none(title, publisher, agency):
    row = Listing(PORTAL, f"{HOST}/art/2024/1/22/art_1229351148_1.html", title, publisher=publisher)
    (queued,) = follow_ups(ListPage(rows=(row,)), portals.load_registry()[PORTAL])
    page = "<h1>2023年政府信息公开工作年度报告</h1><p>一、总体情况<p>本年制发件数<p>现行有效件数"
    item = stored(page.encode())
    asked = replace(item, exchange=replace(item.exchange, request=queued.request))

    reading = arrived(asked).reading
    assert reading.report.is_report
    assert reading.report.agency == agency


@pytest.mark.parametrize(
    ("host", "stage", "is_queued"),
    [
        ("xxgk.shangyu.gov.cn", Stage.REPORTS, True),
        ("xxgk.shangyu.gov.cn", Stage.GATE, True),
        ("www.xihaian.gov.cn", Stage.REPORTS, True),
        ("www.xihaian.gov.cn", Stage.GATE, False),
    ],
)
def test_a_link_to_another_host_is_queued_as_reports_or_under_the_portal_s_own_domain(host, stage, is_queued):
    context = Trail((2024,), stage, 1).context()
    link = Request(PORTAL, "hanweb-jpage", Role.COLUMN, f"https://{host}/nb/", "/nb/", context=context)

    queued = follow_ups(ListPage(elsewhere=(Elsewhere("政府信息公开年报", link),)), portals.load_registry()[PORTAL])

    assert [one.request for one in queued] == ([link] if is_queued else [])


COLUMN = f"{portals.load_registry()[PORTAL].home}bm/swj"
SECTIONS = "<p>一、总体情况</p><p>二、主动公开政府信息情况</p><p>三、收到和处理政府信息公开申请情况</p>"
PROSE = "本年度主动公开信息，及时办理申请。"
REPORT = "余杭区商务局2024年政府信息公开工作年度报告"


def column_of_an_organ(title: str, more: str = "") -> StoredExchange:
    """What a link named as one organ leads to, under a heading that names the reports."""
    body = f"<title>{title}</title><h1>{title}</h1>{more}{SECTIONS}<p>{PROSE * 60}</p>"
    found = stored(body.encode())
    request = replace(found.exchange.request, role=Role.COLUMN, url=COLUMN, platform="generic")
    request = replace(request, context=Trail((2024,), Stage.REPORTS, 2).context())
    exchange = Exchange(request, replace(found.exchange.response, url=request.url))
    return replace(found, exchange=exchange, capture=replace(found.capture, request=request, url=request.url))


def test_a_page_on_the_way_that_is_the_report_itself_is_read_at_once():
    result = arrived(column_of_an_organ(REPORT))

    assert [row.title for row in result.page.rows] == [REPORT]
    assert result.reading.report.is_report
    assert result.answered == result.queued[-1].request
    assert (result.answered.role, result.answered.url) == (Role.DOCUMENT, COLUMN)


@pytest.mark.parametrize(
    ("title", "more"),
    [
        ("余杭区商务局", ""),
        (REPORT, '<a href="/bm/swj_2.html">下一页</a><iframe src="/bm/swj_zw.html"></iframe>'),
    ],
    ids=["no report", "one page of several"],
)
def test_any_other_page_on_the_way_is_no_document(title, more):
    item = column_of_an_organ(title, more)
    if more:
        short = item.exchange.response.body.replace(PROSE.encode() * 55, b"")
        item = replace(item, exchange=replace(item.exchange, response=replace(item.exchange.response, body=short)))

    result = arrived(item)

    assert (result.reading, result.answered) == (None, None)
