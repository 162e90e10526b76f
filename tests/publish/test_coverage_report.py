"""The coverage matrix as people and programs get it."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from govcrawl.errors import UsageError
from govcrawl.publish.coverage_report import spans, write_coverage
from govcrawl.vocabulary import CoverageState


def matrix(archive: Path, style: str, **options) -> str:
    out = io.StringIO()
    chosen = {"province": "zhejiang", "year": None, "as_of": date(2026, 6, 1)} | options
    write_coverage(archive, chosen["province"], chosen["year"], chosen["as_of"], style, out)
    return out.getvalue()


def test_no_cell_is_empty_and_only_ok_has_no_reason(crawled: Path):
    rows = json.loads(matrix(crawled, "json"))

    assert len({(row["agency_id"], row["year"]) for row in rows}) == len(rows) > 2000
    assert {row["state"] for row in rows} <= set(CoverageState)
    assert all(bool(row["reason"]) == (row["state"] != "ok") for row in rows)


def test_csv_has_the_same_cells(crawled: Path):
    rows = list(csv.DictReader(io.StringIO(matrix(crawled, "csv", year=2023))))

    assert {row["year"] for row in rows} == {"2023"}
    assert len(rows) == len(json.loads(matrix(crawled, "json", year=2023)))


def test_the_table_gathers_years_and_counts_cells(crawled: Path):
    text = matrix(crawled, "table")

    assert "330604" in text
    assert text.splitlines()[-1].startswith(f"{len(json.loads(matrix(crawled, 'json')))} cells: ")


def test_a_province_that_does_not_exist_is_refused(crawled: Path):
    with pytest.raises(UsageError, match="atlantis"):
        matrix(crawled, "table", province="atlantis")


@pytest.mark.parametrize(
    ("years", "text"), [([2008], "2008"), ([2010, 2008, 2009], "2008–2010"), ([2008, 2009, 2014], "2008–2009, 2014")]
)
def test_years_are_written_as_runs(years: list[int], text: str):
    assert spans(years) == text
