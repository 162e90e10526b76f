"""The five real cases: reports whose figures, claims, metadata and oddities are real, in sentences of our own.

A case is a file of `cases/`. It gives the figures that are not zero, the claims of its prose and whether they agree
with the tables, and what is odd about the page. Names of persons and telephone numbers are left out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from govcrawl.forms import Form, load_forms
from govcrawl.replica.annual_reports.figures import FormByTable, YearFigures
from govcrawl.replica.annual_reports.printed_cells import PrintedCell, print_cells
from govcrawl.replica.annual_reports.prose import SECTION_NUMERALS, ProseSection, ReportProse, StatedClaim
from govcrawl.vocabulary import ClaimOutcome


@dataclass(frozen=True, slots=True)
class RealCase:
    """A real case.

    `article` is the number in its address. `labels` are the column heads that it words otherwise than the form, by
    `block.column`.
    """

    title: str
    article: int
    published_on: str
    index_number: str | None
    publisher: str
    theme: str
    style: str
    form_by_table: FormByTable
    cells: Mapping[str, PrintedCell]
    figures: YearFigures
    prose: ReportProse
    labels: Mapping[str, str]

    @property
    def forms(self) -> dict[str, Form]:
        """The form that each table follows."""
        return {table: load_forms()[key] for table, key in self.form_by_table.items()}


@cache
def load_real_case(name: str) -> RealCase:
    """A case by the name of its file."""
    text = files("govcrawl.replica.annual_reports").joinpath("cases", f"{name}.toml").read_text(encoding="utf-8")
    entry = tomllib.loads(text)
    forms = {table: load_forms()[key] for table, key in entry["template"].items()}
    items = {item.place: item for table, form in forms.items() for item in form.items_of(table)}
    figures: YearFigures = {place: entry["figures"].get(place, 0) for place in items}
    return RealCase(
        title=entry["title"],
        article=entry["article"],
        published_on=entry["published_on"],
        index_number=entry.get("index_number"),
        publisher=entry["publisher"],
        theme=entry.get("theme", ""),
        style=entry["style"],
        form_by_table=entry["template"],
        cells=print_cells(items, figures, entry["habit"]),
        figures=figures,
        prose=_prose(entry, forms["applications"]),
        labels=entry.get("labels", {}),
    )


def _prose(entry: Mapping[str, Any], form: Form) -> ReportProse:
    sections = tuple(
        ProseSection(section.key, written.get("heading", f"{number}、{section.label}"), tuple(written["paragraphs"]))
        for number, section in zip(SECTION_NUMERALS, form.sections, strict=True)
        for written in (entry["sections"][section.key],)
    )
    claims = tuple(
        StatedClaim(claim["value"], ClaimOutcome(claim["outcome"]), tuple(claim["about"])) for claim in entry["claims"]
    )
    return ReportProse(tuple(entry.get("preamble", ())), sections, claims)
