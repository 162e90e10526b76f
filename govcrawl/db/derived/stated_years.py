"""Years in a report's prose or title that differ from its own year: a sign of text copied from another report.

Pure functions. A report may well mention other years (plans, comparisons, the year of a law). Only these count: a
period of figures from 1 January of another year, `以来` after a later year, an overview that repeats one other year and
never names its own, and the years of a title.
"""

import re
from collections import Counter

from govcrawl import zh
from govcrawl.titles import read_title

_PERIOD = re.compile(r"(20\d\d)年?1月1日(?:起)?(?:至|到|[-—~～])")
_SINCE = re.compile(r"(20\d\d)年以来")
_OFTEN = 2


def wrong_years(year: int, text: str, *, overview: bool = False) -> str:
    """Returns the wrong years in a section's text of the report of `year`, as one line; empty if there are none."""
    plain = zh.aligned(zh.raw(text))
    periods = set(map(int, _PERIOD.findall(plain))) - {year}
    later = {stated for stated in map(int, _SINCE.findall(plain)) if stated > year}
    alone = {_only_year(plain)} - {year, None} if overview else set()
    told = (
        *(f"gives figures from 1 January {stated}" for stated in sorted(periods)),
        *(f"tells of what was done since {stated}" for stated in sorted(later)),
        *(f"names {stated} and never {year}" for stated in alone),
    )
    return "; ".join(told)


def _only_year(text: str) -> int | None:
    """The only year in a text, if it occurs more than once."""
    named = Counter(re.findall(r"(?<!\d)(20\d\d)年", text))
    return int(next(iter(named))) if len(named) == 1 and named.total() >= _OFTEN else None


def wrong_title_year(year: int, title: str) -> str:
    """Returns a line if a title states years and none is that of the report; else an empty text."""
    stated = read_title(title).years
    return f"the title says {', '.join(map(str, stated))}: {title[:60]}" if stated and year not in stated else ""
