"""The gate: what `docs/accuracy.md` has recorded may get better, never worse."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "docs" / "accuracy.md"
COMMAND = "python -m benchmarks.accuracy > docs/accuracy.md"
_ROW = re.compile(r"^\| (\S+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", re.MULTILINE)


def counts(page):
    """`(cells, right, wrong, missing)` of each form and each layout."""
    return {key: tuple(map(int, numbers)) for key, *numbers in _ROW.findall(page)}


@pytest.fixture(scope="module")
def printed():
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.accuracy"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=600
    )
    return run.stdout


def test_every_form_and_layout_is_recorded(printed):
    assert counts(printed).keys() == counts(RECORD.read_text("utf-8")).keys(), f"record it: {COMMAND}"


def test_no_form_and_no_layout_got_worse(printed):
    now, recorded = counts(printed), counts(RECORD.read_text("utf-8"))
    worse = {
        key: (before, now[key])
        for key, before in recorded.items()
        if now[key][1] < before[1] or now[key][2] > before[2] or now[key][3] > before[3]
    }
    assert worse == {}


def test_no_number_is_wrong(printed):
    assert {key: row for key, row in counts(printed).items() if row[2]} == {}


def test_the_share_of_wrong_cells_is_below_one_in_a_thousand_on_all_cells(printed):
    cells, _, wrong, missing = counts(printed)["all"]
    assert wrong == 0
    assert 3 / cells < 0.001
    assert missing / cells < 0.001
