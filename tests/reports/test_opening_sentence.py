"""The opening sentence: what sixty habits of writing it say, and that no report becomes another's or another year's."""

import random
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.models import Document
from govcrawl.pages.page import Block, Page
from govcrawl.reports.opening_sentence import Opening, pronoun_in, read_opening
from govcrawl.reports.report_identity import identify
from govcrawl.titles import scope_of
from govcrawl.vocabulary import IssueKind

WRITTEN = tomllib.loads((Path(__file__).parents[1] / "fixtures/openings/habits.toml").read_text("utf-8"))
HABITS, ORGANS, ABOVE, TITLES = (WRITTEN[key] for key in ("habits", "organs", "above", "titles"))
BODY = ("一、总体情况", "二、主动公开政府信息情况", "第二十条第（一）项", "本年制发件数", "六、其他需要报告的事项")


def written(habit: dict, organ: str, year: int, above: str) -> str:
    return habit["text"].format(
        organ=organ, pronoun=ORGANS[organ], above=above, year=year, last=year - 1, next=year + 1
    )


def page(title: str, publisher: str | None, *lines: str) -> Page:
    blocks = tuple(map(Block, (title, *lines, *BODY)))
    return Page("", "text/html", "utf-8", Document(title=title, publisher=publisher), blocks)


def test_there_are_sixty_habits():
    assert len({habit["text"] for habit in HABITS}) == 60


@pytest.mark.parametrize("habit", HABITS, ids=[habit["text"][:40] for habit in HABITS])
@pytest.mark.parametrize("title", TITLES)
def test_a_report_is_its_organs_and_of_its_year_or_nobodys_with_an_issue(habit, title):
    rng = random.Random(f"{habit['text']}{title}")
    for organ in ORGANS:
        year = rng.randint(2008, 2025)
        named = title.format(organ=organ, year=year) if title else None
        named = title.format(organ=organ, year=year)
        for publisher in (None, organ):
            sentence = written(habit, organ, year, rng.choice(ABOVE))
            report, issues = identify(page(named, publisher, sentence))
            kinds = {issue.kind for issue in issues}

            assert (report.agency == organ) if report.agency else IssueKind.AGENCY_UNKNOWN in kinds
            assert (report.year == year) if report.year else IssueKind.YEAR_UNKNOWN in kinds
            assert report.scope is scope_of(report.agency)
            assert IssueKind.YEAR_CONFLICT not in kinds
            assert report.agency or not (publisher or "organ" in habit["says"] or "{organ}" in title)
            assert report.year or not ("year" in habit["says"] or "{year}" in title)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("现公布青河县教育局、青河县民政局各自编制的报告。", Opening()),
        ("由青河县民政局编制。由青河县教育局编制。", Opening()),
        ("一、总体情况 现公布青河县民政局2023年政府信息公开年报。", Opening()),
        ("", Opening()),
    ],
)
def test_what_is_not_one_organ_or_year_is_neither(text, said):
    assert read_opening(text) == said


def test_two_years_are_none():
    said = read_opening("现公布青河县民政局2023年政府信息公开年报，公布青河县民政局2022年政府信息公开年报。")
    assert (said.owner, said.years, said.year) == ("青河县民政局", (2023, 2022), None)


def test_pronouns():
    texts = {"我局2023年": "局", "本机关": "机关", "我乡镇": "乡镇", "青河县": None, "根本机构": None, "自我评价": None}
    assert {text: pronoun_in(text) for text in texts} == texts


@given(st.text(alphabet="现公布由编制将我局县2023年政府信息公开工作度报告《》（）〔〕号，。如下", max_size=200))
def test_no_opening_breaks_the_reader(text):
    said = read_opening(text)
    assert said.year is None or (said.year,) == said.years
