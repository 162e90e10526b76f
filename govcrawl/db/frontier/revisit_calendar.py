"""When a page is requested again: known pages by the age of their report year, absent ones after a back-off.

This applies to documents and to pages that only lead to lists; lists are read in every round. Reports are corrected in
the weeks after publication and hardly ever later. A page with an ETag or Last-Modified costs little to revisit; any
other is fetched whole, so it is revisited less often. Each page has its own offset from the mean interval, so the pages
of a portal do not all fall due on one day.

A document that answered 404 or 410 is requested again when publication is likely. Reports of a year are published from
late December to 31 January, those of governments until 31 March, late ones in the months after. The back-off grows with
the age of the report year.
"""

from datetime import UTC, date, datetime, timedelta

from govcrawl.models import Request
from govcrawl.vocabulary import Outcome, Role

_VISITS = (
    (105, 7, 28),  # the season: January to mid-April
    (365, 60, 120),
    (1096, 180, 365),
)
"""(Days since the end of the report year, at most; days between visits to comparable pages; to others.)"""
_VISITS_OF_OLD_YEARS = (365, 730)
_VISITS_OF_UNKNOWN_YEAR = (90, 180)
_SPREAD = 0.2
"""The largest deviation of a page's own interval from the mean, as a share of the mean."""


def interval(report_year: int | None, day: date, *, comparable: bool) -> timedelta:
    """Returns the mean time between two visits to a page about a report year, as of a day."""
    if report_year is None:
        days = _VISITS_OF_UNKNOWN_YEAR
    else:
        past = (day - date(report_year, 12, 31)).days
        days = next(((often, seldom) for until, often, seldom in _VISITS if past <= until), _VISITS_OF_OLD_YEARS)
    return timedelta(days[0] if comparable else days[1])


def is_due(request: str, report_year: int | None, visited: date, day: date, *, comparable: bool) -> bool:
    """True if a page last visited on one day is due on another; `request` is the request's id, 16 hex digits."""
    place = int(request[:8], 16) / 0xFFFFFFFF * 2 - 1
    return day - visited >= interval(report_year, visited, comparable=comparable) * (1 + _SPREAD * place)


_SEASON = ((12, 15), (4, 15))
"""First and last day, (month, day), of the season in which new lists and reports are published."""
_WAY_IN_SEASON, _WAY = timedelta(days=1), timedelta(days=7)


def way_is_due(walked: date, day: date) -> bool:
    """True if a page that only leads to lists is due again on a day: daily in the season, else weekly."""
    first, last = _SEASON
    in_season = (day.month, day.day) >= first or (day.month, day.day) <= last
    return day - walked >= (_WAY_IN_SEASON if in_season else _WAY)


GONE = frozenset({404, 410})
"""HTTP statuses of an address without a page."""

_BACKOFFS = (
    (-10, timedelta(days=30)),
    (31, timedelta(hours=18)),  # less than a day, so that a daily crawl requests it whatever the hour it starts at
    (105, timedelta(days=6)),
    (365, timedelta(days=60)),
)
"""Back-off for absent reports: (days since the end of the report year, at most; back-off)."""
_LONGEST_BACKOFF = timedelta(days=365)
_BACKOFF_OF_UNKNOWN_YEAR = timedelta(days=30)


def is_absent(role: Role, outcome: Outcome, http_status: int | None) -> bool:
    """True if an answer means that the document does not exist, rather than that it could not be fetched."""
    nothing = outcome is Outcome.SOFT_404 or (outcome is Outcome.HTTP_ERROR and http_status in GONE)
    return role is Role.DOCUMENT and nothing


def rest(report_year: int | None, day: date) -> timedelta:
    """Returns the back-off for a report of a year that was absent on a day."""
    if report_year is None:
        return _BACKOFF_OF_UNKNOWN_YEAR
    past = (day - date(report_year, 12, 31)).days
    return next((length for until, length in _BACKOFFS if past <= until), _LONGEST_BACKOFF)


def rest_until(report_year: int | None, at: str) -> float:
    """Returns the end of the back-off, in seconds since the epoch, for an absence at a time (ISO 8601, UTC)."""
    asked = datetime.fromisoformat(at).astimezone(UTC)
    return (asked + rest(report_year, asked.date())).timestamp()


def year_asked_for(request: Request) -> int | None:
    """Returns the report year in the request's context, or None."""
    year = dict(request.context).get("year", "")
    return int(year) if year.isdecimal() else None
