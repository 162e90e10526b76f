import pytest

from govcrawl.db.queries.crawl_summary import PortalSummary
from govcrawl.replica import Replica, demo
from govcrawl.replica.demo import compare_pages, count_refetched, portal_table
from govcrawl.replica.request_log import LoggedRequest, RequestLog, path_class

PAGE = {"url": "https://www.hangzhou.gov.cn/art/1.html", "facts": {"a.b.c": 1, "a.b.d": "blank"}}


def test_pages_are_compared_cell_by_cell():
    comparison = compare_pages(
        [(PAGE, {"a.b.c": 1, "a.b.d": "blank"}), (PAGE, {"a.b.c": 2, "a.b.d": "blank"}), (PAGE, {})]
    )
    assert (comparison.equal, comparison.total) == (1, 3)
    assert comparison.differences == (
        f"{PAGE['url']}: 1 cells differ, first a.b.c: wants 1, stored 2",
        f"{PAGE['url']}: no report is stored",
    )


def test_a_cell_that_the_manifest_does_not_have_is_a_difference():
    comparison = compare_pages([(PAGE, {**PAGE["facts"], "a.b.e": 0})])
    assert comparison.differences == (f"{PAGE['url']}: 1 cells differ, first a.b.e: wants None, stored 0",)


def test_documents_asked_for_again_are_counted():
    log = RequestLog()
    log.add(LoggedRequest(1.0, "www.hangzhou.gov.cn", "GET", "/art/1.html", "document", 200, forbidden=False))
    log.add(LoggedRequest(1.5, "www.hangzhou.gov.cn", "GET", "/col/col1/index.html", "column", 200, forbidden=False))
    assert count_refetched(log, [PAGE, {"url": "https://www.hangzhou.gov.cn/art/2.html"}]) == 1
    assert log.summary()["hosts"]["www.hangzhou.gov.cn"]["shortest_distance"] == 0.5


def test_the_table_is_aligned_with_wide_characters_and_summed():
    lines = portal_table(
        [PortalSummary("330100", "杭州市", 56, 55, 54, 2, 2), PortalSummary("420200", "黄石", 4, 3, 3, 0, 1)]
    )
    assert lines == [
        "portal  name    listed  fetched  parsed  checks failing  issues",
        "330100  杭州市      56       55      54               2       2",
        "420200  黄石         4        3       3               0       1",
        "all                 60       58      57               2       3",
    ]


def test_paths_have_classes():
    paths = {
        "/": "home",
        "/robots.txt": "robots",
        "/art/2024/1/2/art_1_2.html": "document",
        "/module/xxgk/xxgkAnnualReport.jsp": "document",
        "/xxxgk/gknb/2023_nd/202401/t20240129_1092698.html": "document",
        "/module/xxgk/search.jsp": "list",
        "/module/web/jpage/dataproxy.jsp": "list",
        "/zwgk/xxgknb/2024gznb/index_2.html": "list",
        "/col/col1/index.html": "column",
        "/about/": "other",
    }
    assert {path: path_class(path) for path in paths} == paths


def test_the_demo_ends_with_every_page_equal(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)

    code = demo.run_demo()

    total = len(demo.expected_reports(Replica()))
    assert total >= 300
    assert code == 0
    assert f"{total} of {total} pages equal the manifest" in capfd.readouterr().out


@pytest.mark.soak
def test_a_second_demo_fetches_no_report_page_again(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)

    codes = (demo.run_demo(), demo.run_demo())

    total = len(demo.expected_reports(Replica()))
    assert codes == (0, 0)
    assert f"0 report pages fetched again, {total} known from earlier runs" in capfd.readouterr().out
