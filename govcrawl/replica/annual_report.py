"""One annual report with everything that is true of it: title, dates, cells, prose, claims and planted faults.

A report depends on the seed, its agency and its year alone, never on the portal that shows it: the same report on an
organ's own site and on its parent's is the same report. Real cases (`cases/*.toml`) replace what would be drawn.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from govcrawl.forms import Form, load_forms
from govcrawl.replica.cases import Case, load_case
from govcrawl.replica.figures import Figures, Template, history
from govcrawl.replica.numbering import index_number
from govcrawl.replica.plan import Organ, Plan, PortalPlan
from govcrawl.replica.printing import Shown, print_cells
from govcrawl.replica.prose import Claimed, Prose, Subject, write
from govcrawl.vocabulary import Scope

TABLES = ("proactive", "applications", "review_litigation")

TITLES = (
    "{organ}{year}年度政府信息公开工作年度报告",
    "{organ}{year}年政府信息公开工作年度报告",
    "{year}年度{organ}政府信息公开工作年度报告",
    "{organ}政府信息公开工作{year}年度报告",
    "{organ}{year}年度政府信息公开年度报告",
)


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """A report and its truth. `forms` says which form each table follows; `organ` and `style` decide how it looks."""

    organ: Organ
    agency: str
    year: int
    scope: Scope
    forms: Mapping[str, Form]
    title: str
    published_on: str
    index_number: str | None
    publisher: str
    cells: Mapping[str, Shown]
    prose: Prose
    style: str
    case: Case | None = None

    @property
    def claims(self) -> tuple[Claimed, ...]:
        """The figures that the prose states about quantities of the tables."""
        return self.case.claims if self.case else self.prose.claims


def reports_of(plan: Plan, portal: PortalPlan, seed: int) -> tuple[AnnualReport, ...]:
    """Every report the portal publishes, by organ and year."""
    return tuple(
        report
        for place, organ in enumerate(portal.organs)
        for report in _OrganHistory(plan, portal, organ, portal.styles[place % len(portal.styles)], seed).reports()
    )


class _OrganHistory:
    """One organ's reports over the years."""

    def __init__(self, plan: Plan, portal: PortalPlan, organ: Organ, style: str, seed: int) -> None:
        self._plan = plan
        self._portal = portal
        self._organ = organ
        self._style = style
        self._seed = seed
        self._agency = organ.title or portal.region + organ.name

    def reports(self) -> tuple[AnnualReport, ...]:
        """The reports, oldest first, their figures carried over from year to year."""
        cases = {year: load_case(name) for year in self._plan.years if (name := self._odd("case", year))}
        templates = {year: cases[year].template if year in cases else self._template(year) for year in self._plan.years}
        fixed = {year: case.figures for year, case in cases.items()}
        figures = history(templates, self._organ.scope, load_forms(), self._random("figures"), fixed)
        return tuple(
            self._case(year, cases[year]) if year in cases else self._drawn(year, templates[year], figures[year])
            for year in self._plan.years
        )

    def _odd(self, kind: str, year: int) -> str | None:
        return self._portal.odd(kind, self._organ, year)

    def _random(self, *what: object) -> Random:
        return Random("/".join(map(str, (self._seed, self._agency, *what))))

    def _template(self, year: int) -> Template:
        form = "f2019" if year < 2021 else "f2021"
        odd = self._odd("template", year)
        if odd == "mixed":
            return {"proactive": "f2021", "applications": "f2019", "review_litigation": "f2019"}
        return dict.fromkeys(TABLES, odd or form)

    def _drawn(self, year: int, template: Template, figures: Figures) -> AnnualReport:
        rng = self._random(year)
        forms = {table: load_forms()[key] for table, key in template.items()}
        cells = self._cells(year, forms, figures, rng)
        published_on = self._odd("late", year) or self._published_on(year, rng)
        subject = Subject(self._agency, year, cells, forms["applications"])
        prose = write(subject, rng, misstated=self._odd("misstated", year) is not None)
        return AnnualReport(
            organ=self._organ,
            agency=self._agency,
            year=year,
            scope=self._organ.scope,
            forms=forms,
            title=rng.choice(TITLES).format(organ=self._agency, year=year),
            published_on=published_on,
            index_number=self._odd("number", year) or index_number(self._portal, self._organ, published_on, rng),
            publisher=self._agency,
            cells=cells,
            prose=prose,
            style=self._style,
        )

    def _cells(self, year: int, forms: Mapping[str, Form], figures: Figures, rng: Random) -> dict[str, Shown]:
        items = {item.place: item for table, form in forms.items() for item in form.items_of(table)}
        if place := self._odd("unbalanced", year):
            figures = {**figures, place: figures[place] + 3}
        habit = rng.choices(list(self._plan.habits), list(self._plan.habits.values()))[0]
        return print_cells(items, figures, habit)

    def _published_on(self, year: int, rng: Random) -> str:
        """A day before the organ's deadline: 31 January, for a government 31 March."""
        first, days = ((2, 10), 48) if self._organ.scope is Scope.GOVERNMENT else ((1, 4), 27)
        return (dt.date(year + 1, *first) + dt.timedelta(rng.randrange(days))).isoformat()

    def _case(self, year: int, case: Case) -> AnnualReport:
        return AnnualReport(
            organ=self._organ,
            agency=self._agency,
            year=year,
            scope=self._organ.scope,
            forms=case.forms,
            title=case.title,
            published_on=case.published_on,
            index_number=case.index_number,
            publisher=case.publisher,
            cells=case.cells,
            prose=case.prose,
            style=case.style,
            case=case,
        )
