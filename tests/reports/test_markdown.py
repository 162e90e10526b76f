"""Text that a converter made: Markdown tables, damaged and whole, and its marks within cells."""

import random

import layouts
import pytest
from case import figures_for, forms_of
from hypothesis import given
from hypothesis import strategies as st
from layouts import Style

from govcrawl.pages.page import Token
from govcrawl.pages.page_reader import read_page
from govcrawl.reports import read_report
from govcrawl.reports.markdown_words import without_marks
from govcrawl.vocabulary import IssueKind, Status

from ..exploration import examples

RULE = " --- |"


def line(texts):
    return f"| {' | '.join(texts)} |"


def texts_of(row, mark=lambda cell: cell.text):
    return [mark(cell) for cell in row]


def rowwise(rows):
    """Each row a table of its own."""
    return "\n\n".join(f"{line(texts_of(row))}\n|{RULE * len(row)}" for row in rows)


def invented(rows):
    """A first row of heads that the page did not have."""
    width = max(map(len, rows))
    heads = [f"数据{number}" for number in range(1, width + 1)]
    lines = [line(texts_of(row) + [""] * (width - len(row))) for row in rows]
    return "\n".join((line(heads), f"|{RULE * width}", *lines))


def invented_rowwise(rows):
    """Each row a table of its own under invented heads."""
    return "\n\n".join(
        f"{line(f'列{number}' for number in range(len(row)))}\n|{RULE * len(row)}\n{line(texts_of(row))}"
        for row in rows
    )


def bold(rows):
    """Labels in emphasis, some figures too."""
    return "\n".join(line(texts_of(row, lambda cell: f"**{cell.text}**" if cell.text else "")) for row in rows)


def broken_lines(rows):
    """Line breaks within labels."""
    return "\n".join(
        line(texts_of(row, lambda cell: f"{cell.text[:4]}<br>{cell.text[4:]}" if len(cell.text) > 6 else cell.text))
        for row in rows
    )


def page(figures, pair, how):
    made = layouts.tables(forms_of(pair), figures, Style())
    parts = (f"## {layouts.TITLES[name]}\n\n{how(rows)}\n" for name, rows in made.items())
    return "\n".join(
        (layouts.TITLE, "## 一、总体情况", "本局编制本报告。", *parts, "## 五、存在的主要问题及改进情况", "无。")
    )


def read(text):
    reading = read_report(read_page(text.encode(), "text/plain"))
    return reading, {(fact.table, fact.row, fact.column): fact for fact in reading.facts}


WAYS = (rowwise, invented, invented_rowwise, bold, broken_lines)


@pytest.mark.parametrize("how", WAYS, ids=lambda how: how.__name__)
@examples(8)
@given(st.sampled_from([("f2021", "f2021"), ("f2019", "f2019")]), st.integers(0, 2**32))
def test_damaged_markdown_gives_the_figures_it_was_made_of(how, pair, seed):
    figures = figures_for(pair, random.Random(seed))
    _, facts = read(page(figures, pair, how))
    assert {place: facts[place].value for place in figures} == {place: float(text) for place, text in figures.items()}


def test_heads_that_a_converter_replaced_leave_all_open():
    figures = figures_for(("f2021", "f2021"), random.Random(1))
    text = page(figures, ("f2021", "f2021"), lambda rows: invented([row for row in rows if not row[-1].label]))
    reading, facts = read(text)
    assert [fact for fact in facts.values() if fact.status is Status.NUMBER and fact.table == "applications"] == []
    assert IssueKind.AMBIGUOUS_LAYOUT in {issue.kind for issue in reading.issues}


def words(text):
    read = read_page(text.encode(), "text/plain")
    return [(token.text, token.gap) for token in without_marks(read.tokens, read.body, read.encoding)]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("甲 | 1\n--- | ---\n乙 | 2", ["甲", "1", "乙", "2"]),
        ("|:--|--:|\n| 甲 | 1 |", ["甲", "1"]),
        ("规章 | --- | --- | ---", ["规章", "---", "---", "---"]),  # values behind a label
        ("12**", ["12**"]),  # a note at a figure
        ("**12**", ["12"]),
    ],
)
def test_marks_are_removed_and_nothing_else(text, left):
    assert [word for word, _ in words(text)] == left


def test_figures_in_two_lines_of_a_cell_stay_apart():
    assert words("3<br>4") == [("3", "line"), ("4", "space")]


def test_a_word_with_other_bytes_than_its_text_stays_as_it_is():
    tokens = [Token("**甲**", 0, 3)]
    assert list(without_marks(tokens, b"** x", "utf-8")) == tokens
