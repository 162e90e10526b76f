"""Properties over invented reports: what was printed is read, and what was damaged is never read wrong."""

import random

import layouts
import pytest
from case import figures_for, forms_of
from damage import DAMAGES
from gold import VARIANTS
from hypothesis import given
from hypothesis import strategies as st
from layouts import Style

from govcrawl.pages.page_reader import read_page
from govcrawl.reports import read_report
from govcrawl.vocabulary import Status

from ..exploration import examples

DEFAULTS = Style()
PAIRS = [(first, second) for first in ("f2021", "f2019") for second in ("f2021", "f2019")]
TEXTS = ("lines", "pipes", "padded", "tabs", "spaces")


def styles(*fields):
    """Styles that vary in the named fields."""
    return st.builds(
        Style,
        decoys=st.booleans(),
        **{field: st.sampled_from((getattr(DEFAULTS, field), *VARIANTS[field])) for field in fields},
    )


def number(text):
    value = float(text)
    return int(value) if value.is_integer() else value


def facts_of(page):
    reading = read_report(read_page(page.encode()))
    return reading, {(fact.table, fact.row, fact.column): fact for fact in reading.facts}


def wrong(facts, figures):
    told = {place: fact for place, fact in facts.items() if fact.status is Status.NUMBER}
    return {place: (fact.raw, figures[place]) for place, fact in told.items() if fact.value != number(figures[place])}


@examples(60)
@given(st.sampled_from(PAIRS), styles(*VARIANTS), st.integers(0, 2**32))
def test_a_page_of_any_style_gives_the_figures_it_was_made_of(pair, style, seed):
    rng = random.Random(seed)
    figures = figures_for(pair, rng)
    reading, facts = facts_of(layouts.html(forms_of(pair), figures, style, rng))
    assert wrong(facts, figures) == {}
    assert {place for place in figures if facts[place].status is not Status.NUMBER} == set()
    assert {check.outcome for check in reading.checks if check.table != "proactive"} <= {"holds", "not_assessable"}


@examples(60)
@given(st.sampled_from(PAIRS), st.sampled_from(TEXTS), styles("groups"), st.integers(0, 2**32))
def test_running_text_gives_the_figures_it_was_made_of(pair, how, style, seed):
    rng = random.Random(seed)
    figures = figures_for(pair, rng)
    _, facts = facts_of(layouts.text(forms_of(pair), figures, style, how, rng))
    assert wrong(facts, figures) == {}
    assert {place for place in figures if facts[place].status is not Status.NUMBER} == set()


@examples(30)
@given(st.sampled_from(PAIRS), st.integers(0, 2**32))
def test_labels_that_touch_figures_cost_no_row_that_stands_apart(pair, seed):
    rng = random.Random(seed)
    figures = figures_for(pair, rng)
    page = layouts.text(forms_of(pair), figures, DEFAULTS, "touching", rng)
    assert wrong(facts := facts_of(page)[1], figures) == {}
    assert {place for place in figures if facts[place].status is not Status.NUMBER} == set()


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@examples(25)
@given(
    st.sampled_from(PAIRS),
    st.sampled_from(("html", "touching", *TEXTS)),
    st.sampled_from(layouts.TABLES),
    styles("heads", "groups"),
    st.integers(0, 2**32),
)
def test_a_damaged_table_is_never_read_wrong(damage, pair, how, table, style, seed):
    rng = random.Random(seed)
    figures = figures_for(pair, rng)
    tables = layouts.tables(forms_of(pair), figures, style)
    damage(tables[table], rng)
    page = layouts.print_tables(tables, style, rng) if how == "html" else layouts.write_tables(tables, style, how, rng)
    reading, facts = facts_of(page)
    assert wrong(facts, figures) == {}
    missing = {f"{table}.{row}" for (table, row, _), fact in facts.items() if fact.status is Status.MISSING}
    said = {issue.where for issue in reading.issues}
    assert all(where in said or where.partition(".")[0] in said for where in missing)
