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


HEADINGS = {
    SectionKey.OVERVIEW: "一、总体情况",
    SectionKey.PROACTIVE: "二、主动公开政府信息情况",
    SectionKey.APPLICATIONS: "三、收到和处理政府信息公开申请情况",
    SectionKey.REVIEW_LITIGATION: "四、政府信息公开行政复议、行政诉讼情况",
    SectionKey.PROBLEMS: "五、存在的主要问题及改进情况",
    SectionKey.OTHER: "六、其他需要报告的事项",
}

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


def write(agency: str, year: int, cells: Mapping[str, Shown], rng: Random, misstated: bool = False) -> Prose:
    """The prose of a report about these cells.

    Args:
        agency: The organ's name.
        year: The report year.
        cells: The printed cells, which the claims must agree with.
        rng: The source of every draw.
        misstated: Whether the first claim states one more than the table gives; it is then recorded as contradicting.
    """
    writer = _Writer(agency, year, cells, rng, misstated)
    preamble = (writer.sentence("preamble"),)
    passages = tuple(
        Passage(key, heading, tuple(lead + writer.sentence(slot) for lead, slot in SLOTS[key]))
        for key, heading in HEADINGS.items()
    )
    return Prose(preamble, passages, tuple(writer.claims))


class _Writer:
    """Draws sentences for one report and remembers what they claim."""

    def __init__(self, agency: str, year: int, cells: Mapping[str, Shown], rng: Random, misstated: bool) -> None:
        self._words = {"agency": agency, "year": year, "next": year + 1}
        self._cells = cells
        self._rng = rng
        self._excess = 1 if misstated else 0
        self.claims: list[Claimed] = []

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
