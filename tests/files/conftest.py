"""Gold reports, which every kind of file must say the same as."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from govcrawl.models import Reading

GOLD = Path(__file__).parents[1] / "fixtures" / "reports"

Figure = tuple[int | float | None, str]


@pytest.fixture
def gold_page() -> Callable[[str], Path]:
    """The page of a gold case by its name."""

    def find(case: str) -> Path:
        return GOLD / case / "input.html"

    return find


@pytest.fixture
def figures() -> Callable[[Reading], dict[tuple[str, str, str], Figure]]:
    """What a reading says: value and status by table, row and column."""

    def of(reading: Reading) -> dict[tuple[str, str, str], Figure]:
        return {(fact.table, fact.row, fact.column): (fact.value, fact.status) for fact in reading.facts}

    return of


@pytest.fixture
def expected() -> Callable[[str], dict[str, object]]:
    """What is expected of a gold case, as it is written down."""

    def load(case: str) -> dict[str, object]:
        loaded: dict[str, object] = json.loads((GOLD / case / "expected.json").read_text(encoding="utf-8"))
        return loaded

    return load
