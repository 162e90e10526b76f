"""Tables that run together: the one way to cut their digits is proposed, the figures stay missing."""

import random
from functools import partial

import invention
import layouts
import pytest
from hypothesis import given
from hypothesis import strategies as st
from layouts import Style

from govcrawl.pages.page_reader import read_page
from govcrawl.reports import read_report
from govcrawl.vocabulary import IssueKind, Status

from ..exploration import examples
from ..growth import cost

FORMS = dict.fromkeys(layouts.TABLES, "f2021")


def figures_of_a_bureau(seed, largest=9):
    """Figures as most organs have them: nearly all cells 0, sums right."""
    rng = random.Random(seed)
    figures = invention.invent("f2021", rng)
    invented = {place: place[0] != "proactive" and rng.random() < 0.1 for place in figures}
    parts = {place: rng.randint(1, largest) if some else 0 for place, some in invented.items()}
    return _summed(figures, parts)


def _summed(figures, parts):
    told = {place: text for place, text in figures.items() if place[0] == "proactive"}
    rows = list(dict.fromkeys(place[1] for place in figures if place[0] == "applications"))
    columns = list(dict.fromkeys(place[2] for place in figures if place[0] == "applications"))
    leaves = [row for row in rows if row not in ("new_received", "carried_over", "result_total", "carried_forward")]
    grid = {place[1:]: number for place, number in parts.items() if place[0] == "applications"}
    for column in columns[:-1]:
        grid["result_total", column] = sum(grid[row, column] for row in leaves)
        grid["carried_over", column] = 0
        grid["new_received", column] = grid["result_total", column] + grid["carried_forward", column]
    for row in rows:
        grid[row, "total"] = sum(grid[row, column] for column in columns[:-1])
    told |= {("applications", row, column): str(number) for (row, column), number in grid.items()}
    for group in invention.REVIEW_GROUPS:
        place = {
            name: ("review_litigation", "cases", f"{group}_{name}") for name in (*invention.REVIEW_RESULTS, "total")
        }
        told |= {place[name]: str(parts[place[name]]) for name in invention.REVIEW_RESULTS}
        told[place["total"]] = str(sum(parts[place[name]] for name in invention.REVIEW_RESULTS))
    return told


def flattened(figures, parting="\n"):
    """The page with the cells of each table run together."""
    made = layouts.tables(FORMS, figures, Style())
    tables = (
        f"{layouts.TITLES[table]}{parting}{''.join(cell.text for row in rows for cell in row)}"
        for table, rows in made.items()
    )
    return parting.join(
        (layouts.TITLE, "一、总体情况", "本局按规定编制本报告。", *tables, "五、存在的主要问题及改进情况")
    )


def reading_of(text):
    return read_report(read_page(text.encode(), "text/plain"))


def proposals(reading, *, rows=False):
    """The proposals for whole tables, or those for single rows."""
    proposed = [issue for issue in reading.issues if issue.kind is IssueKind.REPAIR_PROPOSED]
    return {issue.where: issue.detail for issue in proposed if ("." in issue.where) is rows}


def rows_in(detail):
    listed = detail.removeprefix("split: ").partition("; no other way")[0].split("; ")
    return {row: figures.split() for row, _, figures in (each.partition(" ") for each in listed)}


def printed(figures, table):
    rows = {}
    for place in invention.places("f2021"):
        if place[0] == table:
            rows.setdefault(place[1], []).append(figures[place])
    return rows


@examples(15)
@given(st.integers(0, 2**32), st.sampled_from(["\n", " ", ""]))
def test_what_is_proposed_is_what_was_printed_and_nothing_is_read(seed, parting):
    figures = figures_of_a_bureau(seed)
    reading = reading_of(flattened(figures, parting))
    assert {fact.status for fact in reading.facts} == {Status.MISSING}
    found = proposals(reading)
    assert set(found) <= {"applications", "review_litigation"}
    assert {table: rows_in(detail) for table, detail in found.items()} == {
        table: printed(figures, table) for table in found
    }


def test_most_reports_of_bureaus_have_only_one_way():
    found = [proposals(reading_of(flattened(figures_of_a_bureau(seed)))) for seed in range(12)]
    assert sum(map(len, found)) >= 22
    assert all("applications_result_total" in each["applications"] for each in found if "applications" in each)


@pytest.mark.parametrize(
    ("results", "found"),
    [
        ("000000000000000", {"review_litigation"}),
        ("100121110300000", {"review_litigation"}),
        ("1010011" + "0000000000", set()),  # 1 0 10 0 11 or 10 1 0 0 11
        ("100131110300000", set()),  # 1 0 0 1 is not 3
    ],
)
def test_digits_are_cut_only_where_one_way_fits(results, found):
    text = flattened(figures_of_a_bureau(3))
    before, mark, _ = text.rpartition("总计")
    reading = reading_of(f"{before}{mark}{results}\n五、存在的主要问题及改进情况")
    assert set(proposals(reading)) - {"applications"} == found


def test_a_row_that_holds_more_than_digits_is_not_cut():
    text = flattened(figures_of_a_bureau(3))
    assert "applications" in proposals(reading_of(text))
    assert "applications" not in proposals(reading_of(text.replace("2.重复申请0", "2.重复申请/")))
    assert "applications" not in proposals(reading_of(text.replace("2.重复申请", "2.申请")))


def test_the_search_is_bounded():
    text = flattened(figures_of_a_bureau(3))
    long = text.replace("1.属于国家秘密0", "1.属于国家秘密" + "1234567890" * 8 + "0")
    longer = text.replace("1.属于国家秘密0", "1.属于国家秘密" + "1" * 10_000)
    assert "applications" not in proposals(reading_of(long))
    assert "applications" not in proposals(reading_of(longer))

    ordinary, *costs = cost(*(partial(reading_of, each) for each in (text, long, longer)))
    assert max(costs) < 60 * ordinary


@pytest.mark.parametrize("seed", range(8))
def test_rows_without_an_identity_are_proposed_where_their_digits_have_one_way(seed):
    figures = figures_of_a_bureau(seed)
    proposed = proposals(reading_of(flattened(figures)), rows=True)
    assert proposed
    for where, detail in proposed.items():
        table, row = where.split(".")
        printed = [(place[2], text) for place, text in figures.items() if place[:2] == (table, row)]
        assert f"split: {', '.join(f'{column} {text}' for column, text in printed)};" in detail


def test_a_row_that_touches_itself_is_proposed_by_the_rows_that_were_read():
    figures = figures_of_a_bureau(5)
    text = layouts.text(FORMS, figures, Style(), "touching", random.Random(0))
    row = [text for place, text in figures.items() if place[:2] == ("applications", "granted")]
    apart, close = (f"(一)予以公开{between}{between.join(row)}" for between in (" ", ""))
    assert apart in text
    reading = reading_of(text.replace(apart, close))
    assert {fact.row for fact in reading.facts if fact.status is Status.MISSING} == {"granted"}
    assert f"split: granted {' '.join(row)};" in proposals(reading)["applications"]
    assert {(issue.kind, issue.where) for issue in reading.issues} >= {
        (IssueKind.AMBIGUOUS_LAYOUT, "applications.granted")
    }
