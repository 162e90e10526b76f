"""The page of a capture: when, from where and with which digest it was kept, and the page itself in a closed frame."""

import sqlite3
from dataclasses import dataclass

from govcrawl.browse.archived_page import CaptureDetails, capture_details
from govcrawl.browse.page import BrowsePage, PageRequest
from govcrawl.browse.sql import select_as

_REPORTS = """
SELECT report.id, agency.name AS agency, report.year, version.id AS version, version.capture_id = :capture AS first
FROM report_versions AS version
JOIN reports AS report ON report.id = version.report_id
JOIN agencies AS agency ON agency.id = report.agency_id
JOIN captures AS capture ON capture.report_version_id = version.id
WHERE capture.id = :capture"""

_CAPTURES = """
SELECT id, fetched_at, http_status, sha256 FROM captures WHERE document_id = :document ORDER BY fetched_at, id"""


@dataclass(frozen=True, slots=True)
class CapturedReport:
    """A report that the capture shows."""

    id: str  # id of the report
    agency: str  # name of its organ
    year: int | None  # report year
    version: str  # id of the version that the capture shows
    first: int  # 1: the first capture that shows this version


@dataclass(frozen=True, slots=True)
class SiblingCapture:
    """A capture of the same document."""

    id: str  # id of the capture
    fetched_at: str  # time in UTC
    http_status: int  # HTTP status
    sha256: str  # of the decoded body


@dataclass(frozen=True, slots=True)
class CaptureContent:
    """The page of a capture."""

    capture: CaptureDetails  # the stored response
    reports: list[CapturedReport]  # reports that it shows
    captures: list[SiblingCapture]  # all captures of the same document, in order


def _content(connection: sqlite3.Connection, request: PageRequest) -> CaptureContent:
    """The capture in the path, the reports that it shows, and every capture of the same document."""
    capture = capture_details(connection, request.path["capture"])
    return CaptureContent(
        capture=capture,
        reports=select_as(connection, CapturedReport, _REPORTS, capture=capture.id),
        captures=select_as(connection, SiblingCapture, _CAPTURES, document=capture.document_id),
    )


CAPTURE_PAGE = BrowsePage("capture", "/-/capture/{capture}", _content)
