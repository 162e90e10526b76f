"""Figures of an organ over the years, drawn so that every identity of the forms holds within and between years.

A year's figures are a mapping from place (`table.row.column`) to number. Within a year every printed and implied sum
holds. Between years, what one year carries forward the next carries over, and the documents in force and the item
counts of the 2019 form go on from the year before. No cell is printed and no fault is planted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random

from govcrawl.forms import Form, FormIdentity, Forms
from govcrawl.vocabulary import Scope

FigureValue = int | float
YearFigures = dict[str, FigureValue]
FormByTable = Mapping[str, str]
"""The form that each table of a report follows: table key → form key."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """How much an organ handles in a year: upper bounds of its draws."""

    applications: int
    carried: int
    documents: int
    decisions: int


_SCALES = {
    Scope.DEPARTMENT: _Scale(applications=40, carried=2, documents=4, decisions=900),
    Scope.OFFICE: _Scale(applications=120, carried=5, documents=6, decisions=60),
    Scope.GOVERNMENT: _Scale(applications=1400, carried=60, documents=30, decisions=48000),
}

_RESULT_WEIGHTS = {"granted": 40, "partially_granted": 8, "unable_not_held": 20, "not_processed_petition": 5}
"""How often a result occurs; a result that is not named weighs 1."""

_APPLICANT_WEIGHTS = (40, 10, 1, 1, 3, 2)


def draw_figures(
    form_by_table: Mapping[int, FormByTable], scope: Scope, forms: Forms, rng: Random, fixed: Mapping[int, YearFigures]
) -> dict[int, YearFigures]:
    """The figures of consecutive years, oldest first.

    Args:
        form_by_table: The form of each table, by year.
        scope: Whose figures; decides their size.
        forms: The statutory forms.
        rng: The source of every draw.
        fixed: Years whose figures are given (the real cases); the years around them are drawn to fit.
    """
    scale, years = _SCALES[scope], sorted(form_by_table)
    documents = _documents(years, scale, rng, fixed)
    items = _ItemCounts(rng)
    over: YearFigures = {}
    drawn: dict[int, YearFigures] = {}
    for year in years:
        if year in fixed:
            drawn[year] = dict(fixed[year])
        else:
            chosen = {table: forms[key] for table, key in form_by_table[year].items()}
            next_over = _row_of(fixed.get(year + 1, {}), "carried_over")
            drawn[year] = {
                **_proactive(chosen["proactive"], scale, rng, documents[year], items),
                **_applications(chosen["applications"], scale, rng, over, next_over),
                **_disputes(chosen["review_litigation"], scale, rng),
            }
        over = _row_of(drawn[year], "carried_forward")
    return drawn


# ------------------------------------------------------------------------------------------------ table 3: applications


def _applications(form: Form, scale: _Scale, rng: Random, over: YearFigures, next_over: YearFigures) -> YearFigures:
    """Table 3; `over` is what the year before carries forward, `next_over` what a fixed next year carries over."""
    table = form.table("applications")
    leaves = [term.ref for term in _identity(form, "applications_result_total").left]
    *applicants, total = [column.key for column in table.columns]
    received = _spread(rng.randint(0, scale.applications), applicants, _APPLICANT_WEIGHTS, rng)
    figures: YearFigures = {}
    for applicant in applicants:
        stock = received[applicant] + over.get(applicant, 0)
        forward = _forward(stock, scale, rng) if not next_over else next_over[applicant]
        # A fixed next year may carry over more than the stock; then that much more was received.
        received[applicant] += max(0, forward - stock)
        answered = max(stock, forward) - forward
        results = _spread(answered, leaves, [_RESULT_WEIGHTS.get(leaf, 1) for leaf in leaves], rng)
        column = {
            "new_received": received[applicant],
            "carried_over": over.get(applicant, 0),
            **results,
            "result_total": answered,
            "carried_forward": forward,
        }
        figures |= {f"applications.{row}.{applicant}": value for row, value in column.items()}
    rows = [row.key for row in table.rows if row.data]
    totals = {row: sum(figures[f"applications.{row}.{applicant}"] for applicant in applicants) for row in rows}
    return figures | {f"applications.{row}.{total}": value for row, value in totals.items()}


def _forward(stock: FigureValue, scale: _Scale, rng: Random) -> int:
    return min(int(stock), rng.randint(0, scale.carried)) if rng.random() < 0.3 else 0


def _row_of(figures: YearFigures, row: str) -> YearFigures:
    prefix = f"applications.{row}."
    return {place.removeprefix(prefix): value for place, value in figures.items() if place.startswith(prefix)}


def _spread(amount: FigureValue, keys: Iterable[str], weights: Iterable[int], rng: Random) -> dict[str, FigureValue]:
    keys = list(keys)
    counts: dict[str, FigureValue] = dict.fromkeys(keys, 0)
    for key in rng.choices(keys, list(weights), k=int(amount)):
        counts[key] += 1
    return counts


# ---------------------------------------------------------------------------------------- table 4: reviews and lawsuits


def _disputes(form: Form, scale: _Scale, rng: Random) -> YearFigures:
    figures: YearFigures = {}
    for identity in form.identities_of("review_litigation"):
        cases = rng.randint(0, max(1, scale.applications // 60)) if rng.random() < 0.35 else 0
        parts = _spread(cases, [term.ref for term in identity.left], [6, 2, 2, 1], rng)
        whole = {identity.right[0].ref: sum(parts.values())}
        figures |= {f"review_litigation.cases.{column}": value for column, value in {**parts, **whole}.items()}
    return figures


# --------------------------------------------------------------------------------------------------- table 2: published


@dataclass(frozen=True, slots=True)
class _Documents:
    """Normative documents of a year: issued, repealed, and in force at its end."""

    issued: int
    repealed: int
    in_force: int


def _documents(
    years: Iterable[int], scale: _Scale, rng: Random, fixed: Mapping[int, YearFigures]
) -> dict[int, _Documents]:
    """The documents of each year: in force = in force the year before + issued − repealed."""
    years = list(years)
    anchor = min(fixed, default=years[0])
    known = _documents_of(fixed[anchor]) if anchor in fixed else _Documents(0, 0, rng.randint(0, 3 * scale.documents))
    by_year = {anchor: known}
    for year in [each for each in years if each > anchor]:
        if year in fixed:
            by_year[year] = _documents_of(fixed[year])
            continue
        before = by_year[year - 1].in_force
        issued, repealed = rng.randint(0, scale.documents), rng.randint(0, min(before, scale.documents))
        by_year[year] = _Documents(issued, repealed, before + issued - repealed)
    for year in [each for each in reversed(years) if each < anchor]:
        after = by_year[year + 1]
        in_force = after.in_force - after.issued + after.repealed
        by_year[year] = _Documents(rng.randint(0, min(in_force, scale.documents)), rng.randint(0, 2), in_force)
    return by_year


def _documents_of(figures: YearFigures) -> _Documents:
    place = "proactive.normative_documents."
    return _Documents(*(int(figures[place + column]) for column in ("issued", "repealed", "in_force")))


class _ItemCounts:
    """How many kinds of licence, penalty and fee an organ has; the 2019 form prints last year's and the change."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._counts: dict[str, int] = {}

    def year(self, row: str) -> tuple[int, int]:
        """Last year's count and this year's change; their sum is last year's count of the next call."""
        before = self._counts.setdefault(row, self._rng.randint(0, 60))
        change = self._rng.randint(-min(before, 6), 6) if self._rng.random() < 0.5 else 0
        self._counts[row] = before + change
        return before, change


def _proactive(form: Form, scale: _Scale, rng: Random, documents: _Documents, items: _ItemCounts) -> YearFigures:
    figures: YearFigures = {}
    for item in form.items_of("proactive"):
        figures[item.place] = _published(item.row, item.column, scale, rng, documents)
    for row in [item.row for item in form.items_of("proactive") if item.column == "items_delta"]:
        before, change = items.year(row)
        figures |= {f"proactive.{row}.items_last_year": before, f"proactive.{row}.items_delta": change}
    return figures


def _published(row: str, column: str, scale: _Scale, rng: Random, documents: _Documents) -> FigureValue:
    if row == "normative_documents":
        by_column = {
            "issued": documents.issued,
            "made": documents.issued,
            "newly_disclosed": documents.issued,
            "repealed": documents.repealed,
            "in_force": documents.in_force,
            "disclosed_total": documents.in_force,
        }
        return by_column[column]
    draws: dict[str, FigureValue] = {
        "decisions": rng.randint(0, scale.decisions) if rng.random() < 0.6 else 0,
        "fee_amount_10k_yuan": round(rng.uniform(0, 90), 2) if rng.random() < 0.25 else 0,
        "projects": rng.randint(0, 40),
        "amount": round(rng.uniform(1, 900), 4),
    }
    return draws.get(column, 0)


def _identity(form: Form, key: str) -> FormIdentity:
    return next(identity for identity in form.identities if identity.key == key)
