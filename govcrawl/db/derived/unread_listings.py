"""List rows that promise a report which was not read: the agency and year, and the outcome of the document."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from govcrawl import zh
from govcrawl.db.derived.list_progress import UNREACHED, WALL_OUTCOMES
from govcrawl.db.frontier.revisit_calendar import GONE
from govcrawl.titles import read_title
from govcrawl.vocabulary import CoverageState, IssueKind, Outcome

_BY_ISSUE = {
    IssueKind.IMAGE_ONLY: CoverageState.IMAGE_ONLY,
    IssueKind.ATTACHMENT_ONLY: CoverageState.ATTACHMENT_ONLY,
    IssueKind.PARSE_FAILED: CoverageState.PARSE_FAILED,
    IssueKind.REFUSED_LIMIT: CoverageState.PARSE_FAILED,
    IssueKind.SUSPECTED_MIRROR: CoverageState.PARSE_FAILED,
}


@dataclass(frozen=True, slots=True)
class Lead:
    """The coverage state, and its reason, that a list row gives for a missing report."""

    state: CoverageState
    reason: str


# A row whose document nobody ever meant to ask for is no report's.
_OPEN_ROWS = """
SELECT listing.portal_id, listing.title, listing.url, frontier.report_year, attempt.outcome, attempt.http_status, (
  SELECT group_concat(DISTINCT finding.kind) FROM findings AS finding
  WHERE finding.document_id = listing.id AND substr(finding.first_seen_at, 1, 10) <= :day
)
FROM listings AS listing
JOIN frontier ON frontier.listing_id = listing.id
LEFT JOIN (
  SELECT request_id, outcome, http_status, max(at) FROM attempts WHERE substr(at, 1, 10) <= :day GROUP BY request_id
) AS attempt ON attempt.request_id = frontier.id
WHERE substr(listing.first_seen_at, 1, 10) <= :day
  AND listing.id NOT IN (SELECT document_id FROM report_copies)
ORDER BY listing.id"""

_NAMES = """
SELECT agency.portal_id, agency.id, substr(agency.id, 8) FROM agencies AS agency
UNION
SELECT agency.portal_id, agency.id, alias.spelling
FROM agencies AS agency JOIN agency_aliases AS alias ON alias.agency_id = agency.id
UNION
SELECT agency.portal_id, agency.id, substr(agency.id, 8 + length(division.name))
FROM agencies AS agency JOIN portals AS division ON division.id = agency.division_code
WHERE agency.scope = 'department' AND agency.portal_id = division.id
  AND substr(agency.id, 8, length(division.name)) = division.name"""


def state_of_issue(kind: str) -> CoverageState | None:
    """Returns the coverage state for a report whose document has an issue of a kind; None for other kinds."""
    return _BY_ISSUE.get(IssueKind(kind)) if kind else None


def leads(connection: sqlite3.Connection, until: date) -> Mapping[tuple[str, int], Lead]:
    """(agency, report year) → what the lists' rows say of it, for rows that no report was read from."""
    names: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for portal, agency, name in connection.execute(_NAMES):
        names[portal].append((agency, name))
    found: dict[tuple[str, int], list[Lead]] = defaultdict(list)
    for portal, title, url, year, outcome, status, kinds in connection.execute(_OPEN_ROWS, {"day": until.isoformat()}):
        lead = _lead(url, Outcome(outcome) if outcome else None, status, (kinds or "").split(","))
        if lead:
            for place in _places(title, year, names[portal]):
                found[place].append(lead)
    return {place: min(several, key=_weight) for place, several in found.items()}


def _weight(lead: Lead) -> tuple[int, str]:
    return list(CoverageState).index(lead.state), lead.reason


def _places(title: str, year: int | None, names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, int]]:
    """The agency and years that a title names. The longest name counts: an office's name contains its government's."""
    plain = zh.simplified(zh.raw(title))
    named = [(len(name), agency) for agency, name in names if name in plain]
    if named:
        agency = max(named)[1]
        yield from ((agency, each) for each in (read_title(title).years if year is None else (year,)))


def _lead(url: str, outcome: Outcome | None, status: int | None, kinds: list[str]) -> Lead | None:
    if outcome is None:
        return Lead(CoverageState.OUT_OF_SCOPE, f"listed at {url}, not fetched: no crawl asked for it")
    state = _state(outcome, status, kinds)
    if state is CoverageState.ELSEWHERE:
        return Lead(state, f"listed at {url}, on a host that may not be asked: {urlsplit(url).hostname}")
    return Lead(state, f"listed at {url}: {', '.join(filter(None, (outcome, *sorted(kinds))))}") if state else None


def _state(outcome: Outcome, status: int | None, kinds: list[str]) -> CoverageState | None:
    if outcome in {Outcome.OK, Outcome.NOT_MODIFIED}:
        return next((state for kind in kinds if (state := state_of_issue(kind))), None)
    if outcome is Outcome.SOFT_404 or (outcome is Outcome.HTTP_ERROR and status in GONE):
        return CoverageState.GONE
    if outcome in WALL_OUTCOMES:
        return CoverageState.BLOCKED
    if outcome is Outcome.OUT_OF_REGISTRY:
        return CoverageState.ELSEWHERE
    return CoverageState.UNREACHABLE if outcome in UNREACHED | {Outcome.HTTP_ERROR} else None
