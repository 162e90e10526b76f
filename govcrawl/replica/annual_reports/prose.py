"""The prose of a report: six sections in sentences of the project's own, and the claims in them.

The slots that make up a section are data here, the sentences are data in `prose.toml`. Every figure that a sentence
states about the tables is returned as a `StatedClaim`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from govcrawl.forms import Form, FormSection
from govcrawl.replica.annual_reports.printed_cells import PrintedCell
from govcrawl.vocabulary import ClaimOutcome, SectionKey


@dataclass(frozen=True, slots=True)
class StatedClaim:
    """A figure stated in the prose, the cells it is about (`table.row.column`), and whether it agrees with them."""

    value: int | float
    outcome: ClaimOutcome
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProseSection:
    """A section as written: its heading with its number, then its paragraphs; its table comes after these."""

    key: SectionKey
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportProse:
    """All that a report says in words, and the claims in it."""

    preamble: tuple[str, ...]
    sections: tuple[ProseSection, ...]
    claims: tuple[StatedClaim, ...]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence of a slot; `prose.toml` explains the fields."""

    text: str
    place: str | None = None
    when: str = "any"

    def fits(self, cells: Mapping[str, PrintedCell]) -> bool:
        """Whether the sentence may be said of these cells."""
        if self.place is None:
            return True
        cell = cells.get(self.place)
        if cell is None or cell.value is None:
            return False
        return self.when in ("any", "positive" if cell.value else "zero")


SECTION_NUMERALS = "一二三四五六"

_SLOTS: Mapping[SectionKey, tuple[tuple[str, str], ...]] = {
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
"""The paragraphs of each section in order: how each begins, and the slot that its sentence is drawn from."""


@dataclass(frozen=True, slots=True)
class ProseSubject:
    """What prose is written about: an organ and a year, the cells, and the form that names the sections."""

    agency: str
    year: int
    cells: Mapping[str, PrintedCell]
    form: Form


def write_prose(subject: ProseSubject, rng: Random, *, misstated: bool = False) -> ReportProse:
    """The prose of a report; one heading in ten is a variant of the form's.

    With `misstated`, the first claim of a figure that is not 0 states one more than the table, and contradicts it.
    """
    writer = _Writer(subject, rng, misstated=misstated)
    preamble = (writer.sentence("preamble"),)
    sections = tuple(
        ProseSection(
            section.key, _heading(number, section, rng), tuple(writer.paragraph(*slot) for slot in _SLOTS[section.key])
        )
        for number, section in zip(SECTION_NUMERALS, subject.form.sections, strict=True)
    )
    return ReportProse(preamble, sections, tuple(writer.claims))


def _heading(number: str, section: FormSection, rng: Random) -> str:
    return f"{number}、{rng.choice(section.variants) if section.variants and rng.random() < 0.1 else section.label}"


class _Writer:
    """Draws the sentences of one report and collects their claims."""

    def __init__(self, subject: ProseSubject, rng: Random, *, misstated: bool) -> None:
        self._words = {"agency": subject.agency, "year": subject.year, "next": subject.year + 1}
        self._cells = subject.cells
        self._rng = rng
        self._excess = 1 if misstated else 0
        self.claims: list[StatedClaim] = []

    def paragraph(self, lead: str, slot: str) -> str:
        """The beginning of a paragraph and a sentence of its slot."""
        return lead + self.sentence(slot)

    def sentence(self, slot: str) -> str:
        """A sentence of the slot with its figures filled in; a claim that it makes is added to `claims`."""
        drawn = self._rng.choice([each for each in _sentences()[slot] if each.fits(self._cells)])
        words = {**self._words, "free": self._rng.randint(12, 900)}
        if drawn.place:
            words["n"] = self._claim(drawn.place)
        return drawn.text.format(**words)

    def _claim(self, place: str) -> int | float:
        value = self._cells[place].value
        assert value is not None
        # A sentence about a zero prints no figure, so it cannot misstate one.
        excess, self._excess = (self._excess, 0) if value else (0, self._excess)
        outcome = ClaimOutcome.CONTRADICTS if excess else ClaimOutcome.AGREES
        self.claims.append(StatedClaim(value + excess, outcome, (place,)))
        return value + excess


@cache
def _sentences() -> Mapping[str, tuple[_Sentence, ...]]:
    text = files("govcrawl.replica.annual_reports").joinpath("prose.toml").read_text(encoding="utf-8")
    slots: Mapping[str, Iterable[dict[str, str]]] = tomllib.loads(text)
    return {slot: tuple(_Sentence(**each) for each in sentences) for slot, sentences in slots.items()}
