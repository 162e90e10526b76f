"""What the code imports is declared, what is declared is imported or explained, and every version is pinned."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
BY_NAME = {"import_module", "importorskip"}
"""Functions that import what their first argument names."""


def required(requirements: list[str]) -> dict[str, Requirement]:
    """Canonical name → requirement; the extras of our own that an extra brings are left out."""
    found = {canonicalize_name(each.name): each for each in map(Requirement, requirements)}
    return {name: each for name, each in found.items() if name != "govcrawl"}


CORE = required(PROJECT["dependencies"])
EXTRAS = {name: required(listed) for name, listed in PROJECT["optional-dependencies"].items()}
USED = {name: EXTRAS[name] for name in EXTRAS if name not in {"test", "bench"}}
TESTED = CORE | {name: each for extra in EXTRAS if extra != "bench" for name, each in EXTRAS[extra].items()}
ALL = CORE | {name: each for extra in EXTRAS.values() for name, each in extra.items()}


def imports(tree: ast.AST) -> Iterator[str]:
    """The modules that a file imports when it runs; what only a type checker reads is left out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in BY_NAME:
            yield from (each.value for each in node.args[:1] if isinstance(each, ast.Constant))
        yield from imports(node)


def imported(*folders: str) -> dict[str, set[str]]:
    """Package of others → our files that import it."""
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    beside = {path.stem: [] for path in paths}  # modules of tests that import each other by name
    ours = {"govcrawl", "benchmarks", "tests", *sys.stdlib_module_names}
    packages, found = beside | packages_distributions(), {}
    for path in paths:
        for root in {name.split(".")[0] for name in imports(ast.parse(path.read_text(encoding="utf-8")))} - ours:
            for name in packages.get(root, [root]):
                found.setdefault(canonicalize_name(name), set()).add(str(path.relative_to(ROOT)))
    return found


def documented(heading: str, column: int = 0) -> set[str]:
    """The packages of a table on the page, those of a column."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return {row[column].strip() for row in rows[2:]}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a.b, c", {"a.b", "c"}),
        ("from a.b import c\nfrom . import d", {"a.b"}),
        ("def f():\n    import a", {"a"}),
        ("if TYPE_CHECKING:\n    import a\nelse:\n    import b", set()),
        ("x = importlib.import_module('a')\nimport_module(x)\npytest.importorskip('b.c', reason='d')", {"a", "b.c"}),
    ],
)
def test_imports_are_found_wherever_they_stand(source, expected):
    assert set(imports(ast.parse(source))) == expected


def test_what_the_program_imports_is_declared_by_the_core_or_by_an_extra_for_users():
    declared = CORE.keys() | {name for extra in USED.values() for name in extra}

    assert {name: files for name, files in imported("govcrawl").items() if name not in declared} == {}


def test_what_tests_benchmarks_and_pictures_import_is_declared():
    found = imported("tests", "benchmarks", "docs")

    assert {name: files for name, files in found.items() if name not in ALL} == {}


def test_what_is_declared_is_imported_or_has_a_reason_on_the_page():
    found = imported("govcrawl", "tests", "benchmarks", "docs").keys()

    assert set(ALL) - found == documented("Declared, not imported")


def test_what_the_core_declares_is_imported_by_the_program_itself():
    assert set(CORE) - imported("govcrawl").keys() == set()
    assert {name for extra in USED.values() for name in extra} - imported("govcrawl").keys() == set()


def test_the_page_has_every_package_where_it_is_declared():
    assert documented("Core") == set(CORE)
    assert documented("Extras", 1) == {name for extra in USED.values() for name in extra}
    others = documented("Tests") | documented("Benchmarks") | documented("Declared, not imported")
    assert others == set(EXTRAS["test"]) | set(EXTRAS["bench"])


# ------------------------------------------------------------------------------------------------------ the versions


def pins(path: str) -> dict[str, str]:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    pairs = (re.fullmatch(r"([\w.-]+)==(\S+)", line) for line in lines if not line.startswith("#"))
    return {canonicalize_name(pair[1]): pair[2] for pair in pairs if pair}


def needed(wanted: dict[str, Requirement]) -> set[str]:
    """The packages that some bring with them, on this machine."""
    found, waiting = set(), list(wanted.values())
    while waiting:
        each = waiting.pop()
        for line in distribution(each.name).requires or ():
            further = Requirement(line)
            extras = each.extras or {""}
            if further.marker is None or any(further.marker.evaluate({"extra": extra}) for extra in extras):
                name = canonicalize_name(further.name)
                if name not in found:
                    found.add(name)
                    waiting.append(further)
    return found


@pytest.mark.parametrize("path", ["constraints.txt", "tests/replay-constraints.txt"])
def test_every_line_of_a_constraints_file_is_one_version(path):
    lines = [line for line in (ROOT / path).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]

    assert lines
    assert len(pins(path)) == len(lines)


@pytest.mark.parametrize("name", sorted(ALL))
def test_the_version_that_is_pinned_is_one_that_is_declared(name):
    assert ALL[name].specifier.contains(pins("constraints.txt")[name])


def test_what_packages_bring_with_them_is_pinned_too():
    assert needed(TESTED) - pins("constraints.txt").keys() - {"pip"} == set()


def test_the_replay_tools_are_pinned_to_versions_that_are_wanted():
    lines = (ROOT / "tests" / "replay-requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted, held = required([line for line in lines if not line.startswith("#")]), pins("tests/replay-constraints.txt")

    assert wanted
    assert all(each.specifier.contains(held[name]) for name, each in wanted.items())


def test_the_makefile_installs_nothing_without_its_constraints():
    text = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    installs = [line for line in text.splitlines() if "pip install" in line]
    free = [line for line in installs if "--constraint" not in line]

    assert len(installs) > len(free)
    assert [line.strip() for line in free] == ["build/constraints/bin/python -m pip install --quiet $(1)"]
