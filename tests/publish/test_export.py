"""Exports are typed, described, whole, and safe to open in a spreadsheet."""

import csv
import json
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.archive.projection import database_of
from govcrawl.db.connection import open_database
from govcrawl.publish.export import export_tables, neutral

PROMISED = {
    "portals", "agencies", "crawls", "attempts", "captures", "listings", "documents", "reports", "report_copies",
    "report_versions", "sections", "facts", "current_facts", "checks", "claims", "issues", "coverage", "serial_gaps",
    "proactive_wide", "applications_wide", "review_litigation_wide",
}  # fmt: skip


@pytest.mark.parametrize("style", ["csv", "parquet"])
def test_every_promised_table_is_written_and_described(crawled: Path, tmp_path: Path, style: str):
    written = {path.name for path in export_tables(crawled, tmp_path / "out", style)}

    package = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))

    assert {f"{name}.{style}" for name in PROMISED} <= written
    assert {resource["path"] for resource in package["resources"]} == written - {"datapackage.json"}
    assert all(field["description"] for resource in package["resources"] for field in resource["schema"]["fields"])


def test_rows_and_types_survive(crawled: Path, tmp_path: Path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `parquet` is not installed")
    list(export_tables(crawled, tmp_path, "parquet"))
    list(export_tables(crawled, tmp_path, "csv"))
    with closing(open_database(database_of(crawled), readonly=True)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM facts").fetchone()

    facts = parquet.read_table(tmp_path / "facts.parquet")
    with (tmp_path / "facts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert facts.num_rows == len(rows) == count
    assert str(facts.schema.field("value").type) == "double"
    assert [row["id"] for row in rows] == facts.column("id").to_pylist()


@given(st.one_of(st.text(), st.integers(), st.floats(allow_nan=False), st.none()))
def test_only_text_that_a_spreadsheet_would_run_is_marked(value):
    kept = neutral(value)

    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"}:
        assert kept == f"'{value}"
    else:
        assert kept == value
