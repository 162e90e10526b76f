"""Every class, table and file that the glossary names exists."""

import ast
import re
from pathlib import Path

import pytest

from govcrawl.db.queries.relations import relations
from govcrawl.db.schema import load_schema
from govcrawl.forms import load_forms

ROOT = Path(__file__).parents[1]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and "`govcrawl/" in line
]


def code_in(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.fixture(scope="module")
def classes() -> set[str]:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "govcrawl").rglob("*.py"))
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


@pytest.fixture(scope="module")
def tables() -> set[str]:
    promised = {relation.name for relation in relations(load_forms().by_number.values())}
    return promised | set(load_schema().tables)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1].replace(" ", "-"))
def test_a_term_leads_to_what_exists(row: list[str], classes: set[str], tables: set[str]):
    _, _, class_, table, file = row

    assert set(code_in(class_)) <= classes
    assert set(code_in(table)) <= tables
    assert all((ROOT / name).is_file() for name in code_in(file))


def test_every_word_of_the_flow_is_a_term():
    terms = {re.split(r"[ ,(]", row[1])[0] for row in ROWS}

    assert terms >= {"portal", "listing", "capture", "document", "report", "fact"}
