"""Layouts that tear a table: three tables for reviews and suits, labels cut by their figures, grids of spans."""

import random

import layouts
import pytest
from case import figures_for, forms_of
from hypothesis import given
from hypothesis import strategies as st
from layouts import Style

from govcrawl.pages.page_reader import read_page
from govcrawl.reports import read_report
from govcrawl.vocabulary import Status

from ..exploration import examples

PAIRS = [("f2021", "f2021"), ("f2019", "f2019"), ("f2021", "f2019")]
SEEDS = st.integers(0, 2**32)


def read(page):
    reading = read_report(read_page(page.encode()))
    return {(fact.table, fact.row, fact.column): fact for fact in reading.facts}


def wrong(facts, figures):
    told = [place for place, fact in facts.items() if fact.status is Status.NUMBER]
    return [place for place in told if facts[place].value != float(figures[place])]


def unread(facts, figures):
    return [place for place in figures if facts[place].status is not Status.NUMBER]


# ------------------------------------------------------------------------------------------- reviews in three tables

RESULTS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]


def table(*rows):
    return "<table>" + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows) + "</table>"


def captioned(one, two, three):
    """Each table under a line that names its group."""
    return (
        f"<p>行政复议</p>{table(RESULTS, one)}<p>行政诉讼</p><p>未经复议直接起诉</p>{table(RESULTS, two)}"
        f"<p>复议后起诉</p>{table(RESULTS, three)}"
    )


def named_within(one, two, three):
    """Each table with its group in its first row."""
    return "".join((
        table(["行政复议"], RESULTS, one), table(["行政诉讼 未经复议直接起诉"], RESULTS, two),
        table(["行政诉讼 复议后起诉"], RESULTS, three),
    ))  # fmt: skip


def turned(one, two, three):
    """The tables in another order, each under its name."""
    return (
        f"<p>复议后起诉</p>{table(RESULTS, three)}<p>行政复议</p>{table(RESULTS, one)}"
        f"<p>未经复议直接起诉</p>{table(RESULTS, two)}"
    )


def nameless(one, two, three):
    """No table says its group."""
    return "".join(table(RESULTS, values) for values in (one, two, three))


def half_named(one, two, three):
    """行政诉讼 names two groups."""
    first, second, third = (table(RESULTS, values) for values in (one, two, three))
    return f"<p>行政复议</p>{first}<p>行政诉讼</p>{second}<p>行政诉讼</p>{third}"


def with_reviews(make, pair, seed, *, divs):
    rng = random.Random(seed)
    figures = figures_for(pair, rng)
    page = layouts.html(forms_of(pair), figures, Style(), rng)
    values = [text for place, text in figures.items() if place[0] == "review_litigation"]
    start, end = page.index("<p>四、"), page.index("<p>五、")
    reviews = f"<p>四、政府信息公开行政复议、行政诉讼情况</p>{make(values[:5], values[5:10], values[10:])}"
    for name in ("table", "tr", "td") if divs else ():
        reviews = reviews.replace(f"<{name}", "<div").replace(f"</{name}", "</div")
    return page[:start] + reviews + page[end:], figures


@pytest.mark.parametrize("make", [captioned, named_within, turned], ids=lambda make: make.__name__)
@examples(10)
@given(st.sampled_from(PAIRS), SEEDS, st.booleans())
def test_reviews_in_three_tables_are_read_by_the_names_of_their_groups(make, pair, seed, divs):
    page, figures = with_reviews(make, pair, seed, divs=divs)
    facts = read(page)
    assert wrong(facts, figures) == []
    assert unread(facts, figures) == []


@pytest.mark.parametrize("make", [nameless, half_named], ids=lambda make: make.__name__)
@examples(10)
@given(st.sampled_from(PAIRS), SEEDS, st.booleans())
def test_a_table_that_does_not_name_its_group_is_left_open(make, pair, seed, divs):
    page, figures = with_reviews(make, pair, seed, divs=divs)
    facts = read(page)
    assert wrong(facts, figures) == []
    assert [place for place in unread(facts, figures) if place[0] != "review_litigation"] == []
    assert len(unread(facts, figures)) >= 10


# --------------------------------------------------------------------------------------------------- labels cut in two


def kept_layout(rows, width, at):
    """Rows as `pdftotext -layout` keeps them: a label of two lines with the figures in its first."""
    lines = []
    for row in rows:
        labels = [cell.text for cell in row if cell.label and cell.text]
        values = [cell.text for cell in row if not cell.label]
        cut = at(len(labels[-1])) if values and labels and len(labels[-1]) > width else None
        last = labels[-1] if labels else ""
        lines.append("   ".join((*labels[:-1], last[:cut], *values)))
        if cut is not None:
            lines.append(f"    {last[cut:]}")
    return "\n".join(lines)


@pytest.mark.parametrize(
    "at", [lambda size: size // 2, lambda size: size - 2, lambda size: 6], ids=["half", "end", "six"]
)
@examples(15)
@given(st.sampled_from(PAIRS), st.integers(7, 16), SEEDS)
def test_a_label_cut_by_its_figures_is_put_together(at, pair, width, seed):
    rng = random.Random(seed)
    figures = figures_for(pair, rng)
    made = layouts.tables(forms_of(pair), figures, Style())
    parts = [f"{layouts.TITLES[name]}\n{kept_layout(rows, width, at)}" for name, rows in made.items()]
    page = "\n".join(
        (layouts.TITLE, "一、总体情况", "本局编制本报告。", *parts, "五、存在的主要问题及改进情况", "无。", "")
    )
    facts = read(page)
    assert wrong(facts, figures) == []
    assert len(unread(facts, figures)) <= 7


# ------------------------------------------------------------------------------------------------------ grids of spans


def spans(pair, seed, *, letters):
    """Rows as `<div>`s of `<span>`s without a blank; with `letters`, each digit in a tag of its own."""
    rng = random.Random(seed)
    figures = figures_for(pair, rng)
    page = layouts.html(forms_of(pair), figures, Style(), rng)
    names = {"table": "div", "tbody": "div", "tr": "div", "td": "span"}
    for name, other in names.items():
        page = page.replace(f"<{name}", f"<{other}").replace(f"</{name}", f"</{other}")
    if letters:
        for text in {text for text in figures.values() if len(text) > 1}:
            page = page.replace(f">{text}</span>", f">{'<i></i>'.join(text)}</span>")
    return page, figures


@examples(15)
@given(st.sampled_from(PAIRS), SEEDS)
def test_figures_in_spans_are_cells(pair, seed):
    page, figures = spans(pair, seed, letters=False)
    facts = read(page)
    assert wrong(facts, figures) == []
    assert {place[0] for place in unread(facts, figures)} <= {"proactive"}


@examples(15)
@given(st.sampled_from(PAIRS), SEEDS)
def test_digits_in_tags_of_their_own_make_no_figures(pair, seed):
    page, figures = spans(pair, seed, letters=True)
    assert wrong(read(page), figures) == []
