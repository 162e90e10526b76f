"""How much a finished crawl must have seen: rules over counts, told by name. Pure.

`lists_do_not_shrink`: a portal's lists show at least `LEAST_SHARE` of the rows that are known of it. A portal that was
rebuilt, that answers empty lists or that could not be reached would otherwise look as if it had nothing new.
`as_many_as_last_year`: of the latest year that is due there are at least `LEAST_SHARE` as many reports of a portal as
of the year before, or as the organs that the registry names.
`portals_answer`: a portal that was asked gives an answer that is no challenge, and a list; its host is not left resting
with requests unasked. What its own robots.txt forbids breaks no rule.
"""

from collections.abc import Collection, Mapping
from datetime import date

from govcrawl.db.derived.coverage import deadline
from govcrawl.db.queries.portal_answers import PortalAnswers
from govcrawl.models import Portal
from govcrawl.vocabulary import Outcome, Scope

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


def silence(answers: PortalAnswers) -> str | None:
    """In what way a portal that was asked kept silent or walled itself off; None for one that answered everything."""
    told = ", ".join(
        f"{outcome} ({': '.join(filter(None, (str(count), answers.details.get(outcome))))})"
        for outcome, count in sorted(answers.outcomes.items())
    )
    if not answers.answered and answers.forbidden < answers.outcomes.total():
        return f"gave {'only challenges' if set(answers.outcomes) == {Outcome.BLOCKED} else 'no answer'}: {told}"
    return f"rests, with {answers.unasked} requests unasked" if answers.unasked else None


def lacks_list(answers: PortalAnswers) -> bool:
    """Whether a portal answered, forbids nothing, and no list of annual reports is known of it."""
    return answers.answered and not (answers.listed or answers.forbidden)


def unanswered(answers: Mapping[str, PortalAnswers], registry: Mapping[str, Portal]) -> tuple[str, ...]:
    """A line for each portal that gave no answer, no list or only challenges, save where its entry expects a wall."""
    found = {key: _owed(given, registry[key]) for key, given in sorted(answers.items())}
    return tuple(f"portal {key} {registry[key].name} {words}" for key, words in found.items() if words)


def _owed(answers: PortalAnswers, portal: Portal) -> str | None:
    """What a portal failed to give, in words."""
    silent = silence(answers)
    if silent is None:
        return "gave no list of annual reports" if lacks_list(answers) else None
    return None if portal.expect else silent


def as_expected(answers: Mapping[str, PortalAnswers], registry: Mapping[str, Portal]) -> tuple[str, ...]:
    """A line for each portal whose entry expects a wall, saying whether it stood."""
    stated = {key: registry[key] for key in sorted(answers) if registry[key].expect}
    return tuple(
        f"portal {key} {portal.name} {silence(answers[key]) or 'answers, take `expect` out'}, expected: {portal.expect}"
        f"{f' since {portal.since}' if portal.since else ''}"
        for key, portal in stated.items()
    )
