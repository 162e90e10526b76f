"""A case of the gold set: a page and what it says."""

from __future__ import annotations

import random
from dataclasses import dataclass

import invention
from invention import Figures

FORMS = {"2021": ("f2021", "f2021"), "2019": ("f2019", "f2019")}
MIXED = {"2021-2019": ("f2021", "f2019"), "2019-2021": ("f2019", "f2021")}


@dataclass(frozen=True)
class Case:
    """A page and what it says: `told` are the printed texts, `open_places` those that no reading may decide."""

    name: str
    page: str
    told: Figures
    forms_of: dict[str, str]
    open_places: frozenset[tuple[str, str, str]] = frozenset()
    issues: tuple[str, ...] = ()


def forms_of(pair: tuple[str, str]) -> dict[str, str]:
    """The form of each table, from that of the first and that of the others."""
    return {"proactive": pair[0], "applications": pair[1], "review_litigation": pair[1]}


def figures_for(pair: tuple[str, str], rng: random.Random) -> Figures:
    """Figures of a page whose tables may follow two forms."""
    first, second = (invention.invent(form, rng) for form in pair)
    mixed = {place: text for place, text in first.items() if place[0] == "proactive"}
    return mixed | {place: text for place, text in second.items() if place[0] != "proactive"}
