"""The house of docs/design.md, held by a test: imports point downwards, each library stays where it belongs."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "govcrawl"

LEVELS = {
    "vocabulary": 0, "errors": 0, "models": 0,
    "zh": 1, "index_number": 1, "clock": 1, "merkle": 1, "whole_files": 1,
    "portals": 2, "warc": 2, "platforms": 2, "pages": 2, "files": 2,
    "reports": 3, "db": 3,
    "recognition": 3, "reading": 4, "reading_json": 4, "projection": 4, "verification": 5, "exporting": 5,
    "documentation": 5, "season": 5, "as_of": 5, "coverage_report": 5,
    "portals_report": 5, "probe_report": 5, "address_report": 5,
    "manifests": 5, "comparison": 5, "releasing": 5, "wacz": 5, "cdxj": 3, "importing": 5,
    "spiders": 5, "crawl": 5, "pipelines": 5, "browse": 5, "replica": 5,
    "workspace": 1, "cli": 6, "settings": 6,
}  # fmt: skip
"""A package may import those of lower levels; `ALLOWED_BESIDE` lists the exceptions, each with its reason."""

ALLOWED_BESIDE = {
    ("models", "vocabulary"),  # dataclasses are typed by the closed lists
    ("projection", "reading"),  # replaying the archive is reading every capture again
    ("as_of", "exporting"),  # what looks like a formula is marked in one way
    ("releasing", "comparison"),  # a release says what has changed since the last one
    ("releasing", "exporting"),  # a release is every table as files, and more
    ("crawl", "spiders"),  # a visit's spider hands on what was stored as any spider does
    ("browse", "exporting"),  # a table that is downloaded is as safe to open as one that is exported
    ("pipelines", "crawl"),  # pipelines reach the open archive through the extension that owns it
}
SPIDERS_HIGHEST = 2

ONLY_IN = {
    "scrapy": {"spiders", "crawl", "pipelines"},
    "twisted": {"crawl"},
    "playwright": {"crawl"},
    "scrapy_playwright": {"crawl"},
    "sqlite3": {"db", "browse"},
    "sqlite_utils": {"db", "browse"},
    "fastwarc": {"warc"},
    "selectolax": {"pages"},
    "pdfplumber": {"files"},
    "docx": {"files"},
    "parsel": {"platforms"},
    "click": {"cli"},
    "opencc": {"zh"},
    "tldextract": {"portals"},
    "datasette": {"browse"},
    "markupsafe": {"browse"},
    "pygal": {"browse"},
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
