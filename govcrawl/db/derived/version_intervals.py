"""Version intervals: when each version was public at an address, and what changed between two versions.

A version that is removed and restored has two intervals. An error, a challenge or an unreadable page shows nothing and
ends no interval. If a page disappears and its content appears at another address later, it has moved.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from govcrawl.db.connection import transaction
from govcrawl.db.rows import write_rows
from govcrawl.db.schema import code
from govcrawl.vocabulary import CheckOutcome, Ending, Shown


class DocumentSighting(NamedTuple):
    """What one capture shows at a document's address; `version`, `report` and `content` are set if it is a report."""

    document: str
    at: str
    capture: str
    shows: Shown
    version: str | None = None
    report: str | None = None
    content: str | None = None


@dataclass(frozen=True, slots=True)
class VersionInterval:
    """A row of `version_spans`: its fields are the table's columns."""

    first_capture_id: str
    last_capture_id: str
    report_version_id: str
    report_id: str
    document_id: str
    captures: int
    valid_from: str
    last_seen_at: str
    ended_at: str | None = None
    ending: Ending | None = None
    moved_to: str | None = None


_ENDINGS = {
    Shown.REPORT: Ending.CHANGED,
    Shown.OTHER: Ending.REPLACED,
    Shown.GONE: Ending.REMOVED,
    Shown.MOVED: Ending.MOVED,
}

_ANSWERS = """
SELECT c.document_id, c.fetched_at, c.id, c.shows, c.report_version_id, v.report_id, v.content
FROM captures AS c LEFT JOIN report_versions AS v ON v.id = c.report_version_id
WHERE c.document_id IS NOT NULL AND c.shows IS NOT NULL
ORDER BY c.document_id, c.fetched_at, c.id"""

_FAILS = code(CheckOutcome.FAILS)

_FAILING = f"""(
  SELECT json_group_array(place) FROM (
    SELECT p.identity || '.' || p."table" || '.' || p.at AS place
    FROM version_keys AS k
    JOIN assessments AS s ON s.version_key = k.key AND s.outcome = {_FAILS}
    JOIN places AS p ON p.number = s.place
    WHERE k.report_version_id = {{here}} AND NOT EXISTS (
      SELECT 1 FROM version_keys AS k2
      JOIN assessments AS s2 ON s2.version_key = k2.key AND s2.outcome = {_FAILS} AND s2.place = s.place
      WHERE k2.report_version_id = {{there}}
    )
    ORDER BY place
  )
)"""
"""The checks that fail in one version and not in the other."""

_SECTIONS = """(
  SELECT json_group_array(heading) FROM (
    SELECT DISTINCT heading FROM sections AS one
    WHERE report_version_id IN (:version, :prior_version) AND NOT EXISTS (
      SELECT 1 FROM sections AS other
      WHERE other.report_version_id = iif(one.report_version_id = :version, :prior_version, :version)
        AND (other.key, other.heading, other.text) = (one.key, one.heading, one.text)
    )
    ORDER BY heading
  )
)"""

_REVISE = f"""
INSERT INTO revisions (
  capture_id, prior_capture_id, document_id, report_id, report_version_id, prior_version_id, seen_at, prior_seen_at,
  sections, checks_opened, checks_closed
) VALUES (
  :capture, :prior_capture, :document, :report, :version, :prior_version, :at, :prior_at,
  {_SECTIONS},
  {_FAILING.format(here=":version", there=":prior_version")},
  {_FAILING.format(here=":prior_version", there=":version")}
)"""


def update_spans(connection: sqlite3.Connection) -> None:
    """Replaces the tables `version_spans` and `revisions`, computed from every capture."""
    answers = list(map(DocumentSighting._make, connection.execute(_ANSWERS)))
    content = {answer.version: answer.content for answer in answers}
    spans = [span for _, of_one in groupby(answers, attrgetter("document")) for span in spans_of(of_one)]
    spans = relocated(spans, lambda span: (span.report_id, content[span.report_version_id]))
    with transaction(connection):
        connection.execute("DELETE FROM version_spans")
        connection.execute("DELETE FROM revisions")
        write_rows(connection, "version_spans", spans)
        connection.executemany(_REVISE, map(_revision, revised(spans)))


def spans_of(answers: Iterable[DocumentSighting]) -> Iterator[VersionInterval]:
    """Yields the intervals of one document from its captures in the order of time."""
    runs = [list(run) for _, run in groupby(answers, attrgetter("shows", "version"))]
    for run, following in zip(runs, [*runs[1:], None], strict=True):
        first, last = run[0], run[-1]
        if first.version and first.report:
            span = VersionInterval(
                first_capture_id=first.capture,
                last_capture_id=last.capture,
                report_version_id=first.version,
                report_id=first.report,
                document_id=first.document,
                captures=len(run),
                valid_from=first.at,
                last_seen_at=last.at,
            )
            yield replace(span, ended_at=following[0].at, ending=_ENDINGS[following[0].shows]) if following else span


def relocated(spans: Sequence[VersionInterval], said: Callable[[VersionInterval], Hashable]) -> list[VersionInterval]:
    """Returns the intervals; one that ended while its content later appeared at another address ends as moved there.

    `said` returns the content to compare. An address that had shown it before is a copy, not a new place.
    """
    first: dict[tuple[Hashable, str], VersionInterval] = {}
    for span in spans:
        first.setdefault((said(span), span.document_id), span)
    places = defaultdict(list)
    for (what, _), span in first.items():
        places[what].append(span)
    return [_relocated(span, places[said(span)]) for span in spans]


def _relocated(span: VersionInterval, places: Iterable[VersionInterval]) -> VersionInterval:
    if span.ending in {None, Ending.CHANGED}:
        return span
    later = [place for place in places if place.valid_from > span.last_seen_at]
    if not later:
        return span
    place = min(later, key=attrgetter("valid_from", "document_id"))
    return replace(span, ending=Ending.MOVED, moved_to=place.document_id)


def revised(spans: Iterable[VersionInterval]) -> Iterator[tuple[VersionInterval, VersionInterval]]:
    """Yields each two consecutive intervals of one document with different versions, whatever lies between them."""
    for one, other in pairwise(spans):
        if one.document_id == other.document_id and one.report_version_id != other.report_version_id:
            yield one, other


def _revision(pair: tuple[VersionInterval, VersionInterval]) -> Mapping[str, str]:
    before, after = pair
    return {
        "capture": after.first_capture_id,
        "prior_capture": before.last_capture_id,
        "document": after.document_id,
        "report": after.report_id,
        "version": after.report_version_id,
        "prior_version": before.report_version_id,
        "at": after.valid_from,
        "prior_at": before.last_seen_at,
    }
