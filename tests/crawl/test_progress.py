import io
import logging

from govcrawl.crawl.progress import StatusLine, portal_line, progress_line, report_pages, requests
from govcrawl.db.queries.crawl_summary import PortalSummary
from govcrawl.db.queries.run_yield import Yield
from govcrawl.vocabulary import LedgerState, Role

COUNTS = {
    (Role.LIST, LedgerState.DONE): 20,
    (Role.DOCUMENT, LedgerState.DONE): 90,
    (Role.DOCUMENT, LedgerState.FAILED): 10,
    (Role.DOCUMENT, LedgerState.QUEUED): 220,
}


def test_the_line_says_done_known_rate_and_portal():
    assert progress_line(COUNTS, 12.345, "330110") == "120 of 340 requests done, 12.3 a second, at 330110 余杭区"


def test_the_line_before_the_first_answer_names_no_portal():
    assert progress_line({}, 0.0, "") == "0 of 0 requests done, 0.0 a second"


def test_pages_fetched_for_the_first_time_and_again_are_told_apart():
    brought = Yield(documents=17, lists=9, robots=2, new=10, again=2, unchanged=5, known=300)

    assert report_pages(brought) == (
        "10 report pages fetched for the first time, 2 report pages fetched again, 5 unchanged, 300 known"
    )
    assert requests(brought, 4096) == (
        "requests: 17 for report pages, 9 for lists and the way to them, 2 for robots.txt; 4096 bytes archived"
    )


def test_a_portal_is_summed_up_in_one_line():
    row = PortalSummary("330110", "余杭区", 30, 29, 28, 1, 4)

    assert portal_line(row) == "330110 余杭区: 30 listed, 29 fetched, 28 read as reports, 1 checks failing, 4 issues"


def test_log_lines_never_share_a_line_with_the_status():
    stream = io.StringIO()
    status = StatusLine(stream)

    status.show("1 of 2")
    assert status.filter(logging.makeLogRecord({})) is True

    assert stream.getvalue() == "\r\x1b[K1 of 2\r\x1b[K"
