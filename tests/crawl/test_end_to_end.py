"""The main job as a user starts it: what it brings home, what it asks again, and what survives being killed."""

import itertools
import os
import random
import signal
import time

import pytest

from govcrawl.errors import ArchiveError
from govcrawl.warc import ArchiveLock, iter_stored, verify_records

from .conftest import Crawls, journal

SOME = ("-a", "portal=330604,330800", "-a", "year=2019,2023")


@pytest.fixture(scope="module")
def undisturbed(healthy, tmp_path_factory) -> Crawls:
    """An archive that one crawl has filled without being disturbed."""
    crawls = Crawls(tmp_path_factory.mktemp("undisturbed"), healthy[1])
    ended = crawls.run(*SOME)
    assert ended.code == 0, ended.log
    return crawls


def expected(replica, portal: str, years: tuple[int, ...]) -> set[str]:
    pages = (page for page in replica.manifest["pages"] if page["portal"] == portal and page["expected"] == "report")
    return {page["url"] for page in pages if page["report_year"] in years}


def test_a_crawl_brings_home_every_report_of_the_portals_and_years_asked_for(healthy, undisturbed):
    wanted = expected(healthy[0], "330604", (2019, 2023))

    stored = {url for (url,) in undisturbed.rows("SELECT url FROM reports JOIN agencies ON agencies.id = agency_id")}
    assert wanted
    assert wanted <= stored
    assert undisturbed.rows("SELECT count(*) > 1000 FROM facts") == [(1,)]


def test_list_rows_are_stored_for_every_year_but_only_wanted_years_are_fetched(undisturbed):
    assert undisturbed.rows("SELECT count(*) FROM listings WHERE title LIKE '%2024%'") != [(0,)]
    fetched = undisturbed.rows("SELECT DISTINCT year FROM reports")
    assert {year for (year,) in fetched} <= {2019, 2023}


def test_every_stored_record_verifies_and_everything_archived_is_in_the_database(undisturbed):
    assert list(verify_records(undisturbed.archive)) == []

    archived = sum(hasattr(stored, "capture") for stored in iter_stored(undisturbed.archive))
    assert undisturbed.rows("SELECT count(*) FROM captures") == [(archived,)]


def test_what_robots_txt_forbids_never_arrives(healthy, undisturbed):
    assert ("robots", None) in undisturbed.outcomes("portal_id = '330800'")
    assert journal(healthy[1])["forbidden"] == 0


def test_a_second_crawl_fetches_no_report_page_again_and_says_so(healthy, undisturbed):
    before = undisturbed.digest()
    (pages,) = undisturbed.rows("SELECT count(*) FROM captures WHERE role = 'document'")[0]
    asked_before = sum(journal(healthy[1])["documents"].values())

    ended = undisturbed.run(*SOME)

    assert ended.code == 0
    assert "0 report pages fetched again" in ended.log
    assert sum(journal(healthy[1])["documents"].values()) == asked_before
    assert undisturbed.rows("SELECT count(*) FROM captures WHERE role = 'document'") == [(pages,)]
    assert undisturbed.digest() == before


def test_a_crawl_killed_at_five_moments_ends_where_an_undisturbed_one_does(healthy, undisturbed, tmp_path):
    crawls = Crawls(tmp_path, healthy[1])
    moments = random.Random(20260201)

    for _ in range(5):
        assert crawls.kill_after(moments.uniform(1.0, 4.0), *SOME) in {-signal.SIGKILL, 0}
    ended = crawls.run(*SOME)

    assert ended.code == 0, ended.log
    assert crawls.digest() == undisturbed.digest()
    assert list(verify_records(crawls.archive)) == []
    assert crawls.rows("PRAGMA integrity_check") == [("ok",)]


def test_one_signal_ends_a_crawl_in_good_order(healthy, tmp_path):
    crawls = Crawls(tmp_path, healthy[1])
    with crawls.start(*SOME) as process:
        _until(lambda: crawls.archive.joinpath("warc").is_dir() and any(crawls.archive.glob("warc/33*/*")))
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=600)

    assert process.returncode == 1
    assert "Traceback" not in log
    assert crawls.rows("SELECT finish_reason FROM crawls") == [("shutdown",)]


def test_a_second_process_on_the_same_archive_is_refused_with_the_pid_of_the_first(healthy, tmp_path):
    crawls = Crawls(tmp_path, healthy[1])

    with ArchiveLock(crawls.archive):
        ended = crawls.run(*SOME)

    assert ended.code == 2
    assert ended.log.count("\n") == 1
    assert str(os.getpid()) in ended.log
    with pytest.raises(ArchiveError), ArchiveLock(crawls.archive), ArchiveLock(crawls.archive):
        pass


def test_an_archive_of_the_other_origin_is_refused(healthy, undisturbed):
    live = Crawls(undisturbed.folder)

    ended = live.run(*SOME)

    assert ended.code == 2
    assert ended.log.count("\n") == 1
    assert "origin" in ended.log


def test_a_full_disk_stops_the_crawl_with_a_line_and_the_next_one_completes_it(healthy, undisturbed, tmp_path):
    crawls = Crawls(tmp_path, healthy[1], file_blocks="600")
    ended = crawls.run(*SOME)
    assert ended.code in {1, 2}
    assert "Traceback" not in ended.log

    crawls.file_blocks = "unlimited"
    assert crawls.run(*SOME).code == 0
    assert crawls.digest() == undisturbed.digest()
    assert list(verify_records(crawls.archive)) == []


def test_a_database_that_is_gone_is_made_anew_from_the_archive_before_the_crawl_goes_on(healthy, undisturbed, tmp_path):
    crawls = Crawls(tmp_path, healthy[1])
    for path in undisturbed.archive.rglob("*.warc.gz"):
        copy = crawls.archive / path.relative_to(undisturbed.archive)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())

    assert crawls.run(*SOME).code == 0
    assert crawls.digest() == undisturbed.digest()


def _until(happened, seconds: float = 600.0) -> None:
    for _ in itertools.takewhile(lambda _: not happened(), range(int(seconds * 20))):
        time.sleep(0.05)
    assert happened()
