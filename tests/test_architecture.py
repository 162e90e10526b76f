"""The tables of docs/architecture.md, held by a test: imports point downwards, each library stays where it belongs."""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import dropwhile, takewhile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "govcrawl"

DOCUMENT = ROOT.parent / "docs" / "architecture.md"
SPIDERS_HIGHEST = 2
SMALL = {
    "archive/layout.py",  # where the database lies, for commands that load nothing else of the archive
    "clock.py",  # the only place that reads a clock for a decision
    "crawl/side_requests.py",  # requests of gates and browsers, past the ledger
    "db/ids.py",  # ids made of content, for every room of db
    "files/radicals.py",  # a table of characters
    "pages/spans.py",  # reads a cell's bytes again without the parser
    "portals/toml_text.py",  # the one reader of registry files, shipped or a user's
    "spiders/stored_spider.py",  # what every spider does with a response
    "warc/record_dates.py",  # one rule for the dates of our records and of others'
    "workspace.py",  # what `govcrawl init` makes
}


def table_under(heading: str) -> list[list[str]]:
    """The rows of the first table below a line of the document, cell by cell."""
    lines = DOCUMENT.read_text(encoding="utf-8").split(heading, 1)[1].splitlines()
    rows = list(takewhile(lambda line: line.startswith("|"), dropwhile(lambda line: not line.startswith("|"), lines)))
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def names_in(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


LEVELS = {room: int(level) for level, rooms in table_under("## Who may import whom") for room in names_in(rooms)}
ALLOWED_BESIDE = {
    (names_in(room)[0], names_in(other)[0]) for room, other, _ in table_under("Exceptions, each with its reason:")
}
ONLY_IN = {
    names_in(library)[0]: set(names_in(rooms))
    for library, rooms in table_under("Outside libraries stay in one place each:")
}


def package_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "govcrawl":
                yield from (f"govcrawl.{alias.name}" for alias in node.names)


def modules() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py") if path.parent != ROOT or path.stem != "__init__")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_downwards(path: Path):
    package = package_of(path)
    own_level = LEVELS[package]
    wrong = []
    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] != "govcrawl" or len(parts) == 1 or parts[1] in {package, "__version__"}:
            continue
        below = LEVELS[parts[1]] < own_level or (package, parts[1]) in ALLOWED_BESIDE
        if package == "spiders":
            below = below and LEVELS[parts[1]] <= SPIDERS_HIGHEST
        if not below:
            wrong.append(name)

    assert not wrong, f"{package} (level {own_level}) may not import {wrong}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_outside_libraries_stay_where_they_belong(path: Path):
    roots = {name.split(".")[0] for name in imports_of(path)} - set(sys.stdlib_module_names) - {"govcrawl"}
    sql = {"sqlite3"} & {name.split(".")[0] for name in imports_of(path)}
    misplaced = [root for root in roots | sql if package_of(path) not in ONLY_IN.get(root, {package_of(path)})]

    assert not misplaced


def test_every_package_has_a_level_and_says_what_it_promises():
    packages = {package_of(path) for path in modules()}

    assert packages <= set(LEVELS)
    undocumented = [p for p in ROOT.rglob("*.py") if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))]
    assert not undocumented


def defined_in(path: Path) -> Iterator[str]:
    """The public names that a module defines at its top level."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def test_a_public_name_has_one_definition():
    """A name that is searched for is found once. Names of the language and of a framework's interface are exempt."""
    counts = Counter(name for path in modules() for name in set(defined_in(path)) if not name.startswith("_"))
    several = {name: count for name, count in counts.items() if count > 1}

    assert not several


def test_small_modules_have_a_reason():
    """A module below 30 lines is a room's front page or stands for a border of its own, named here."""
    small = {
        str(path.relative_to(ROOT))
        for path in modules()
        if path.stem != "__init__" and len(path.read_text(encoding="utf-8").splitlines()) < 30
    }

    assert small == SMALL


def test_classes_and_functions_stay_small():
    long_functions, big_classes = [], []
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                if (node.end_lineno or 0) - node.lineno + 1 > 45:
                    long_functions.append(f"{path.name}:{node.name}")
            elif isinstance(node, ast.ClassDef):
                methods = [n for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
                if len(methods) > 18:
                    big_classes.append(f"{path.name}:{node.name} {len(methods)}")

    assert not long_functions
    assert not big_classes
