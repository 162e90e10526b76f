"""The five real cases: reports whose figures, stated claims, metadata and oddities are real, in sentences of our own.

A case is a file of `cases/`. It gives the figures that are not zero, the claims its prose makes and how they stand to
the tables, and what is odd about the page. Names of persons and telephone numbers are left out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from govcrawl.forms import Form, load_forms
from govcrawl.replica.figures import Figures, Template
from govcrawl.replica.printing import Shown, print_cells
from govcrawl.replica.prose import NUMERALS, Claimed, Passage, Prose
from govcrawl.vocabulary import ClaimOutcome


@dataclass(frozen=True, slots=True)
class Case:
    """A real case. `article` is the number in its address, `labels` the heads it prints otherwise, by block or row."""

    title: str
    article: int
    published_on: str
    index_number: str | None
    publisher: str
    theme: str
    style: str
    template: Template
    cells: Mapping[str, Shown]
    figures: Figures
    prose: Prose
    labels: Mapping[str, str]

    @property
    def forms(self) -> dict[str, Form]:
        """The form each table follows."""
        return {table: load_forms()[key] for table, key in self.template.items()}

    @property
    def claims(self) -> tuple[Claimed, ...]:
        """The figures that the prose states."""
        return self.prose.claims


@cache
def load_case(name: str) -> Case:
    """A case by the name of its file."""
    text = files("govcrawl.replica").joinpath("cases", f"{name}.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    forms = {table: load_forms()[key] for table, key in told["template"].items()}
    items = {item.place: item for table, form in forms.items() for item in form.items_of(table)}
    figures: Figures = {place: told["figures"].get(place, 0) for place in items}
    return Case(
        title=told["title"],
        article=told["article"],
        published_on=told["published_on"],
        index_number=told.get("index_number"),
        publisher=told["publisher"],
        theme=told.get("theme", ""),
        style=told["style"],
        template=told["template"],
        cells=print_cells(items, figures, told["habit"]),
        figures=figures,
        prose=_prose(told, forms["applications"]),
        labels=told.get("labels", {}),
    )


def _prose(told: Mapping[str, Any], form: Form) -> Prose:
    passages = tuple(
        Passage(section.key, written.get("heading", f"{number}、{section.label}"), tuple(written["paragraphs"]))
        for number, section in zip(NUMERALS, form.sections, strict=True)
        for written in (told["sections"][section.key],)
    )
    claims = tuple(
        Claimed(claim["value"], ClaimOutcome(claim["outcome"]), tuple(claim["about"])) for claim in told["claims"]
    )
    return Prose(tuple(told.get("preamble", ())), passages, claims)
