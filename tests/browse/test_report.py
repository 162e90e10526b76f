"""The pages of a report, a cell, a capture and a comparison: what they say agrees with the database and the archive."""

import itertools
import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from govcrawl import warc
from govcrawl.archive.layout import database_of
from govcrawl.browse.filled_form import ReportClaim
from govcrawl.browse.report import ProsePiece, prose_pieces


def asked(archive: Path, sql: str, *values: object) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{database_of(archive)}?mode=ro", uri=True)) as database:
        return database.execute(sql, values).fetchall()


@pytest.fixture(scope="session")
def report(crawled: Path) -> str:
    """A report of a year that has reports before and after it."""
    ((name,),) = asked(
        crawled,
        "SELECT r.id FROM reports AS r JOIN report_versions AS v ON v.id = r.current_version_id"
        " WHERE v.form = 'f2021' AND EXISTS (SELECT 1 FROM reports AS o WHERE o.agency_id = r.agency_id"
        "   AND o.year = r.year - 1 AND o.scope = r.scope) ORDER BY r.id LIMIT 1",
    )
    return str(name)


def value_cells(page):
    return [cell for table in page["tables"] for line in table["body"] for cell in line if "status" in cell]


def test_a_report_shows_every_fact_of_its_version_once(get, crawled: Path, report: str):
    page = get(crawled, f"/-/report/{report}.json").json()
    facts = asked(crawled, "SELECT id, value, raw FROM facts WHERE report_version_id = ?", page["version"]["id"])

    assert len(facts) > 180
    assert sorted((cell["id"], cell["value"], cell["raw"]) for cell in value_cells(page)) == sorted(facts)
    assert page["report"]["id"] == report
    assert [each["id"] for each in page["versions"] if each["is_current"]] == [page["report"]["current_version_id"]]
    assert (
        sum(page["checks"].values())
        == asked(crawled, "SELECT count(*) FROM checks WHERE report_version_id = ?", page["version"]["id"])[0][0]
    )


def test_a_report_in_html_says_the_same_in_both_languages(get, crawled: Path, report: str):
    page = get(crawled, f"/-/report/{report}.json").json()
    chinese = get(crawled, f"/-/report/{report}").text
    english = get(crawled, f"/-/report/{report}?lang=en").text

    for cell in value_cells(page)[::20]:
        assert f'href="/-/cell/{cell["id"]}"' in chinese
        assert f'href="/-/cell/{cell["id"]}?lang=en"' in english
    assert "统计表" in chinese
    assert "Statutory tables" in english
    assert 'lang="zh-Hans"' in chinese
    assert "第二十条第(一)项" in english


def test_the_language_follows_the_header(get, crawled: Path):
    assert 'lang="en"' in get(crawled, "/-/issues", **{"Accept-Language": "en-GB,en;q=0.9"}).text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/-/report/330604:nothing/2020/department", 404),
        ("/-/report/330604:nothing/2020/department.json", 404),
        ("/-/cell/nothing-1001", 404),
        ("/-/cell/nothing", 404),
        ("/-/capture/nothing", 404),
        ("/-/replay/nothing", 404),
        ("/-/diff/nothing/nothing", 404),
        ("/-/issues?year=abc", 400),
        ("/-/issues?page=99999999999", 400),
        ("/-/issues?kind=no_kind", 400),
        ("/-/issues.json?state=no_state", 400),
    ],
)
def test_what_is_not_there_is_said_in_a_line(get, crawled: Path, path: str, status: int):
    answer = get(crawled, path)

    assert answer.status_code == status
    assert "Traceback" not in answer.text
    if ".json" in path:
        assert answer.json()["status"] == status


def test_another_version_is_shown_as_such(get, crawled: Path, report: str):
    version = get(crawled, f"/-/report/{report}.json").json()["version"]["id"]

    assert get(crawled, f"/-/report/{report}.json?version={version}").json()["version"]["id"] == version
    assert get(crawled, f"/-/report/{report}?version=0000000000000000").status_code == 404


def test_blank_slash_text_and_missing_cells_are_shown_as_such(get, archive_copy: Path, report: str):
    page = get(archive_copy, f"/-/report/{report}.json").json()
    names = [cell["id"] for cell in value_cells(page)[:4]]
    with closing(sqlite3.connect(database_of(archive_copy))) as database, database:
        for status, (name, raw) in enumerate(zip(names, ("", "/", "无", None), strict=True), 1):
            version, _, item = name.rpartition("-")
            database.execute(
                "UPDATE cells SET value = NULL, raw = ?, status = ? WHERE item = ? AND version_key ="
                " (SELECT key FROM version_keys WHERE report_version_id = ?)",
                (raw, status, int(item), version),
            )
    text = get(archive_copy, f"/-/report/{report}").text

    for name, shown in zip(names, ("空白", ">/<", ">无<", "缺"), strict=True):
        start = text.index(f"/-/cell/{name}")
        assert shown in text[start : start + 300], name


def test_failing_identities_and_contradicted_claims_are_marked(get, archive_copy: Path, report: str):
    version = get(archive_copy, f"/-/report/{report}.json").json()["version"]["id"]
    with closing(sqlite3.connect(database_of(archive_copy))) as database, database:
        database.execute(
            'UPDATE assessments SET outcome = 1, "left" = 5, "right" = 3 WHERE version_key ='
            " (SELECT key FROM version_keys WHERE report_version_id = ?) AND place ="
            " (SELECT number FROM places WHERE identity = 'applications_balance' AND at = 'total')",
            (version,),
        )
        database.execute(
            "UPDATE sections SET text = '全年收到99件。其余见表。' WHERE report_version_id = ?", (version,)
        )
        database.execute("DELETE FROM claims WHERE report_version_id = ?", (version,))
        database.execute(
            "INSERT INTO claims (id, report_version_id, kind, value, outcome, text, against)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (f"{version}-c0", version, "applications_received", 99, "contradicts", "全年收到99件。",
             '["applications.new_received.total"]'),
        )  # fmt: skip
    page = get(archive_copy, f"/-/report/{report}.json").json()
    text = get(archive_copy, f"/-/report/{report}").text
    marked = {(cell["row"], mark) for cell in value_cells(page) if cell["column"] == "total" for mark in cell["marks"]}

    assert {row for row, mark in marked if mark == "check"} == {
        "new_received", "carried_over", "result_total", "carried_forward",
    }  # fmt: skip
    assert ("new_received", "claim") in marked
    assert "左边合计 5，右边合计 3，相差 2" in text
    assert '<mark><a href="#claim-0">全年收到99件。</a></mark>其余见表。' in text


def test_claims_are_marked_in_the_text_they_stand_in():
    said = [("乙。", "contradicts"), ("甲。乙。", "contradicts"), ("丙", "agrees"), ("", "contradicts")]
    claims = [ReportClaim("c", "reviews", 1, outcome, text, []) for text, outcome in said]

    assert prose_pieces("甲。乙。丙", claims) == [
        ProsePiece("", None),
        ProsePiece("甲。乙。", 1),
        ProsePiece("丙", None),
    ]


def test_cells_are_led_back_to_their_bytes(get, crawled: Path, report: str):
    page = get(crawled, f"/-/report/{report}.json").json()

    for cell in value_cells(page)[::25]:
        told = get(crawled, f"/-/cell/{cell['id']}.json").json()
        assert told["evidence"]["says"] == cell["raw"]
        assert told["capture"]["sha256"] == page["version"]["sha256"]
        assert bytes.fromhex(told["evidence"]["hex"]).decode(told["evidence"]["encoding"]) == told["evidence"]["cell"]
        assert (warc.warc_path(crawled, told["capture"]["warc_file"])).is_file()
        assert told["fact"]["value"] == cell["value"]


def test_a_cell_names_its_identities_with_all_operands(get, crawled: Path, report: str):
    page = get(crawled, f"/-/report/{report}.json").json()
    (total,) = (each for each in value_cells(page) if (each["row"], each["column"]) == ("new_received", "total"))
    told = get(crawled, f"/-/cell/{total['id']}.json").json()
    checks = {check["identity"]: check for check in told["checks"]}

    assert set(checks) == {"applications_balance", "applications_col_total"}
    assert len(checks["applications_col_total"]["left_operands"]) == 6
    for check in checks.values():
        if check["outcome"] == "holds":
            assert sum(each["sign"] * each["value"] for each in check["left_operands"]) == check["left"]
            assert sum(each["sign"] * each["value"] for each in check["right_operands"]) == check["right"]


def test_a_cell_has_its_other_years_and_versions(get, crawled: Path, report: str):
    page = get(crawled, f"/-/report/{report}.json").json()
    (total,) = (each for each in value_cells(page) if (each["row"], each["column"]) == ("new_received", "total"))
    told = get(crawled, f"/-/cell/{total['id']}.json").json()

    years = [each["year"] for each in told["years"]]
    assert len(years) > 1
    assert years == sorted(years)
    assert {each["id"] for each in told["years"]} >= {total["id"]}
    assert [each["id"] for each in told["versions"]] == [
        f"{each['id']}-{total['id'].rpartition('-')[2]}" for each in page["versions"]
    ]


def test_a_damaged_record_is_said_and_the_rest_is_shown(get, archive_copy: Path, report: str):
    page = get(archive_copy, f"/-/report/{report}.json").json()
    cell = value_cells(page)[0]["id"]
    ((file, offset),) = asked(
        archive_copy, "SELECT warc_file, warc_offset FROM captures WHERE id = ?", page["version"]["capture_id"]
    )
    path = warc.warc_path(archive_copy, file)
    path.write_bytes(path.read_bytes()[: offset + 20])

    assert get(archive_copy, f"/-/cell/{cell}.json").json()["evidence"]["fault"]
    assert get(archive_copy, f"/-/cell/{cell}").status_code == 200
    assert get(archive_copy, f"/-/replay/{page['version']['capture_id']}").status_code == 500


def test_a_capture_says_when_from_where_and_what_it_shows(get, crawled: Path, report: str):
    version = get(crawled, f"/-/report/{report}.json").json()["version"]
    page = get(crawled, f"/-/capture/{version['capture_id']}.json").json()

    assert page["capture"]["sha256"] == version["sha256"]
    assert [each["id"] for each in page["reports"]] == [report]
    assert version["capture_id"] in [each["id"] for each in page["captures"]]


def test_the_replayed_page_carries_its_own_policy_and_is_in_unicode(get, crawled: Path, report: str):
    version = get(crawled, f"/-/report/{report}.json").json()["version"]
    answer = get(crawled, f"/-/replay/{version['capture_id']}")

    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script-src" not in policy
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "政府信息公开" in answer.text
    assert "<script" not in answer.text


def test_two_years_side_by_side(get, crawled: Path, report: str):
    years = get(crawled, f"/-/report/{report}.json").json()["years"]
    left, right = years[-1]["version"], years[0]["version"]
    page = get(crawled, f"/-/diff/{left}/{right}.json").json()
    cells = [cell for table in page["tables"] for line in table["body"] for cell in line if "changed" in cell]
    query = 'SELECT "table" || "row" || "column", value FROM facts WHERE report_version_id = ?'
    facts = [dict(asked(crawled, query, version)) for version in (left, right)]

    assert page["changed_cells"] == sum(cell["changed"] for cell in cells) > 0
    for table in page["tables"]:
        for line in table["body"]:
            for cell in (cell for cell in line if "changed" in cell):
                place = table["key"] + cell["row"] + cell["column"]
                assert (cell["left"] or {}).get("value") == facts[0].get(place)
                assert (cell["right"] or {}).get("value") == facts[1].get(place)
    assert {section["key"] for section in page["sections"]} >= {"overview", "problems", "other"}
    shown = get(crawled, f"/-/diff/{left}/{right}?lang=en").text
    assert all(f"<h3>{section['headings']['right']}</h3>" in shown for section in page["sections"])


def test_a_version_differs_in_nothing_from_itself(get, crawled: Path, report: str):
    version = get(crawled, f"/-/report/{report}.json").json()["version"]["id"]
    page = get(crawled, f"/-/diff/{version}/{version}.json").json()

    assert page["changed_cells"] == 0
    assert {block["kind"] for section in page["sections"] for block in section["blocks"]} == {"same"}


def test_every_page_has_json_that_is_plain_and_a_closed_policy(get, crawled: Path, report: str):
    version = get(crawled, f"/-/report/{report}.json").json()["version"]
    paths = (f"report/{report}", f"cell/{version['id']}-1011", f"capture/{version['capture_id']}",
             f"diff/{version['id']}/{version['id']}", "issues")  # fmt: skip

    for path in paths:
        told, shown = get(crawled, f"/-/{path}.json"), get(crawled, f"/-/{path}")
        assert json.loads(told.text)
        assert (told.status_code, shown.status_code) == (200, 200), path
        for answer in (told, shown):
            assert "script-src 'self';" in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
        assert "<script" not in shown.text
        assert 'style="' not in shown.text


def test_datasettes_own_pages_are_closed_too(get, crawled: Path):
    answer = get(crawled, "/govcrawl/reports")

    assert "object-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_page_shows_one_state_of_a_database_that_is_written_to(get, archive_copy: Path, report: str):
    version = get(archive_copy, f"/-/report/{report}.json").json()["version"]["id"]
    ((key,),) = asked(archive_copy, "SELECT key FROM version_keys WHERE report_version_id = ?", version)
    begun, stop = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(database_of(archive_copy), timeout=30)) as database:
            for value in itertools.count():
                if stop.is_set():
                    return
                with database:
                    database.execute(
                        "UPDATE cells SET value = ?, status = 0, raw = NULL WHERE version_key = ?", (value, key)
                    )
                    database.execute("UPDATE reports SET index_number = ? WHERE id = ?", (str(value), report))
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(30)
        pages = [get(archive_copy, f"/-/report/{report}.json").json() for _ in range(12)]
    finally:
        stop.set()
        writer.join()

    seen = [{cell["value"] for cell in value_cells(page)} for page in pages]
    assert all(len(values) == 1 for values in seen)
    assert [str(*values) for values in seen] == [page["report"]["index_number"] for page in pages]
    assert len({*map(frozenset, seen)}) > 1
