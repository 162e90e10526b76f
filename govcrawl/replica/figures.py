"""Figures of an organ over the years, seeded, that satisfy every identity of the forms and carry over between years.

A year's figures are a mapping from place (`table.row.column`) to number. Within a year every printed and implied sum
holds; between years what is carried forward is what the next year carries over, documents in force roll from year to
year, and so do the item counts of the 2019 form. Nothing here prints a cell or plants a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random

from govcrawl.forms import Form, FormIdentity, Forms
from govcrawl.vocabulary import Scope

Number = int | float
Figures = dict[str, Number]
Template = Mapping[str, str]
"""Which form each table of a report follows: table key → form key."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much an organ handles in a year: upper bounds of its draws."""

    applications: int
    carried: int
    documents: int
    decisions: int


SCALES = {
    Scope.DEPARTMENT: Scale(applications=40, carried=2, documents=4, decisions=900),
    Scope.OFFICE: Scale(applications=120, carried=5, documents=6, decisions=60),
    Scope.GOVERNMENT: Scale(applications=1400, carried=60, documents=30, decisions=48000),
}

RESULT_WEIGHTS = {"granted": 40, "partially_granted": 8, "unable_not_held": 20, "not_processed_petition": 5}
"""How often a result occurs; every result not named weighs 1."""

APPLICANT_WEIGHTS = (40, 10, 1, 1, 3, 2)


def history(
    templates: Mapping[int, Template], scope: Scope, forms: Forms, rng: Random, fixed: Mapping[int, Figures]
) -> dict[int, Figures]:
    """The figures of consecutive years, oldest first.

    Args:
        templates: The forms of each year's tables.
        scope: Whose figures; decides their size.
        forms: The statutory forms.
        rng: The source of every draw.
        fixed: Years whose figures are given (the real cases); the years around them are drawn to fit.
    """
    years = sorted(templates)
    documents = _documents(years, SCALES[scope], rng, fixed)
    items = _ItemCounts(rng)
    over: Figures = {}
    drawn: dict[int, Figures] = {}
    for year in years:
        template = templates[year]
        if year in fixed:
            drawn[year] = dict(fixed[year])
        else:
            wanted = _row_of(fixed.get(year + 1, {}), "carried_over")
            drawn[year] = {
                **_proactive(forms[template["proactive"]], SCALES[scope], rng, documents[year], items),
                **_applications(forms[template["applications"]], SCALES[scope], rng, over, wanted),
                **_disputes(forms[template["review_litigation"]], SCALES[scope], rng),
            }
        over = _row_of(drawn[year], "carried_forward")
    return drawn


# ---------------------------------------------------------------------------------------------- table 3: applications


def _applications(form: Form, scale: Scale, rng: Random, over: Figures, wanted: Figures) -> Figures:
    table = form.table("applications")
    leaves = [term.ref for term in _identity(form, "applications_result_total").left]
    *applicants, total = [column.key for column in table.columns]
    received = _spread(rng.randint(0, scale.applications), applicants, APPLICANT_WEIGHTS, rng)
    figures: Figures = {}
    for applicant in applicants:
        stock = received[applicant] + over.get(applicant, 0)
        forward = _forward(stock, scale, rng) if not wanted else wanted[applicant]
        # A fixed next year may ask for more than the stock: then that much more came in.
        received[applicant] += max(0, forward - stock)
        answered = max(stock, forward) - forward
        results = _spread(answered, leaves, [RESULT_WEIGHTS.get(leaf, 1) for leaf in leaves], rng)
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


def _forward(stock: Number, scale: Scale, rng: Random) -> int:
    return min(int(stock), rng.randint(0, scale.carried)) if rng.random() < 0.3 else 0


def _row_of(figures: Figures, row: str) -> Figures:
    prefix = f"applications.{row}."
    return {place.removeprefix(prefix): value for place, value in figures.items() if place.startswith(prefix)}


def _spread(amount: Number, keys: Iterable[str], weights: Iterable[int], rng: Random) -> dict[str, Number]:
    keys = list(keys)
    counts: dict[str, Number] = dict.fromkeys(keys, 0)
    for key in rng.choices(keys, list(weights), k=int(amount)):
        counts[key] += 1
    return counts


# ------------------------------------------------------------------------------------- table 4: reviews and lawsuits


def _disputes(form: Form, scale: Scale, rng: Random) -> Figures:
    figures: Figures = {}
    for identity in form.identities_of("review_litigation"):
        cases = rng.randint(0, max(1, scale.applications // 60)) if rng.random() < 0.35 else 0
        parts = _spread(cases, [term.ref for term in identity.left], [6, 2, 2, 1], rng)
        whole = {identity.right[0].ref: sum(parts.values())}
        figures |= {f"review_litigation.cases.{column}": value for column, value in {**parts, **whole}.items()}
    return figures


# ------------------------------------------------------------------------------------------------ table 2: published


@dataclass(frozen=True, slots=True)
class Documents:
    """Normative documents of a year: issued, repealed, and in force at its end."""

    issued: int
    repealed: int
    in_force: int


def _documents(years: Iterable[int], scale: Scale, rng: Random, fixed: Mapping[int, Figures]) -> dict[int, Documents]:
    """Documents that roll from year to year: in force = in force before + issued − repealed."""
    years = list(years)
    anchor = min(fixed, default=years[0])
    known = _documents_of(fixed[anchor]) if anchor in fixed else Documents(0, 0, rng.randint(0, 3 * scale.documents))
    walked = {anchor: known}
    for year in [each for each in years if each > anchor]:
        if year in fixed:
            walked[year] = _documents_of(fixed[year])
            continue
        before = walked[year - 1].in_force
        issued, repealed = rng.randint(0, scale.documents), rng.randint(0, min(before, scale.documents))
        walked[year] = Documents(issued, repealed, before + issued - repealed)
    for year in [each for each in reversed(years) if each < anchor]:
        after = walked[year + 1]
        in_force = after.in_force - after.issued + after.repealed
        walked[year] = Documents(rng.randint(0, min(in_force, scale.documents)), rng.randint(0, 2), in_force)
    return walked


def _documents_of(figures: Figures) -> Documents:
    place = "proactive.normative_documents."
    return Documents(*(int(figures[place + column]) for column in ("issued", "repealed", "in_force")))


class _ItemCounts:
    """How many kinds of licence, penalty and fee an organ has: the 2019 form prints last year's count and change."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._counts: dict[str, int] = {}

    def year(self, row: str) -> tuple[int, int]:
        """Last year's count and this year's change; the next call starts from their sum."""
        before = self._counts.setdefault(row, self._rng.randint(0, 60))
        change = self._rng.randint(-min(before, 6), 6) if self._rng.random() < 0.5 else 0
        self._counts[row] = before + change
        return before, change


def _proactive(form: Form, scale: Scale, rng: Random, documents: Documents, items: _ItemCounts) -> Figures:
    figures: Figures = {}
    for item in form.items_of("proactive"):
        figures[item.place] = _published(item.row, item.column, scale, rng, documents)
    for row in [item.row for item in form.items_of("proactive") if item.column == "items_delta"]:
        before, change = items.year(row)
        figures |= {f"proactive.{row}.items_last_year": before, f"proactive.{row}.items_delta": change}
    return figures


def _published(row: str, column: str, scale: Scale, rng: Random, documents: Documents) -> Number:
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
    draws: dict[str, Number] = {
        "decisions": rng.randint(0, scale.decisions) if rng.random() < 0.6 else 0,
        "fee_amount_10k_yuan": round(rng.uniform(0, 90), 2) if rng.random() < 0.25 else 0,
        "projects": rng.randint(0, 40),
        "amount": round(rng.uniform(1, 900), 4),
    }
    return draws.get(column, 0)


def _identity(form: Form, key: str) -> FormIdentity:
    return next(identity for identity in form.identities if identity.key == key)
