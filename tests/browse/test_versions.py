"""Silent edits on a later day: the time line tells them, the comparison shows what the view `changes` says."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from govcrawl.archive.projection import database_of
from govcrawl.replica import Replica, running

PORTAL, LATER = "330604", 7


@pytest.fixture(scope="module")
def edited(crawled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The crawled archive after a sweep on a later day, on which some of its pages were edited."""
    archive = Path(shutil.copytree(crawled, tmp_path_factory.mktemp("edited") / "archive"))
    with running(Replica(day=LATER)) as base:
        settings = {"SCRAPY_SETTINGS_MODULE": "govcrawl.settings", "GOVCRAWL_REPLICA": base, "GOVCRAWL_SWEEP": "1"}
        command = (
            sys.executable,
            "-m",
            "scrapy",
            "crawl",
            "zhejiang",
            "-a",
            f"portal={PORTAL}",
            "-s",
            "GOVCRAWL_SWEEP=1",
        )
        environment = {**os.environ, **settings}
        subprocess.run(command, cwd=archive.parent, check=True, capture_output=True, timeout=600, env=environment)
    return archive


def revisions(archive: Path) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(f"file:{database_of(archive)}?mode=ro", uri=True)) as database:
        query = "SELECT report_id, prior_version_id, report_version_id FROM revisions ORDER BY capture_id"
        return database.execute(query).fetchall()


def test_the_time_line_leads_to_what_changed(get, edited: Path):
    found = revisions(edited)
    assert found

    for report, before, after in found:
        (version,) = (
            each for each in get(edited, f"/-/report/{report}.json").json()["versions"] if each["id"] == after
        )
        assert version["before"] == before
        assert f'href="/-/diff/{before}/{after}"' in get(edited, f"/-/report/{report}").text


def test_the_comparison_shows_the_changes_and_no_more(get, edited: Path):
    with closing(sqlite3.connect(f"file:{database_of(edited)}?mode=ro", uri=True)) as database:
        query = 'SELECT "table", "row", "column", prior_value, value FROM changes WHERE report_id = ? ORDER BY 1, 2, 3'
        told = {report: database.execute(query, (report,)).fetchall() for report, _, _ in revisions(edited)}

    for report, before, after in revisions(edited):
        page = get(edited, f"/-/diff/{before}/{after}.json").json()
        shown = [
            (table["key"], cell["row"], cell["column"], cell["left"]["value"], cell["right"]["value"])
            for table in page["tables"]
            for line in table["body"]
            for cell in line
            if cell.get("changed")
        ]
        assert sorted(shown) == told[report]
    assert any(told.values())


def test_a_cell_has_its_value_in_each_version(get, edited: Path):
    report, before, after = revisions(edited)[0]
    page = get(edited, f"/-/diff/{before}/{after}.json").json()
    cell = next(cell for table in page["tables"] for line in table["body"] for cell in line if cell.get("changed"))
    versions = get(edited, f"/-/cell/{cell['right']['id']}.json").json()["versions"]

    assert [each["id"] for each in versions] == [cell["left"]["id"], cell["right"]["id"]]
    assert [each["value"] for each in versions] == [cell["left"]["value"], cell["right"]["value"]]
    assert get(edited, f"/-/report/{report}.json?version={before}").json()["version"]["id"] == before
    assert "这不是当前版本" in get(edited, f"/-/report/{report}?version={before}").text


def test_a_capture_lists_all_captures_of_its_address(get, edited: Path):
    report, _, _ = revisions(edited)[0]
    capture = get(edited, f"/-/report/{report}.json").json()["version"]["capture_id"]

    assert len(get(edited, f"/-/capture/{capture}.json").json()["captures"]) == 2
