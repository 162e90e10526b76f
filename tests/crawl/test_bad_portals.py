"""What a crawl makes of portals that misbehave: an attempt with its outcome, the right exit code, nothing lost."""

import json

import pytest

from govcrawl.replica import Replica, running

from .conftest import Crawls

CHALLENGED = {"330106": 412, "330681": 521, "330703": 202, "331000": 200}
MISBEHAVING = {
    "330800": ("http_error", 404),
    "330604": ("http_error", 500),
    "330402": ("soft_404", 200),
}


def crawled(scenario: str, folder, *arguments: str, code: int = 0) -> Crawls:
    crawls = Crawls(folder)
    with running(Replica(scenario=scenario)) as base:
        crawls = Crawls(folder, base)
        ended = crawls.run(*arguments)
    assert ended.code == code, ended.log
    assert "Traceback" not in ended.log
    return crawls


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Crawls:
    portals = ",".join([*CHALLENGED, *MISBEHAVING])
    folder = tmp_path_factory.mktemp("hostile")
    return crawled("hostile", folder, "-a", f"portal={portals}", "-a", "year=2023", code=1)


@pytest.mark.parametrize(("portal", "status"), CHALLENGED.items())
def test_a_challenge_is_recorded_as_blocked_and_not_knocked_at_again(hostile, portal, status):
    where = f"portal_id = '{portal}'"

    assert ("blocked", status) in hostile.outcomes(where) | hostile.outcomes(f"{where} AND role = 'robots'")
    assert hostile.rows(f"SELECT count(*) <= 6 FROM attempts WHERE {where}") == [(1,)]
    assert hostile.rows(f"SELECT count(*) FROM documents WHERE {where}") == [(0,)]


@pytest.mark.parametrize(("portal", "outcome"), MISBEHAVING.items())
def test_every_bad_answer_is_an_attempt_with_its_outcome(hostile, portal, outcome):
    assert outcome in hostile.outcomes(f"portal_id = '{portal}' AND role = 'document'")
    assert hostile.rows(f"SELECT count(*) FROM reports WHERE agency_id LIKE '{portal}%'") == [(0,)]


def test_an_error_of_the_server_is_tried_three_times_and_a_missing_page_once(hostile):
    tries = "SELECT max(n) FROM (SELECT count(*) AS n FROM attempts WHERE http_status = {} GROUP BY url)"

    assert hostile.rows(tries.format(500)) == [(3,)]
    assert hostile.rows(tries.format(404)) == [(1,)]


def test_the_portals_that_only_challenge_are_named_and_no_other(hostile):
    ((broken,),) = hostile.rows("SELECT rules_broken FROM crawls")

    assert [line.split()[2] for line in json.loads(broken)] == sorted(CHALLENGED)


def test_nothing_of_a_bad_page_reaches_the_facts_and_every_capture_is_kept(hostile):
    assert hostile.rows("SELECT count(*) FROM facts") == [(0,)]
    assert hostile.rows("SELECT count(*) > 10 FROM captures WHERE role = 'document'") == [(1,)]


def test_pages_that_fail_once_are_all_there_in_the_end(healthy, tmp_path):
    arguments = ("-a", "portal=330604", "-a", "year=2020,2021,2022")

    flaky = crawled("flaky", tmp_path / "flaky", *arguments)
    undisturbed = Crawls(tmp_path / "healthy", healthy[1])
    assert undisturbed.run(*arguments).code == 0

    assert flaky.rows("SELECT count(*) > 5 FROM attempts WHERE outcome IN ('http_error', 'truncated')") == [(1,)]
    assert flaky.rows("SELECT count(*) > 0 FROM captures WHERE truncated") == [(1,)]
    assert flaky.digest() == undisturbed.digest()


def test_gbk_pages_labelled_utf_8_are_read_and_flagged(tmp_path):
    crawls = crawled("mislabelled", tmp_path, "-a", "portal=330604", "-a", "year=2023")

    assert crawls.rows("SELECT count(*) > 0 FROM reports WHERE year = 2023") == [(1,)]
    assert crawls.rows("SELECT count(*) > 0 FROM issues WHERE kind = 'charset_conflict'") == [(1,)]
    assert crawls.rows("SELECT count(*) FROM documents WHERE title LIKE '%\ufffd%'") == [(0,)]


def test_an_empty_list_is_no_list_on_a_new_portal_and_has_shrunk_on_a_known_one(healthy, tmp_path):
    with running(Replica(scenario="empty-list")) as base:
        empty = Crawls(tmp_path, base)
        first = empty.run("-a", "portal=330106")
        assert first.code == 1
        assert "portals_answer: portal 330106 西湖区 gave no list of annual reports" in first.log
        assert empty.rows("SELECT count(*) FROM listings") == [(0,)]
        assert ("ok", 200) in empty.outcomes("role IN ('list', 'column')")

        assert Crawls(tmp_path, healthy[1]).run("-a", "portal=330106").code == 0
        known = empty.rows("SELECT count(*) FROM listings")
        ended = empty.run("-a", "portal=330106")

    assert ended.code == 1
    assert "lists_do_not_shrink: portal 330106 listed 0 of" in ended.log
    assert empty.rows("SELECT count(*) FROM listings") == known


def test_a_list_of_ten_thousand_rows_is_walked_whole(tmp_path):
    crawls = crawled("long-list", tmp_path, "-a", "portal=330106", "-a", "year=2023")

    assert crawls.rows("SELECT count(*) >= 100 FROM captures WHERE role = 'list'") == [(1,)]
    assert crawls.rows("SELECT count(*) > 0 FROM reports WHERE year = 2023") == [(1,)]
