"""How much a finished crawl must have seen: rules over counts, told by name. Pure.

`lists_do_not_shrink`: a portal's lists show at least `LEAST_SHARE` of the rows that are known of it. A portal that was
rebuilt, that answers empty lists or that could not be reached would otherwise look as if it had nothing new.
`as_many_as_last_year`: of the latest year that is due there are at least `LEAST_SHARE` as many reports of a portal as
of the year before, or as the organs that the registry names.
"""

from collections.abc import Collection, Mapping
from datetime import date

from govcrawl.db.derived.coverage import deadline
from govcrawl.vocabulary import Scope

FEWEST_LISTED = 10
"""Below so many rows a list may well lose a share of them."""

FEWEST_REPORTS = 5
"""Below so many reports one organ less is no sign of anything."""

LEAST_SHARE = 0.8

ReportCounts = Mapping[tuple[str, int], int]
"""(portal, report year) → number of reports."""


def shrunk(seen: Mapping[str, int], known: Mapping[str, int]) -> tuple[str, ...]:
    """A line for each portal whose lists showed too few of the rows that are known of it."""
    return tuple(
        f"portal {portal} listed {seen.get(portal, 0)} of the {count} rows known of it; look at its lists"
        for portal, count in sorted(known.items())
        if count >= FEWEST_LISTED and seen.get(portal, 0) < LEAST_SHARE * count
    )


def fewer(reports: ReportCounts, organs: Mapping[str, int], years: Collection[int], today: date) -> tuple[str, ...]:
    """A line for each portal with too few reports of the latest of some years that is due.

    `organs` is how many publishing organs the registry names, by portal: those are judged. `years` are those that were
    asked for and that some portal's lists show: another year is not out yet, whatever the calendar says.
    """
    due = [year for year in years if today > deadline(Scope.GOVERNMENT, year)]
    return tuple(
        f"portal {portal} has {found} reports of {year} where {wanted} were to be expected; look at its coverage"
        for year in sorted(due)[-1:]
        for portal, named in sorted(organs.items())
        if (wanted := max(named, reports.get((portal, year - 1), 0))) >= FEWEST_REPORTS
        and (found := reports.get((portal, year), 0)) < LEAST_SHARE * wanted
    )
