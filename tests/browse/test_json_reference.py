"""The JSON of every page has the documented keys and types, and no others."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from govcrawl import warc
from govcrawl.archive.layout import database_of
from govcrawl.browse.routes import BROWSE_PAGES
from govcrawl.browse.search_index import make_index
from govcrawl.browse.verdict_file import append_verdict
from govcrawl.db.store.verdicts import Verdict

REFERENCE = Path(__file__).parents[2] / "docs" / "browse_json.md"
WORDS = {str: "text", bool: "true or false", int: "integer", float: "number", list: "list", dict: "object"}

_REPORTS = """
SELECT report.id AS report, version.id AS version, version.form, version.capture_id AS capture, k.key,
  report.agency_id AS agency
FROM reports AS report
JOIN report_versions AS version ON version.id = report.current_version_id
JOIN version_keys AS k ON k.report_version_id = version.id
WHERE report.agency_id LIKE '330604:%' AND version.form IN ('f2021', 'f2019') ORDER BY report.id"""


def documented() -> dict[str, dict[str, str]]:
    """Page → key → type, from the reference."""
    pages: dict[str, dict[str, str]] = {}
    for part in re.split(r"^## ", REFERENCE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", part, re.MULTILINE)
        pages[part.partition("\n")[0]] = dict(rows)
    return pages


def rendered(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each key of a JSON value with what stands at it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            at = f"{path}.{key}" if path else key
            yield at, inner
            yield from rendered(inner, at)
    elif isinstance(value, list):
        for inner in value:
            yield from rendered(inner, f"{path}[]")


def documented_key(keys: dict[str, str], path: str) -> str | None:
    """The documented key of a rendered one; `*` stands for any key."""
    patterns = ((key, re.escape(key).replace(r"\*", r"[^.\[]+")) for key in keys)
    return next((key for key, pattern in patterns if re.fullmatch(pattern, path)), None)


def is_of_type(value: Any, words: str) -> bool:
    if value is None:
        return "null" in words
    return words == "any value" or WORDS[type(value)] in words or (isinstance(value, int) and "number" in words)


@pytest.fixture
def varied(edited_copy: Path) -> Path:
    """An archive in which every key of every page has something to say."""
    with closing(sqlite3.connect(database_of(edited_copy))) as database, database:
        database.row_factory = sqlite3.Row
        first, second, *_ = database.execute(_REPORTS).fetchall()
        told = (first["key"],)
        database.execute(
            'UPDATE assessments SET outcome = 1, "left" = 5, "right" = 3 WHERE version_key = ? AND place ='
            " (SELECT number FROM places WHERE identity = 'applications_balance' AND at = 'total')",
            told,
        )
        database.execute("DELETE FROM cells WHERE item = (SELECT min(item) FROM cells) AND version_key = ?", told)
        database.execute("UPDATE sections SET text = '收到99件。' WHERE report_version_id = ?", (first["version"],))
        database.execute(
            "INSERT INTO claims (id, report_version_id, kind, value, outcome, text, against)"
            " VALUES ('c', ?, 'applications_received', 99, 'contradicts', '收到99件。',"
            " '[\"applications.new_received.total\"]')",
            (first["version"],),
        )
        database.execute(
            'INSERT INTO findings_across (id, stable_key, report_id, report_version_id, kind, severity, "where",'
            " detail, first_seen_at) VALUES ('x', 'y', ?, ?, 'unit_jump', 'warning', 'applications.carried_over.total',"
            " 'a jump', '2026-01-01T00:00:00Z')",
            (first["report"], first["version"]),
        )
        query = "SELECT warc_file, warc_offset FROM captures WHERE id = ?"
        file, offset = database.execute(query, (second["capture"],)).fetchone()
    append_verdict(edited_copy, Verdict("y", "fine", "2026-03-01T00:00:00.000Z", "a note"))
    make_index(edited_copy)
    path = warc.warc_path(edited_copy, file)
    path.write_bytes(path.read_bytes()[: offset + 20])
    return edited_copy


def addresses(archive: Path) -> Iterator[tuple[str, str]]:
    """Page and address of what is asked for."""
    with closing(sqlite3.connect(database_of(archive))) as database:
        database.row_factory = sqlite3.Row
        reports = database.execute(_REPORTS).fetchall()
        query = "SELECT id FROM facts WHERE report_version_id = ? AND row = 'new_received' LIMIT 1"
        facts = [database.execute(query, (report["version"],)).fetchone()["id"] for report in reports[:2]]
        edited = database.execute("SELECT prior_version_id, report_version_id, report_id FROM revisions").fetchone()
    by_form = {report["form"]: report for report in reports}
    first = reports[0]
    yield from (("home", "/index.json"), ("home", "/index.json?division=330604"))
    yield from (("compare", f"/-/compare.json?year=2023&by={by}") for by in ("organ", "county"))
    yield from (("dictionary", f"/-/dictionary.json?part={part}") for part in ("tables", "words", "forms"))
    yield from (("search", "/-/search.json?q=公开"), ("issues", "/-/issues.json?state=all"), ("about", "/-/about.json"))
    yield from (("report", f"/-/report/{name}.json") for name in (first["report"], edited["report_id"]))
    yield "agency", f"/-/agency/{first['agency']}.json"
    yield "capture", f"/-/capture/{first['capture']}.json"
    yield from (("cell", f"/-/cell/{fact}.json") for fact in facts)
    yield "diff", f"/-/diff/{by_form['f2019']['version']}/{by_form['f2021']['version']}.json"
    yield "diff", f"/-/diff/{edited['prior_version_id']}/{edited['report_version_id']}.json"
    yield "Errors", "/-/report/nothing.json"


def test_rendered_keys_are_the_documented_ones(get, varied: Path):
    reference = documented()
    assert set(reference) == {*(page.name for page in BROWSE_PAGES), "Errors"}
    seen: dict[str, set[str]] = {name: set() for name in reference}
    for name, address in addresses(varied):
        keys = reference[name]
        for path, value in rendered(json.loads(get(varied, address).text)):
            key = documented_key(keys, path)
            if key is None:
                assert any(other.startswith(f"{path}.*") for other in keys), f"{name}: {path} is not documented"
            else:
                assert is_of_type(value, keys[key]), f"{name}: {path} is {value!r}, documented as {keys[key]}"
                seen[name].add(key)

    unseen = {name: set(keys) - seen[name] for name, keys in reference.items() if set(keys) - seen[name]}
    assert unseen == {}
