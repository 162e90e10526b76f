"""The prose of a report: six sections in sentences of the project's own, and the claims that stand in them.

Which slots make up a section is data here, the sentences are data in `prose.toml`. Every figure a sentence states about
a quantity of the tables is returned as a `Claimed`, so that what a page says is known before any reader sees it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from govcrawl.forms import Form, FormSection
from govcrawl.replica.printing import Shown
from govcrawl.vocabulary import ClaimOutcome, SectionKey


@dataclass(frozen=True, slots=True)
class Claimed:
    """A figure stated in the prose, the cells it speaks of (`table.row.column`), and how it stands to them."""

    value: int | float
    outcome: ClaimOutcome
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A section as written: its heading with number, then paragraphs; the section's table follows `paragraphs`."""

    key: SectionKey
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """All that a report says in words."""

    preamble: tuple[str, ...]
    passages: tuple[Passage, ...]
    claims: tuple[Claimed, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a slot, as `prose.toml` explains."""

    text: str
    place: str | None = None
    when: str = "any"

    def fits(self, cells: Mapping[str, Shown]) -> bool:
        """Whether the sentence may stand beside these cells."""
        if self.place is None:
            return True
        shown = cells.get(self.place)
        if shown is None or shown.value is None:
            return False
        return self.when in ("any", "positive" if shown.value else "zero")


NUMERALS = "一二三四五六"

SLOTS: Mapping[SectionKey, tuple[tuple[str, str], ...]] = {
    SectionKey.OVERVIEW: (
        ("", "overview"),
        ("（一）主动公开。", "publishing"),
        ("（二）依申请公开。", "applying"),
        ("（三）政府信息管理。", "managing"),
        ("（四）政府信息公开平台建设。", "platform"),
        ("（五）监督保障。", "overseeing"),
    ),
    SectionKey.PROACTIVE: (),
    SectionKey.APPLICATIONS: (("", "answered"),),
    SectionKey.REVIEW_LITIGATION: (("", "disputed"),),
    SectionKey.PROBLEMS: (("", "problem"),),
    SectionKey.OTHER: (("", "reporting"),),
}
"""Per section the paragraphs in order: what each begins with, and the slot its sentence is drawn from."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is about: its organ and year, its cells, and the form that names its sections."""

    agency: str
    year: int
    cells: Mapping[str, Shown]
    form: Form


def write(subject: Subject, rng: Random, *, misstated: bool = False) -> Prose:
    """The prose of a report; one heading in ten is worded otherwise than the form has it.

    Where `misstated`, the first claim states one more than the table gives, and is recorded as contradicting it.
    """
    writer = _Writer(subject, rng, misstated=misstated)
    preamble = (writer.sentence("preamble"),)
    passages = tuple(
        Passage(
            section.key, _heading(number, section, rng), tuple(writer.paragraph(*slot) for slot in SLOTS[section.key])
        )
        for number, section in zip(NUMERALS, subject.form.sections, strict=True)
    )
    return Prose(preamble, passages, tuple(writer.claims))


def _heading(number: str, section: FormSection, rng: Random) -> str:
    return f"{number}、{rng.choice(section.variants) if section.variants and rng.random() < 0.1 else section.label}"


class _Writer:
    """Draws sentences for one report and remembers what they claim."""

    def __init__(self, subject: Subject, rng: Random, *, misstated: bool) -> None:
        self._words = {"agency": subject.agency, "year": subject.year, "next": subject.year + 1}
        self._cells = subject.cells
        self._rng = rng
        self._excess = 1 if misstated else 0
        self.claims: list[Claimed] = []

    def paragraph(self, lead: str, slot: str) -> str:
        """What the paragraph begins with, and a sentence of its slot."""
        return lead + self.sentence(slot)

    def sentence(self, slot: str) -> str:
        """A sentence of the slot with its figures filled in; its claim, if it makes one, is remembered."""
        drawn = self._rng.choice([each for each in _sentences()[slot] if each.fits(self._cells)])
        words = {**self._words, "free": self._rng.randint(12, 900)}
        if drawn.place:
            words["n"] = self._claim(drawn.place)
        return drawn.text.format(**words)

    def _claim(self, place: str) -> int | float:
        value = self._cells[place].value
        assert value is not None
        # A zero is told by a sentence of its own and cannot be misstated by one.
        excess, self._excess = (self._excess, 0) if value else (0, self._excess)
        outcome = ClaimOutcome.CONTRADICTS if excess else ClaimOutcome.AGREES
        self.claims.append(Claimed(value + excess, outcome, (place,)))
        return value + excess


@cache
def _sentences() -> Mapping[str, tuple[Sentence, ...]]:
    text = files("govcrawl.replica").joinpath("prose.toml").read_text(encoding="utf-8")
    slots: Mapping[str, Iterable[dict[str, str]]] = tomllib.loads(text)
    return {slot: tuple(Sentence(**each) for each in sentences) for slot, sentences in slots.items()}
