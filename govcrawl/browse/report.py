"""The page of a report: its statutory tables as the form prints them, with everything found about them in its place."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from govcrawl import forms
from govcrawl.browse.filled_form import (
    FilledForm,
    FormNotes,
    ReportClaim,
    filled_form,
    notes_on_checks,
    notes_on_claims,
    notes_on_issues,
)
from govcrawl.browse.issues import ListedIssue, issues_of_version
from govcrawl.browse.page import BrowsePage, NotInArchiveError, PageRequest
from govcrawl.browse.sql import select_as, select_one, select_rows
from govcrawl.browse.version_facts import FactsByPlace, checks_of_version, facts_of_version
from govcrawl.browse.version_timeline import VersionPeriod, version_timeline

_REPORT = """
SELECT report.id, report.agency_id, agency.name AS agency, agency.division_code, agency.portal_id,
  portal.name AS portal, report.year, report.scope, report.url, report.index_number, report.published_on,
  report.current_version_id
FROM reports AS report
JOIN agencies AS agency ON agency.id = report.agency_id
JOIN portals AS portal ON portal.id = agency.portal_id
WHERE report.id = :report"""

_VERSION = """
SELECT version.id, version.form, version.document_id, version.capture_id, version.parser_version, version.valid_from,
  version.valid_to, capture.url, capture.sha256
FROM report_versions AS version
JOIN captures AS capture ON capture.id = version.capture_id
WHERE version.id = :version AND version.report_id = :report"""

_DOCUMENT = """
SELECT id, portal_id, url, title, index_number, publisher, published_on, document_number, disclosure_mode, theme,
  script, encoding, attachments
FROM documents WHERE id = :document"""

_COPIES = """
SELECT copy.document_id, copy.preferred, copy.nearness, document.url, document.title, document.portal_id,
  portal.name AS portal
FROM report_copies AS copy
JOIN documents AS document ON document.id = copy.document_id
JOIN portals AS portal ON portal.id = document.portal_id
WHERE copy.report_id = :report ORDER BY copy.preferred DESC, copy.document_id"""

_CLAIMS = "SELECT id, kind, value, outcome, text, against FROM claims WHERE report_version_id = :version ORDER BY rowid"
_SECTIONS = "SELECT id, key, heading, text FROM sections WHERE report_version_id = :version ORDER BY rowid"

_YEARS = """
SELECT other.id, other.year, other.scope, other.current_version_id AS version
FROM reports AS other
WHERE other.agency_id = :agency AND other.year IS NOT NULL AND other.current_version_id IS NOT NULL
ORDER BY other.year DESC, other.scope"""


@dataclass(frozen=True, slots=True)
class ReportDetails:
    """A report."""

    id: str  # id of the report
    agency_id: str  # id of the organ
    agency: str  # its name
    division_code: str  # code of its division
    portal_id: str  # id of its portal
    portal: str  # name of the portal
    year: int | None  # report year
    scope: str  # a word of `Scope`
    url: str | None  # address of the preferred copy
    index_number: str | None  # index number of the preferred copy
    published_on: str | None  # date that the preferred copy names
    current_version_id: str | None  # id of the current version


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """The version that is shown."""

    id: str  # id of the version
    form: str | None  # form that it follows
    document_id: str  # id of the document that shows it
    capture_id: str  # id of the first capture that shows it
    parser_version: str  # version of the reader
    valid_from: str  # time of the first capture, in UTC
    valid_to: str  # time of the last capture, in UTC
    url: str  # address of the first capture
    sha256: str  # of the decoded body of the first capture


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """The page of the version, as published."""

    id: str  # id of the document
    portal_id: str  # id of the portal that shows it
    url: str  # address
    title: str | None  # title
    index_number: str | None  # index number (索引号)
    publisher: str | None  # publishing organ
    published_on: str | None  # date of publication
    document_number: str | None  # document number (文号)
    disclosure_mode: str | None  # way of disclosure (公开方式)
    theme: str | None  # theme (主题分类)
    script: str | None  # `hans` or `hant`
    encoding: str | None  # codec of the page
    attachments: list[list[str]]  # address and text of each attachment


@dataclass(frozen=True, slots=True)
class ReportCopy:
    """A document that carries the report."""

    document_id: str  # id of the document
    preferred: int  # 1: the copy that counts
    nearness: int  # 0: on the organ's own portal, 1: on that of its government, 2: elsewhere
    url: str  # address
    title: str | None  # title
    portal_id: str  # id of the portal that shows it
    portal: str  # its name


@dataclass(frozen=True, slots=True)
class ReportYear:
    """Another report of the same organ."""

    id: str  # id of the report
    year: int  # report year
    scope: str  # a word of `Scope`
    version: str  # id of its current version


@dataclass(frozen=True, slots=True)
class ProsePiece:
    """A piece of a section's text."""

    text: str  # the pieces together are the text
    claim: int | None  # place in `claims` of the contradicted claim that it is; null for other text


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A section of the version."""

    id: str  # id of the section
    key: str  # a word of `SectionKey`
    heading: str  # as published
    text: str  # as published
    pieces: list[ProsePiece]  # the text cut at the claims that the tables contradict


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The page of a report."""

    report: ReportDetails  # the report
    version: ShownVersion  # the version that is shown
    document: ShownDocument  # its page, as published
    copies: list[ReportCopy]  # documents that carry the report, the preferred one first
    versions: list[VersionPeriod]  # all versions in time, the earliest first
    years: list[ReportYear]  # reports of the same organ, the latest first
    tables: list[FilledForm]  # the statutory tables that were read
    missing_tables: list[str]  # titles of the tables of the form that the page does not have
    sections: list[ReportSection]  # the text
    checks: Mapping[str, int]  # number of checks, by outcome
    claims: list[ReportClaim]  # figures in the prose
    issues: list[ListedIssue]  # issues of the version, the gravest first


def _content(connection: sqlite3.Connection, request: PageRequest) -> ReportContent:
    """A report as one of its versions shows it: the one in `?version=`, else the current one.

    Raises:
        NotInArchiveError: there is no such report, or it has no such version.
    """
    name = request.path["report"]
    report = ReportDetails(**select_one(connection, name, _REPORT, report=name))
    shown = request.value("version") or report.current_version_id
    if shown is None:
        raise NotInArchiveError(f"{name}: no page of this report could be read yet")
    version = ShownVersion(**select_one(connection, shown, _VERSION, version=shown, report=name))
    facts = facts_of_version(connection, version.id)
    checks = checks_of_version(connection, version.id)
    claims = [ReportClaim(**_decoded(row, "against")) for row in select_rows(connection, _CLAIMS, version=version.id)]
    issues = issues_of_version(connection, version.id, request.archive)
    notes = FormNotes((*notes_on_checks(checks, facts), *notes_on_claims(claims), *notes_on_issues(issues)))
    return ReportContent(
        report=report,
        version=version,
        document=_document(connection, version.document_id),
        copies=select_as(connection, ReportCopy, _COPIES, report=name),
        versions=version_timeline(connection, name),
        years=select_as(connection, ReportYear, _YEARS, agency=report.agency_id),
        tables=[filled_form(form, table, facts, notes) for form, table in _tables(facts)],
        missing_tables=list(_missing_tables(version.form, facts)),
        sections=_sections(connection, version.id, claims),
        checks=dict(sorted(Counter(check.outcome for check in checks).items())),
        claims=claims,
        issues=issues,
    )


def _decoded(row: dict[str, Any], column: str) -> dict[str, Any]:
    """The row with the JSON of one of its columns read."""
    return row | {column: json.loads(row[column])}


def _document(connection: sqlite3.Connection, document: str) -> ShownDocument:
    return ShownDocument(**_decoded(select_one(connection, document, _DOCUMENT, document=document), "attachments"))


def _tables(facts: FactsByPlace) -> list[tuple[str, str]]:
    """Form and key of each table that has facts."""
    return list(dict.fromkeys((fact.form, fact.table) for fact in facts.values()))


def _missing_tables(form: str | None, facts: FactsByPlace) -> Iterator[str]:
    """The titles of the tables that the form asks for and the page does not have."""
    if form is not None:
        present = {table for table, _, _ in facts}
        yield from (table.title for table in forms.load_forms()[form].tables if table.key not in present)


def _sections(connection: sqlite3.Connection, version: str, claims: list[ReportClaim]) -> list[ReportSection]:
    found = select_rows(connection, _SECTIONS, version=version)
    return [ReportSection(**section, pieces=prose_pieces(section["text"], claims)) for section in found]


def prose_pieces(text: str, claims: list[ReportClaim]) -> list[ProsePiece]:
    """A section's text cut at the contradicted claims that stand in it."""
    marks: dict[int, tuple[int, int]] = {}
    for number, claim in enumerate(claims):
        start = text.find(claim.text) if claim.text else -1
        if start >= 0 and claim.outcome == "contradicts":
            marks.setdefault(start, (start + len(claim.text), number))
    return list(_cut(text, marks))


def _cut(text: str, marks: Mapping[int, tuple[int, int]]) -> Iterator[ProsePiece]:
    done = 0
    for start, (end, number) in sorted(marks.items()):
        if start >= done:
            yield ProsePiece(text[done:start], None)
            yield ProsePiece(text[start:end], number)
            done = end
    yield ProsePiece(text[done:], None)


REPORT_PAGE = BrowsePage("report", "/-/report/{report:path}", _content)
