"""How long a document is left alone that is not there (yet): asked again when the calendar makes it likely.

Most addresses of one organ and year answer that there is no report, for years on end. Reports of a year come out from
late December to 31 January, those of governments to 31 March, stragglers in the months after: so the longer the year is
past, the longer the rest.
"""

from datetime import UTC, date, datetime, timedelta

from govcrawl.models import Request
from govcrawl.vocabulary import Outcome, Role

GONE = frozenset({404, 410})
"""HTTP statuses that say that there is nothing at an address."""

_RESTS = (
    (-10, timedelta(days=30)),
    (31, timedelta(hours=18)),  # a crawl a day asks again, whatever the hour it starts at
    (105, timedelta(days=6)),
    (365, timedelta(days=60)),
)
"""Until so many days after the report year, an absent report rests that long."""
_LONGEST = timedelta(days=365)
_YEAR_UNKNOWN = timedelta(days=30)


def is_absent(role: Role, outcome: Outcome, http_status: int | None) -> bool:
    """Whether an answer says that there is no such document, rather than that it could not be had."""
    nothing = outcome is Outcome.SOFT_404 or (outcome is Outcome.HTTP_ERROR and http_status in GONE)
    return role is Role.DOCUMENT and nothing


def rest(report_year: int | None, day: date) -> timedelta:
    """How long a report of a year that was absent on a day is not asked for again."""
    if report_year is None:
        return _YEAR_UNKNOWN
    past = (day - date(report_year, 12, 31)).days
    return next((length for until, length in _RESTS if past <= until), _LONGEST)


def rest_until(report_year: int | None, at: str) -> float:
    """When to ask again, in seconds since the epoch, for what was absent at a time (ISO 8601, UTC)."""
    asked = datetime.fromisoformat(at).astimezone(UTC)
    return (asked + rest(report_year, asked.date())).timestamp()


def year_asked_for(request: Request) -> int | None:
    """The report year that a request itself names, None where it names none."""
    year = dict(request.context).get("year", "")
    return int(year) if year.isdecimal() else None
