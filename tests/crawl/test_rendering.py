"""Lists that only a browser shows: found, archived, rebuilt, and nothing asked past the gates."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from govcrawl.crawl.rendering import NAMES, find_chromium
from govcrawl.errors import UsageError
from govcrawl.warc import StoredExchange, iter_stored, verify_records

from .conftest import Crawls, journal

PORTAL, HOST = "659001", "www.shz.gov.cn"
ARGUMENTS = ("-a", f"portal={PORTAL}", "-a", "year=2023")
BEYOND = {
    ("out_of_registry", "https://www.shangkeht.com/count"),
    ("out_of_registry", "http://127.0.0.1/"),
    ("out_of_registry", "http://169.254.169.254/latest/meta-data/"),
    ("out_of_registry", f"ws://{HOST}/admin/socket"),
    ("robots", f"http://{HOST}/admin/visits"),
}


@pytest.fixture(scope="module")
def rendered(healthy, tmp_path_factory) -> Crawls:
    if find_chromium("") is None:
        pytest.skip(f"no Chromium here ({', '.join(NAMES)}): `make browser` installs one")
    crawls = Crawls(tmp_path_factory.mktemp("rendered"), healthy[1])
    ended = crawls.run(*ARGUMENTS, spider="xinjiang")
    assert ended.code == 0, ended.log
    assert "Traceback" not in ended.log
    crawls.log = ended.log
    return crawls


@pytest.fixture(scope="module")
def asked(healthy, rendered) -> dict:
    """What the replica saw of the crawl; taken before any other."""
    return journal(healthy[1])


def test_every_row_that_a_script_writes_is_listed_and_its_reports_are_read(healthy, rendered):
    pages = [page for page in healthy[0].manifest["pages"] if page["portal"] == PORTAL]

    assert {url for (url,) in rendered.rows("SELECT url FROM listings")} == {page["url"] for page in pages}
    wanted = {page["url"] for page in pages if page["report_year"] == 2023}
    assert {url for (url,) in rendered.rows("SELECT url FROM reports")} == wanted


def test_nothing_was_asked_past_the_gates_counted_where_it_would_arrive(asked):
    assert asked["forbidden"] == 0
    assert set(asked["hosts"]) == {HOST}


def test_a_page_is_rendered_once_however_many_lead_to_it(rendered):
    keys = rendered.rows("SELECT url, key FROM frontier WHERE key LIKE 'rendered:%' ORDER BY url")

    assert [url.partition("?")[2] for url, _ in keys] == ["", "page=2", "page=3"]
    assert {key for _, key in keys} == {"rendered:/zwgk/nb/list.html"}


def test_what_a_page_asks_for_past_the_gates_is_an_attempt_and_never_sent(asked, rendered):
    refused = "SELECT DISTINCT outcome, url FROM attempts WHERE role = 'embedded' AND http_status IS NULL"

    assert set(rendered.rows(refused)) == BEYOND


def test_everything_a_page_loads_is_a_record_and_scripts_are_asked_for_once(asked, rendered):
    loaded = dict(rendered.rows("SELECT url, count(*) FROM captures WHERE role = 'embedded' GROUP BY url"))
    answers = [one for one in iter_stored(rendered.archive) if isinstance(one, StoredExchange)]

    assert loaded[f"http://{HOST}/script/list.js"] == 1
    assert all(loaded[f"http://{HOST}/api/list.json?page={number}"] == 1 for number in (1, 2, 3))
    assert asked["hosts"][HOST]["requests"] == sum("rendered:" not in one.exchange.request.key for one in answers)


def test_the_requests_that_the_crawl_says_it_sent_are_those_that_arrived(asked, rendered):
    (told,) = re.findall(r"requests: (\d+) for report pages, (\d+) for lists .*?, (\d+) for robots.txt", rendered.log)

    assert sum(map(int, told)) == asked["hosts"][HOST]["requests"]


def test_other_peoples_readers_take_the_conversions(rendered):
    paths = [str(path) for path in rendered.archive.glob("warc/*/*.warc.gz")]
    program = "from warcio.cli import main; main()"

    command = (sys.executable, "-c", program, "check", *paths)
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)

    assert (done.returncode, done.stdout) == (0, "")
    assert sum(map(conversions, paths)) == 3


def conversions(path: str) -> int:
    with Path(path).open("rb") as stream:
        return sum(record.rec_type == "conversion" for record in ArchiveIterator(stream))


def test_the_rendered_pages_verify_and_rebuild_to_the_same_digest(rendered, govcrawl):
    before = rendered.digest()

    assert list(verify_records(rendered.archive)) == []
    assert govcrawl("rebuild", "--archive", rendered.archive).returncode == 0
    assert rendered.digest() == before


def test_without_a_chromium_the_crawl_runs_on_and_says_so(healthy, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    crawls = Crawls(tmp_path, healthy[1])

    ended = crawls.run(*ARGUMENTS, spider="xinjiang")

    assert ended.code == 1
    assert "1 portals need a browser, and no Chromium was found" in ended.log
    failed = crawls.rows("SELECT outcome, detail LIKE '%no Chromium%', count(*) FROM attempts WHERE outcome <> 'ok'")
    assert failed == [("error", 1, 1)]
    cells = f"FROM coverage WHERE agency_id LIKE '{PORTAL}:%' AND year = 2023"
    assert crawls.rows(f"SELECT DISTINCT state, reason LIKE '%needs a browser%' {cells}") == [("unreachable", 1)]


def test_a_page_whose_scripts_never_rest_is_an_attempt_that_timed_out(healthy, tmp_path):
    if find_chromium("") is None:
        pytest.skip(f"no Chromium here ({', '.join(NAMES)}): `make browser` installs one")
    crawls = Crawls(tmp_path, healthy[1])

    ended = crawls.run(*ARGUMENTS, "-s", "GOVCRAWL_RENDER_SECONDS=0.01", spider="xinjiang")

    assert ended.code == 1, ended.log
    assert "Traceback" not in ended.log
    assert ("timeout", "scripts not at rest after 0.01 s and 0 requests") in crawls.rows(
        "SELECT outcome, detail FROM attempts WHERE outcome <> 'ok'"
    )


def test_a_browser_that_does_not_start_is_an_attempt_with_its_reason_and_not_tried_again(healthy, tmp_path):
    crawls = Crawls(tmp_path, healthy[1])

    ended = crawls.run(*ARGUMENTS, "-s", f"GOVCRAWL_CHROMIUM={shutil.which('false')}", spider="xinjiang")

    assert ended.code == 1, ended.log
    assert "Traceback" not in ended.log
    failed = crawls.rows("SELECT outcome, detail FROM attempts WHERE outcome <> 'ok'")
    assert [(outcome, detail.partition(":")[0]) for outcome, detail in failed] == [("error", "the browser failed")]


def test_a_browser_that_is_named_and_not_there_is_wrong_usage(tmp_path):
    assert find_chromium("", ()) is None
    with pytest.raises(UsageError, match="GOVCRAWL_CHROMIUM"):
        find_chromium(str(tmp_path / "chromium"))
