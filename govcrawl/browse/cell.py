"""The page of one figure: where it stands on the archived page, and what it is compared with."""

import codecs
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from govcrawl.browse.archived_page import CaptureDetails, StoredBody, capture_details, stored_body
from govcrawl.browse.filled_form import assessment_of
from govcrawl.browse.form_layout import label_of
from govcrawl.browse.page import BrowsePage, PageRequest
from govcrawl.browse.sql import select_as, select_one
from govcrawl.browse.version_facts import FactsByPlace, checks_of_version, facts_of_version
from govcrawl.errors import RecordError
from govcrawl.forms import FormIdentity, FormTerm
from govcrawl.models import Locator
from govcrawl.pages.spans import raw_at

_CONTEXT = 300  # bytes shown before and behind the cell
_MAX_CELL = 2_000  # bytes shown of the cell itself

_FACT = """
SELECT fact.id, fact.report_version_id, fact.form, fact."table", fact."row", fact."column", fact.label_zh AS label,
  fact.value, fact.status, fact.raw, fact.unit, fact.locator
FROM facts AS fact WHERE fact.report_version_id = :version AND fact.id = :fact"""

_REPORT = """
SELECT report.id AS report, agency.name AS agency, report.agency_id, report.year, report.scope,
  version.capture_id AS capture, version.id = report.current_version_id AS is_current
FROM report_versions AS version
JOIN reports AS report ON report.id = version.report_id
JOIN agencies AS agency ON agency.id = report.agency_id
WHERE version.id = :version"""

_YEARS = """
SELECT report.id AS report, report.year, fact.id, fact.form, fact.value, fact.status, fact.raw, fact.unit
FROM reports AS report
JOIN facts AS fact ON fact.report_version_id = report.current_version_id
WHERE report.agency_id = :agency_id AND report.scope = :scope
  AND fact."table" = :table AND fact."row" = :row AND fact."column" = :column
ORDER BY report.year"""

_VERSIONS = """
SELECT version.id AS version, version.valid_from, version.valid_to, version.document_id, fact.id, fact.value,
  fact.status, fact.raw, fact.unit
FROM report_versions AS version
JOIN facts AS fact ON fact.report_version_id = version.id
WHERE version.report_id = :report AND fact."table" = :table AND fact."row" = :row AND fact."column" = :column
ORDER BY version.valid_from, version.id"""


@dataclass(frozen=True, slots=True)
class CellFact:
    """The fact of the cell."""

    id: str  # id of the fact
    report_version_id: str  # id of the version
    form: str  # form of the table
    table: str  # key of the table
    row: str  # key of the row
    column: str  # key of the column
    label: str  # row and column as the form prints them
    value: float | None  # number printed
    status: str  # a word of `Status`
    raw: str | None  # text of the cell as published
    unit: str | None  # as printed, else that of the form
    locator: Mapping[str, int] | None  # place in the decoded body; null where the page has no such cell


@dataclass(frozen=True, slots=True)
class DamagedEvidence:
    """The evidence that can no longer be read."""

    fault: str  # what is wrong with the stored record; null where it can be read


@dataclass(frozen=True, slots=True)
class CellEvidence:
    """The bytes of the cell and around it."""

    fault: None  # what is wrong with the stored record; null where it can be read
    encoding: str  # codec in which the body is read
    cut: bool  # true: the cell is longer than what is shown of it
    before: str  # text before the cell, mark-up and all
    cell: str  # text of the cell, mark-up and all
    after: str  # text behind the cell, mark-up and all
    hex: str  # bytes of the cell in hexadecimal
    says: str  # what the bytes read as


@dataclass(frozen=True, slots=True)
class CheckOperand:
    """A cell that an identity joins."""

    row: str  # key of its row
    column: str  # key of its column
    label: str  # its row or column as the form prints it
    sign: int  # 1: added, -1: subtracted
    year: str | None  # `N-1` for a cell of the year before
    id: str | None  # id of the fact; null for a cell of another report
    value: float | None  # number printed
    status: str | None  # a word of `Status`


@dataclass(frozen=True, slots=True)
class CellCheck:
    """A check in which the cell takes part."""

    identity: str  # identity that is checked
    table: str  # key of the table
    at: str  # row or column for which it is checked
    outcome: str  # a word of `CheckOutcome`
    left: float | None  # sum of the left side
    right: float | None  # sum of the right side
    at_label: str  # label of that row or column
    kind: str  # `balance`, `row_sum`, `column_sum`, `inequality_le` or `cross_year`
    printed: bool  # true: the form states the identity itself
    soft: bool  # true: a sound report may break it
    left_operands: list[CheckOperand]  # cells of the left side
    right_operands: list[CheckOperand]  # cells of the right side


@dataclass(frozen=True, slots=True)
class YearValue:
    """The same cell in a report of another year."""

    report: str  # id of the report
    year: int | None  # report year
    id: str  # id of the fact
    form: str  # form of the table
    value: float | None  # number printed
    status: str  # a word of `Status`
    raw: str | None  # text of the cell as published
    unit: str | None  # as printed, else that of the form


@dataclass(frozen=True, slots=True)
class VersionValue:
    """The same cell in a version of the same report."""

    version: str  # id of the version
    valid_from: str  # time of its first capture, in UTC
    valid_to: str  # time of its last capture, in UTC
    document_id: str  # id of the document that shows it
    id: str  # id of the fact
    value: float | None  # number printed
    status: str  # a word of `Status`
    raw: str | None  # text of the cell as published
    unit: str | None  # as printed, else that of the form


@dataclass(frozen=True, slots=True)
class CellContent:
    """The page of a figure."""

    fact: CellFact  # the figure
    report: str  # id of the report
    agency: str  # name of its organ
    agency_id: str  # id of the organ
    year: int | None  # report year
    scope: str  # a word of `Scope`
    capture: CaptureDetails  # capture that shows the figure
    is_current: int  # 1: of the current version of the report
    evidence: CellEvidence | DamagedEvidence | None  # its bytes; null where the page has no such cell
    checks: list[CellCheck]  # checks in which it takes part
    years: list[YearValue]  # the same cell in all years
    versions: list[VersionValue]  # the same cell in all versions of the report


def _content(connection: sqlite3.Connection, request: PageRequest) -> CellContent:
    """The fact in the path: its evidence, its checks, and its values in other years and versions."""
    name = request.path["fact"]
    version, _, _ = name.rpartition("-")
    row = select_one(connection, name, _FACT, version=version, fact=name)
    fact = CellFact(**row | {"locator": json.loads(row["locator"]) if row["locator"] else None})
    report = select_one(connection, version, _REPORT, version=version)
    capture = capture_details(connection, report.pop("capture"))
    place = {"table": fact.table, "row": fact.row, "column": fact.column}
    agency = {key: report[key] for key in ("agency_id", "scope")}
    return CellContent(
        fact=fact,
        **report,
        capture=capture,
        evidence=_evidence(request, capture, fact),
        checks=list(_checks(connection, version, fact)),
        years=select_as(connection, YearValue, _YEARS, **agency, **place),
        versions=select_as(connection, VersionValue, _VERSIONS, report=report["report"], **place),
    )


# ----------------------------------------------------------------------------------------------------- evidence


def _evidence(request: PageRequest, capture: CaptureDetails, fact: CellFact) -> CellEvidence | DamagedEvidence | None:
    if fact.locator is None:
        return None
    try:
        body = stored_body(request.archive, capture)
    except RecordError as error:
        return DamagedEvidence(str(error))
    return _excerpt(body, fact.locator)


def _excerpt(body: StoredBody, locator: Mapping[str, int]) -> CellEvidence:
    start, end = locator["start"], min(locator["end"], locator["start"] + _MAX_CELL)
    # The excerpt starts at a tag: from inside a character, two-byte charsets would be misread up to the next tag.
    first = body.data.rfind(b"<", max(0, start - 2 * _CONTEXT), max(0, start - _CONTEXT))
    if first < 0:
        first = max(0, start - _CONTEXT)
    cell = body.data[start:end]
    return CellEvidence(
        fault=None,
        encoding=body.encoding,
        cut=end < locator["end"],
        before=_decoded(body.data[first:start], body.encoding),
        cell=_decoded(cell, body.encoding),
        after=_decoded(body.data[end : end + _CONTEXT], body.encoding),
        hex=cell.hex(" "),
        says=raw_at(body.data, Locator(**locator), body.encoding),
    )


def _decoded(piece: bytes, encoding: str) -> str:
    """The piece as text, without a character that is cut off at its end."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(piece)


# ------------------------------------------------------------------------------------------------------- checks


def _checks(connection: sqlite3.Connection, version: str, fact: CellFact) -> Iterator[CellCheck]:
    """The checks of the fact's table in which it is an operand, each with all its operands."""
    facts = facts_of_version(connection, version)
    for check in checks_of_version(connection, version):
        if check.table == fact.table:
            identity = assessment_of(fact.form, check).identity
            left, right = (
                [_operand(identity, operand, check.at, facts) for operand in side]
                for side in (identity.left, identity.right)
            )
            if any((each.row, each.column) == (fact.row, fact.column) for each in (*left, *right)):
                yield CellCheck(
                    identity=check.identity,
                    table=check.table,
                    at=check.at,
                    outcome=check.outcome,
                    left=check.left,
                    right=check.right,
                    at_label=check.at_label,
                    kind=identity.kind,
                    printed=identity.printed,
                    soft=identity.soft,
                    left_operands=left,
                    right_operands=right,
                )


def _operand(identity: FormIdentity, operand: FormTerm, at: str, facts: FactsByPlace) -> CheckOperand:
    row, column = (operand.ref, at) if identity.for_each == "column" else (at, operand.ref)
    other_year = operand.year not in (None, "N") or identity.kind == "cross_year"
    fact = None if other_year else facts.get((identity.table, row, column))
    return CheckOperand(
        row=row,
        column=column,
        label=label_of(identity.table, operand.ref),
        sign=operand.sign,
        year=operand.year,
        id=fact.id if fact else None,
        value=fact.value if fact else None,
        status=fact.status if fact else None,
    )


CELL_PAGE = BrowsePage("cell", "/-/cell/{fact}", _content)
