"""One annual report and all that is true of it: title, dates, cells, prose and claims, with the planted oddities.

A report depends on the seed, its agency and its year alone, so that an organ's report is the same on its own portal and
on its parent's. A real case (`real_cases.py`) takes the place of what would be drawn.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from govcrawl.forms import Form, in_force, load_forms
from govcrawl.replica.annual_reports.figures import FormByTable, YearFigures, draw_figures
from govcrawl.replica.annual_reports.index_numbers import draw_index_number
from govcrawl.replica.annual_reports.printed_cells import PrintedCell, print_cells
from govcrawl.replica.annual_reports.prose import ProseSubject, ReportProse, StatedClaim, write_prose
from govcrawl.replica.annual_reports.real_cases import RealCase, load_real_case
from govcrawl.replica.plan import PortalPlan, PublishingOrgan, ReplicaPlan
from govcrawl.vocabulary import Scope

_FIRST_FORMAT = 2019
"""The first report year of a national form."""
_TABLES = ("proactive", "applications", "review_litigation")

_TITLES = (
    "{organ}{year}年度政府信息公开工作年度报告",
    "{organ}{year}年政府信息公开工作年度报告",
    "{year}年度{organ}政府信息公开工作年度报告",
    "{organ}政府信息公开工作{year}年度报告",
    "{organ}{year}年度政府信息公开年度报告",
)


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """A report and its truth.

    `forms` is the form that each table follows, `cells` the printed cells by place (`table.row.column`), `style` the
    name of a style of `markup_styles.toml`, `case` the real case that it was made of.
    """

    organ: PublishingOrgan
    agency: str
    year: int
    scope: Scope
    forms: Mapping[str, Form]
    title: str
    published_on: str
    index_number: str | None
    publisher: str
    cells: Mapping[str, PrintedCell]
    prose: ReportProse
    style: str
    case: RealCase | None = None

    @property
    def claims(self) -> tuple[StatedClaim, ...]:
        """The claims of the prose about figures of the tables."""
        return self.prose.claims


def published_reports(plan: ReplicaPlan, portal: PortalPlan, seed: int) -> tuple[AnnualReport, ...]:
    """Every report that the portal publishes, by organ and year."""
    return tuple(
        report
        for place, organ in enumerate(portal.organs)
        for report in _OrganHistory(plan, portal, organ, portal.styles[place % len(portal.styles)], seed).reports()
    )


class _OrganHistory:
    """One organ's reports over the years."""

    def __init__(self, plan: ReplicaPlan, portal: PortalPlan, organ: PublishingOrgan, style: str, seed: int) -> None:
        self._plan = plan
        self._portal = portal
        self._organ = organ
        self._style = style
        self._seed = seed
        self._agency = organ.title or portal.region + organ.name

    def reports(self) -> tuple[AnnualReport, ...]:
        """The reports, oldest first; figures are carried over from year to year."""
        years = self._plan.years
        cases = {year: load_real_case(name) for year in years if (name := self._oddity("case", year))}
        forms = {year: cases[year].form_by_table if year in cases else self._form_by_table(year) for year in years}
        fixed = {year: case.figures for year, case in cases.items()}
        figures = draw_figures(forms, self._organ.scope, load_forms(), self._random("figures"), fixed)
        return tuple(
            self._of_case(year, cases[year]) if year in cases else self._drawn(year, forms[year], figures[year])
            for year in years
        )

    def _oddity(self, kind: str, year: int) -> str | None:
        return self._portal.oddity_value(kind, self._organ, year)

    def _random(self, *what: object) -> Random:
        return Random("/".join(map(str, (self._seed, self._agency, *what))))

    def _form_by_table(self, year: int) -> FormByTable:
        planted = self._oddity("template", year)
        if planted == "mixed":
            return {"proactive": "f2021", "applications": "f2019", "review_litigation": "f2019"}
        return dict.fromkeys(_TABLES, planted or in_force(max(year, _FIRST_FORMAT)).key)

    def _drawn(self, year: int, form_by_table: FormByTable, figures: YearFigures) -> AnnualReport:
        rng = self._random(year)
        forms = {table: load_forms()[key] for table, key in form_by_table.items()}
        cells = self._cells(year, forms, figures, rng)
        published_on = self._oddity("late", year) or self._published_on(year, rng)
        subject = ProseSubject(self._agency, year, cells, forms["applications"])
        prose = write_prose(subject, rng, misstated=self._oddity("misstated", year) is not None)
        return AnnualReport(
            organ=self._organ,
            agency=self._agency,
            year=year,
            scope=self._organ.scope,
            forms=forms,
            title=rng.choice(_TITLES).format(organ=self._agency, year=year),
            published_on=published_on,
            index_number=self._oddity("number", year)
            or draw_index_number(self._portal, self._organ, published_on, rng),
            publisher=self._agency,
            cells=cells,
            prose=prose,
            style=self._style,
        )

    def _cells(self, year: int, forms: Mapping[str, Form], figures: YearFigures, rng: Random) -> dict[str, PrintedCell]:
        items = {item.place: item for table, form in forms.items() for item in form.items_of(table)}
        if place := self._oddity("unbalanced", year):
            figures = {**figures, place: figures[place] + 3}
        habit = rng.choices(list(self._plan.habits), list(self._plan.habits.values()))[0]
        return print_cells(items, figures, habit)

    def _published_on(self, year: int, rng: Random) -> str:
        """A day before the organ's deadline, which is 31 January, and 31 March for a government."""
        first, days = ((2, 10), 48) if self._organ.scope is Scope.GOVERNMENT else ((1, 4), 27)
        return (dt.date(year + 1, *first) + dt.timedelta(rng.randrange(days))).isoformat()

    def _of_case(self, year: int, case: RealCase) -> AnnualReport:
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
