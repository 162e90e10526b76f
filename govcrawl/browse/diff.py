"""The page that compares two versions, of one report or of two years: cell by cell, and their texts."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from govcrawl.browse.form_layout import HeadCell, RowLabel, ValueCell, form_layout
from govcrawl.browse.page import BrowsePage, PageRequest
from govcrawl.browse.sql import select_one, select_rows
from govcrawl.browse.text_diff import ChangedBlock, SameBlock, diff_texts
from govcrawl.browse.version_facts import FactsByPlace, ShownFact, facts_of_version
from govcrawl.vocabulary import SectionKey

_VERSION = """
SELECT version.id, version.form, version.capture_id, version.valid_from, version.valid_to, report.id AS report,
  agency.name AS agency, report.year, report.scope
FROM report_versions AS version
JOIN reports AS report ON report.id = version.report_id
JOIN agencies AS agency ON agency.id = report.agency_id
WHERE version.id = :version"""

_SECTIONS = "SELECT key, heading, text FROM sections WHERE report_version_id = :version ORDER BY rowid"


@dataclass(frozen=True, slots=True)
class ComparedVersion:
    """One of the two versions."""

    id: str  # id of the version
    form: str | None  # form that it follows
    capture_id: str  # id of the first capture that shows it
    valid_from: str  # time of the first capture, in UTC
    valid_to: str  # time of the last capture, in UTC
    report: str  # id of the report
    agency: str  # name of its organ
    year: int | None  # report year
    scope: str  # a word of `Scope`


@dataclass(frozen=True, slots=True)
class ComparedFact:
    """The fact of one version."""

    id: str  # id of the fact
    value: float | None  # number printed
    status: str  # a word of `Status`
    raw: str | None  # text of the cell as published
    unit: str | None  # as printed, else that of the form


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """A cell with the facts of both versions."""

    row: str  # key of its row in the form
    column: str  # key of its column in the form
    columns: int  # columns that it spans
    left: ComparedFact | None  # fact of the left version
    right: ComparedFact | None  # fact of the right version
    changed: bool  # true: a reader sees another content
    difference: float | None  # right less left; null unless both are numbers of one unit


@dataclass(frozen=True, slots=True)
class ComparedTable:
    """A statutory table with the facts of both versions, in the form of the right one."""

    form: str  # form of the table
    key: str  # key of the table
    title: str  # as the form prints it
    head: list[list[HeadCell]]  # lines of the head
    body: list[list[RowLabel | HeadCell | ComparedCell]]  # lines of the body


@dataclass(frozen=True, slots=True)
class OnlyLeftFact:
    """A fact of the left version in a cell that the right version's form does not have."""

    table: str  # key of the table
    row: str  # key of the row
    column: str  # key of the column
    label: str  # row and column as the form prints them
    id: str  # id of the fact
    value: float | None  # number printed
    status: str  # a word of `Status`
    raw: str | None  # text of the cell as published
    unit: str | None  # as printed, else that of the form


@dataclass(frozen=True, slots=True)
class SectionHeadings:
    """The headings of a section."""

    left: str | None  # in the left version; null where it has no such section
    right: str | None  # in the right version; null where it has no such section


@dataclass(frozen=True, slots=True)
class ComparedSection:
    """The sections of one key side by side."""

    key: str  # a word of `SectionKey`
    headings: SectionHeadings  # as published
    blocks: list[SameBlock | ChangedBlock]  # their texts, block by block


@dataclass(frozen=True, slots=True)
class DiffContent:
    """The page that compares two versions."""

    left: ComparedVersion  # left version
    right: ComparedVersion  # right version
    tables: list[ComparedTable]  # tables of both
    only_left: list[OnlyLeftFact]  # facts in cells that the form on the right does not have
    changed_cells: int  # cells that differ
    sections: list[ComparedSection]  # sections in the order of the form


def _content(connection: sqlite3.Connection, request: PageRequest) -> DiffContent:
    """The two versions in the path, their tables with both figures in each cell, their sections side by side."""
    left, right = (_version(connection, request.path[side]) for side in ("left", "right"))
    before, after = (facts_of_version(connection, version.id) for version in (left, right))
    tables = list(_tables(before, after))
    cells = [cell for table in tables for line in table.body for cell in line if isinstance(cell, ComparedCell)]
    return DiffContent(
        left=left,
        right=right,
        tables=tables,
        only_left=list(_only_left(before, after)),
        changed_cells=sum(cell.changed for cell in cells),
        sections=list(_sections(connection, left.id, right.id)),
    )


def _version(connection: sqlite3.Connection, version: str) -> ComparedVersion:
    return ComparedVersion(**select_one(connection, version, _VERSION, version=version))


def _tables(before: FactsByPlace, after: FactsByPlace) -> Iterator[ComparedTable]:
    """Every table, in the form that the right side has or, where it has none, the left."""
    form_of = {table: fact.form for facts in (before, after) for (table, _, _), fact in facts.items()}
    for table, form in form_of.items():
        layout = form_layout(form, table)
        body = [[_cell(cell, table, before, after) for cell in line] for line in layout.body]
        yield ComparedTable(form, table, layout.title, layout.head, body)


def _cell(cell: HeadCell | ValueCell, table: str, before: FactsByPlace, after: FactsByPlace) -> HeadCell | ComparedCell:
    if isinstance(cell, HeadCell):
        return cell
    left, right = (_fact(facts.get((table, cell.row, cell.column))) for facts in (before, after))
    changed = _visible(left) != _visible(right)
    return ComparedCell(cell.row, cell.column, cell.columns, left, right, changed, _difference(left, right))


def _fact(fact: ShownFact | None) -> ComparedFact | None:
    return ComparedFact(fact.id, fact.value, fact.status, fact.raw, fact.unit) if fact else None


def _visible(fact: ComparedFact | None) -> tuple[object, ...]:
    """What a reader sees of a cell; how a number is spelled makes no difference."""
    if fact is None or fact.status == "missing":
        return ()
    return (fact.status, fact.value if fact.status == "number" else fact.raw, fact.unit)


def _difference(left: ComparedFact | None, right: ComparedFact | None) -> float | None:
    if not left or not right or left.unit != right.unit or left.value is None or right.value is None:
        return None
    difference = round(float(right.value - left.value), 6)
    return int(difference) if difference.is_integer() else difference


def _only_left(before: FactsByPlace, after: FactsByPlace) -> Iterator[OnlyLeftFact]:
    tables = {table for table, _, _ in after}
    for place, fact in before.items():
        if place not in after and place[0] in tables and fact.status != "missing":
            yield OnlyLeftFact(
                fact.table, fact.row, fact.column, fact.label, fact.id, fact.value, fact.status, fact.raw, fact.unit
            )


def _sections(connection: sqlite3.Connection, left: str, right: str) -> Iterator[ComparedSection]:
    """The sections of the same key side by side, in the order of the form; several of one key are joined."""
    before, after = (_by_key(connection, version) for version in (left, right))
    for key in SectionKey:
        if key in before or key in after:
            (old_heading, old), (new_heading, new) = before.get(key, (None, "")), after.get(key, (None, ""))
            yield ComparedSection(key, SectionHeadings(old_heading, new_heading), diff_texts(old, new))


def _by_key(connection: sqlite3.Connection, version: str) -> dict[str, tuple[str | None, str]]:
    """Key → the first heading and the joined texts of a version's sections."""
    joined: dict[str, tuple[str | None, str]] = {}
    for section in select_rows(connection, _SECTIONS, version=version):
        heading, text = joined.get(section["key"], (section["heading"], ""))
        joined[section["key"]] = (heading, "\n".join(part for part in (text, section["text"]) if part))
    return joined


DIFF_PAGE = BrowsePage("diff", "/-/diff/{left}/{right}", _content)
