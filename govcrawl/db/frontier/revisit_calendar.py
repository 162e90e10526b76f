"""When a page is visited again: known pages by the age of their report year, absent ones after a back-off.

Lists are read in every round; this is about documents, and about the pages that only lead to lists.
Reports are mended in the weeks after they came out and hardly ever later. A page that came with an ETag or a date of
change costs a visit next to nothing; any other is fetched whole, so it is visited less often. The pages of a portal do
not all come due on one day: each has its own place around the mean.

A document that answered 404 or 410 is asked for again when the calendar makes it likely. Reports of a year come out
from late December to 31 January, those of governments to 31 March, stragglers in the months after. The longer the year
is past, the longer the back-off.
"""

from datetime import UTC, date, datetime, timedelta

from govcrawl.models import Request
from govcrawl.vocabulary import Outcome, Role

_VISITS = (
    (105, 7, 28),  # the season: January to mid-April
    (365, 60, 120),
    (1096, 180, 365),
)
"""Until so many days after the report year, so many days between two visits: of comparable pages, of others."""
_VISITS_OF_OLD_YEARS = (365, 730)
_VISITS_OF_UNKNOWN_YEAR = (90, 180)
_SPREAD = 0.2
"""How far a page's own interval lies from the mean, at most, as a share of it."""


def interval(report_year: int | None, day: date, *, comparable: bool) -> timedelta:
    """The mean time between two visits to a page on a report year, as seen from a day."""
    if report_year is None:
        days = _VISITS_OF_UNKNOWN_YEAR
    else:
        past = (day - date(report_year, 12, 31)).days
        days = next(((often, seldom) for until, often, seldom in _VISITS if past <= until), _VISITS_OF_OLD_YEARS)
    return timedelta(days[0] if comparable else days[1])


def is_due(request: str, report_year: int | None, visited: date, day: date, *, comparable: bool) -> bool:
    """Whether a page that was last visited on a day is to be visited by another; `request` is its id, 16 hex digits."""
    place = int(request[:8], 16) / 0xFFFFFFFF * 2 - 1
    return day - visited >= interval(report_year, visited, comparable=comparable) * (1 + _SPREAD * place)


_SEASON = ((12, 15), (4, 15))
"""From which day of one year to which of the next new lists and new reports come up."""
_WAY_IN_SEASON, _WAY = timedelta(days=1), timedelta(days=7)


def way_is_due(walked: date, day: date) -> bool:
    """Whether a page that only leads to lists is to be walked again on a day: daily in the season, else weekly."""
    first, last = _SEASON
    in_season = (day.month, day.day) >= first or (day.month, day.day) <= last
    return day - walked >= (_WAY_IN_SEASON if in_season else _WAY)


GONE = frozenset({404, 410})
"""HTTP statuses that say that there is nothing at an address."""

_BACKOFFS = (
    (-10, timedelta(days=30)),
    (31, timedelta(hours=18)),  # a crawl a day asks again, whatever the hour it starts at
    (105, timedelta(days=6)),
    (365, timedelta(days=60)),
)
"""Until so many days after the report year, an absent report rests that long."""
_LONGEST_BACKOFF = timedelta(days=365)
_BACKOFF_OF_UNKNOWN_YEAR = timedelta(days=30)


def is_absent(role: Role, outcome: Outcome, http_status: int | None) -> bool:
    """Whether an answer says that there is no such document, rather than that it could not be had."""
    nothing = outcome is Outcome.SOFT_404 or (outcome is Outcome.HTTP_ERROR and http_status in GONE)
    return role is Role.DOCUMENT and nothing


def rest(report_year: int | None, day: date) -> timedelta:
    """How long a report of a year that was absent on a day is not asked for again."""
    if report_year is None:
        return _BACKOFF_OF_UNKNOWN_YEAR
    past = (day - date(report_year, 12, 31)).days
    return next((length for until, length in _BACKOFFS if past <= until), _LONGEST_BACKOFF)


def rest_until(report_year: int | None, at: str) -> float:
    """When to ask again, in seconds since the epoch, for what was absent at a time (ISO 8601, UTC)."""
    asked = datetime.fromisoformat(at).astimezone(UTC)
    return (asked + rest(report_year, asked.date())).timestamp()


def year_asked_for(request: Request) -> int | None:
    """The report year that a request itself names, None where it names none."""
    year = dict(request.context).get("year", "")
    return int(year) if year.isdecimal() else None
