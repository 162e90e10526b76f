"""The work list and its verdicts: filtered, decided by who has the token, written as lines, kept across rebuilds."""

import json
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from govcrawl.archive.layout import VERDICTS, database_of
from govcrawl.browse.actions import posted_verdict
from govcrawl.browse.issues import ISSUES_PER_PAGE
from govcrawl.browse.verdict_file import append_verdict, latest_verdicts
from govcrawl.db.connection import read_database
from govcrawl.db.store.issues import issues_sql
from govcrawl.db.store.verdicts import Verdict
from govcrawl.errors import UsageError

AT = "2026-03-01T00:00:00.000Z"


def issues(get, archive: Path, query: str = "state=all"):
    return get(archive, f"/-/issues.json?{query}").json()


def test_filters_narrow_the_list(get, crawled: Path):
    page = issues(get, crawled)
    found = page["issues"]
    kind, severity = found[0]["kind"], found[0]["severity"]

    assert len(found) == min(ISSUES_PER_PAGE, sum(each["count"] for each in page["counts"])) > 2
    narrowed = issues(get, crawled, f"state=all&kind={kind}&severity={severity}")
    assert {(each["kind"], each["severity"]) for each in narrowed["issues"]} == {(kind, severity)}
    assert len(narrowed["counts"]) == 1
    assert [each["id"] for each in issues(get, crawled, f"state=all&key={found[0]['stable_key']}")["issues"]] == [
        found[0]["id"]
    ]
    assert issues(get, crawled, "state=all&portal=99")["issues"] == []
    assert issues(get, crawled, "state=all&year=1999")["issues"] == []
    assert {
        each["id"] for state in ("open", "closed") for each in issues(get, crawled, f"state={state}")["issues"]
    } == {each["id"] for each in found}


def test_the_list_says_what_the_view_says(get, archive_copy: Path):
    columns = ("id", "stable_key", "portal_id", "capture_id", "kind", "severity", "where", "detail", "closed_at")
    quoted = ", ".join(f'"{name}"' for name in columns)
    with closing(sqlite3.connect(database_of(archive_copy))) as database, database:
        database.execute(
            "UPDATE findings SET last_seen_at = '2000-01-01T00:00:00Z' WHERE id IN (SELECT min(id) FROM findings)"
        )
        told = set(database.execute(f"SELECT {quoted} FROM issues").fetchall())

    assert {row[-1] is None for row in told} == {True, False}
    assert {tuple(each[name] for name in columns) for each in issues(get, archive_copy)["issues"]} == told


def test_the_sql_of_issues_says_what_the_view_says(edited_copy: Path):
    columns = ("id", "stable_key", "portal_id", "document_id", "report_version_id", "capture_id", "kind", "severity",
               "where", "detail", "first_seen_at", "closed_at")  # fmt: skip
    with read_database(database_of(edited_copy)) as database:
        view, sql = (
            sorted(database.execute(f"SELECT {', '.join(map(quoted, columns))} FROM {source}").fetchall(), key=str)
            for source in ("issues", f"({issues_sql()})")
        )

    assert view == sql
    assert {(row[0].startswith("across"), row[-1] is None) for row in view} == {
        (across, is_open) for across in (True, False) for is_open in (True, False)
    }


def quoted(name: str) -> str:
    return f'"{name}"'


def test_pages_follow_each_other(get, crawled: Path, monkeypatch: pytest.MonkeyPatch):
    everything = [each["id"] for each in issues(get, crawled)["issues"]]
    monkeypatch.setattr("govcrawl.browse.issues.ISSUES_PER_PAGE", 2)
    page, seen = issues(get, crawled), []
    while page["next_page"]:
        seen += [each["id"] for each in page["issues"]]
        page = issues(get, crawled, f"state=all&page={page['next_page']}")

    assert [*seen, *(each["id"] for each in page["issues"])] == everything


def test_a_verdict_counts_at_once_and_the_latest_of_all(get, archive_copy: Path):
    first, second, *_ = issues(get, archive_copy)["issues"]
    append_verdict(archive_copy, Verdict(first["stable_key"], "ours", "2026-03-02T00:00:00.000Z", "看错了"))
    append_verdict(archive_copy, Verdict(first["stable_key"], "fine", AT))

    told = issues(get, archive_copy, f"state=all&key={first['stable_key']}")["issues"][0]
    assert (told["verdict"], told["note"]) == ("ours", "看错了")
    given = {each["id"] for each in issues(get, archive_copy, "state=all&verdict=given")["issues"]}
    assert given == {each["id"] for each in issues(get, archive_copy, "state=all&verdict=ours")["issues"]}
    assert first["id"] in given
    assert second["id"] in {each["id"] for each in issues(get, archive_copy, "state=all&verdict=none")["issues"]}


def test_a_line_that_is_no_verdict_costs_no_page(get, archive_copy: Path):
    (archive_copy / VERDICTS).write_text("{}\n", encoding="utf-8")

    assert get(archive_copy, "/-/issues").status_code == 200


def test_a_line_cut_off_by_a_crash_stays_by_itself(tmp_path: Path):
    (tmp_path / VERDICTS).write_text('{"stable_key": "a"', encoding="utf-8")
    append_verdict(tmp_path, Verdict("b", "fine", AT))

    _, line = (tmp_path / VERDICTS).read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {"stable_key": "b", "verdict": "fine", "decided_at": AT, "note": None}
    assert list(latest_verdicts(tmp_path)) == ["b"]


def test_verdicts_given_at_the_same_time_do_not_mix(tmp_path: Path):
    given = [Verdict(f"{number:016x}", "layout", AT, "字" * 500) for number in range(60)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda verdict: append_verdict(tmp_path, verdict), given))

    assert dict(latest_verdicts(tmp_path)) == {verdict.stable_key: verdict for verdict in given}


@pytest.mark.parametrize("posted", [{}, {"verdict": "maybe"}, {"verdict": "fine", "note": "x" * 1001}])
def test_a_form_that_says_nothing_sensible_is_refused(posted: dict[str, str]):
    with pytest.raises(UsageError):
        posted_verdict(posted, datetime(2026, 3, 1, tzinfo=UTC))


def test_a_verdict_carries_the_time_and_a_note_if_there_is_one():
    told = posted_verdict({"stable_key": "k", "verdict": "fine", "note": "  "}, datetime(2026, 3, 1, tzinfo=UTC))

    assert told == Verdict("k", "fine", AT, None)


# ----------------------------------------------------------------------------------------- over a real connection


@contextmanager
def logged_in(served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.address, timeout=300) as client:
        page = client.get("/-/login")
        token = re.search(r'name="csrftoken" value="([^"]+)"', page.text)[1]
        assert client.post("/-/login", data={"csrftoken": token, "token": served.token}).status_code == 303
        yield client


def form_of(client: httpx.Client) -> dict[str, str]:
    text = client.get("/-/issues?state=all").text
    form = text[text.index('action="/-/verdict"') :]
    names = ("csrftoken", "stable_key", "id", "back")
    return {name: re.search(rf'name="{name}" value="([^"]*)"', form)[1].replace("&amp;", "&") for name in names}


def test_a_verdict_needs_the_token(served):
    with httpx.Client(base_url=served.address, timeout=300) as client:
        wrong = client.post("/-/login", data={"token": "guess"})
        refused = client.post("/-/verdict", data={"stable_key": "x", "verdict": "fine"})
        form = client.get("/-/issues?state=all").text

    assert (wrong.status_code, refused.status_code) == (403, 403)
    assert "令牌不对" in wrong.text
    assert 'action="/-/verdict"' not in form
    assert not (served.archive / VERDICTS).exists()


def test_a_verdict_needs_the_form_it_was_asked_with(served):
    with logged_in(served) as client:
        form = form_of(client)
        forged = client.post("/-/verdict", data={**form, "verdict": "fine", "csrftoken": "x"})
        bare = client.post("/-/verdict", data={"stable_key": form["stable_key"], "verdict": "fine"})
        unknown = client.post("/-/verdict", data={**form, "stable_key": "f" * 16, "verdict": "fine"})
        senseless = client.post("/-/verdict", data={**form, "verdict": "maybe"})

    assert [each.status_code for each in (forged, bare, unknown, senseless)] == [403, 403, 404, 400]
    assert not (served.archive / VERDICTS).exists()


def test_the_way_back_leads_nowhere_else(archive_copy: Path, serve):
    with serve(archive_copy) as served, logged_in(served) as client:
        answers = [
            client.post("/-/verdict", data={**form_of(client), "verdict": "fine", "back": back})
            for back in (
                "http://example.com/",
                "//example.com/-/issues?",
                "javascript:alert(1)",
                "/-/issues?kind=x\r\nA: b",
            )
        ]

    assert [each.status_code for each in answers] == [303] * 4
    assert all(each.headers["location"].startswith("/-/issues") for each in answers)
    assert all("a" not in each.headers for each in answers)


def test_the_login_cookie_is_kept_from_scripts_and_other_sites(served):
    with logged_in(served) as client:
        page = client.get("/-/login")
        token = re.search(r'name="csrftoken" value="([^"]+)"', page.text)[1]
        cookie = client.post("/-/login", data={"csrftoken": token, "token": served.token}).headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_plain_datasette_takes_no_verdicts(get, crawled: Path):
    assert "只读" in get(crawled, "/-/login").text
    assert 'name="token"' not in get(crawled, "/-/login").text


def test_a_verdict_given_in_the_browser_outlives_a_rebuild(archive_copy: Path, serve, govcrawl, tab):
    with serve(archive_copy) as served:
        tab.goto(f"{served.address}/-/login")
        tab.get_by_label("令牌").fill(served.token)
        tab.get_by_role("button", name="登录").click()
        tab.goto(f"{served.address}/-/issues?state=all")
        first = tab.locator("article.issue").first
        key = first.get_attribute("id")
        first.get_by_label("判断").select_option("publisher")
        first.get_by_label("备注").fill("<b>报告写错</b>")
        first.get_by_role("button", name="保存判断").click()
        tab.wait_for_url(f"**#{key}")
        assert "发布者有误" in tab.locator(f"#{key} .decided").inner_text()

        assert govcrawl("rebuild", "--archive", archive_copy, "--processes", 1).returncode == 0
        tab.reload()
        assert "<b>报告写错</b>" in tab.locator(f"#{key} .decided").inner_text()
        (line,) = (archive_copy / VERDICTS).read_text(encoding="utf-8").splitlines()
        assert json.loads(line)["verdict"] == "publisher"
    assert json.loads(line)["note"] == "<b>报告写错</b>"
