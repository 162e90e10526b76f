"""When a known page is visited again: the policy as data, by the age of what it reports on.

Lists are read in every round; this is about documents, and about the pages that only lead to lists.
Reports are mended in the weeks after they came out and hardly ever later. A page that came with an ETag or a date of
change costs a visit next to nothing; any other is fetched whole, so it is visited less often. The pages of a portal do
not all come due on one day: each has its own place around the mean.
"""

from datetime import date, timedelta

_VISITS = (
    (105, 7, 28),  # the season: January to mid-April
    (365, 60, 120),
    (1096, 180, 365),
)
"""Until so many days after the report year, so many days between two visits: of comparable pages, of others."""
_RARELY = (365, 730)
_YEAR_UNKNOWN = (90, 180)
_SPREAD = 0.2
"""How far a page's own interval lies from the mean, at most, as a share of it."""


def interval(report_year: int | None, day: date, *, comparable: bool) -> timedelta:
    """The mean time between two visits to a page on a report year, as seen from a day."""
    if report_year is None:
        days = _YEAR_UNKNOWN
    else:
        past = (day - date(report_year, 12, 31)).days
        days = next(((often, seldom) for until, often, seldom in _VISITS if past <= until), _RARELY)
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
