"""Grids against two things that cannot be argued with: what a browser's parser makes, and the bytes themselves."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from govcrawl.pages.html import html_grids
from govcrawl.pages.implied_tags import built_shape
from govcrawl.pages.limits import PAGE_LIMITS
from govcrawl.pages.markup import Markup
from govcrawl.pages.page import Grid
from govcrawl.pages.page_reader import read_page
from govcrawl.pages.spans import raw_at
from govcrawl.pages.table_shape import regular_shape

from ..exploration import examples

SOUP = st.lists(
    st.sampled_from(
        [
            *("<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "</th>", "<tbody>", "</tbody>"),
            *("<thead>", "</thead>", "<tfoot>", "</tfoot>", "<caption>", "</caption>", "<colgroup>", "<col>"),
            *("<td rowspan=2>", "<td colspan=3>", "<p>", "</p>", "<b>", "<div>", "</div>", "<!-- <td> -->", "<br>"),
            *("<script>'<td>'</script>", "<td title='<td>'>", "数", "12", " ", "&nbsp;", "&lt;td&gt;", "\u3000"),
        ]
    ),
    max_size=60,
).map(lambda pieces: "<body>" + "".join(pieces))


FOUND = (
    "<body><table><td title='<td>'><table><td>&lt;td&gt;<tbody>数",
    "<body><table><td>甲<table><td>乙</td>丙<td>丁</table>戊",
    "<body><table><td><table><td>甲<tbody>乙<b>丙</b>",
    "<body><table><thead><caption><td></thead>数",
    "<body><table><thead><colgroup><td colspan=3></tbody>数",
    "<body><table><tfoot><col><th></tfoot>数",
)
"""Soups that were once read otherwise than a browser reads them."""


def found(test):
    """The same test, which tries `FOUND` first."""
    for soup in FOUND:
        test = example(soup)(test)
    return test


CELL = st.sampled_from(["<td>", "<th>", "<td rowspan='2'>", "<td colspan=2>", '<td rowspan="0" class="a>b">'])
CONTENT = st.sampled_from(["", "1", "<p>2</p>", "&nbsp;", "<span>三</span>四", "<!--x-->5", "a<br/>b", "<b>未闭合"])


@st.composite
def tables(draw, depth=2):
    """A table written in full, perhaps with tables in its cells, with spans that may overlap or overrun."""
    content = st.one_of(CONTENT, CONTENT, CONTENT, tables(depth=depth - 1)) if depth else CONTENT
    rows = draw(st.lists(st.lists(st.tuples(CELL, content), max_size=3), max_size=3))
    cut = draw(st.integers(0, len(rows)))
    group = draw(st.sampled_from(["tbody", "thead", "tfoot", ""]))
    body = ["<tr>" + "".join(f"{tag}{text}</{tag[1:3]}>" for tag, text in row) + "</tr>\n" for row in rows]
    grouped = f"<{group}>{''.join(body[:cut])}</{group}>" if group else "".join(body[:cut])
    return f"<table>{grouped}{''.join(body[cut:])}</table>"


def grids_of(text: str, encoding: str = "utf-8") -> tuple[Grid, ...]:
    return html_grids(text.encode(encoding), encoding, PAGE_LIMITS)


def cells_of(grid: Grid):
    return list(dict.fromkeys(cell for row in grid.rows for cell in row if cell))


def texts(grid: Grid):
    return [[cell and cell.raw for cell in row] for row in grid.rows]


def browser_tables(text: str):
    """Number, row, cell and text of every cell as lexbor's tree has them, without any code of ours."""
    found = []
    for number, table in enumerate(LexborHTMLParser(text, scripting=True).css("table")):
        rows = [row for row in table.css("tr") if row.parent.parent.mem_id == table.mem_id]
        for row_number, row in enumerate(rows):
            cells = [node for node in row.iter() if node.tag in ("td", "th")]
            for cell_number, cell in enumerate(cells):
                for hidden in cell.css("script"):
                    hidden.decompose()
                found.append((number, row_number, cell_number, "".join(cell.text().split())))
    return found


@examples(250)
@found
@given(SOUP)
def test_any_soup_has_the_cells_that_a_browser_has(soup):
    ours = [
        (cell.locator.table, cell.locator.row, cell.locator.cell, cell.raw)
        for grid in grids_of(soup)
        for cell in cells_of(grid)
    ]
    assert sorted(ours) == sorted(browser_tables(soup))


@examples(80)
@given(tables() | SOUP)
def test_what_the_pattern_sees_is_what_the_tree_builder_makes(text):
    markup = Markup(text.encode(), "utf-8")
    seen = regular_shape(markup, PAGE_LIMITS)
    if seen is not None:
        built = built_shape(markup, PAGE_LIMITS)
        assert dict(seen.inside) == {**built.inside}
        assert [rows_of(table) for table in seen.tables] == [rows_of(table) for table in built.tables]


def rows_of(table):
    """Rows as cells; groups by the number of the row they begin at, for their identities differ."""
    groups = [row.group for row in table.rows]
    return table.number, table.start, table.end, [(groups.index(row.group), row.cells) for row in table.rows]


@examples(80)
@given(tables() | SOUP, st.sampled_from(["utf-8", "gb18030", "big5hkscs"]))
def test_every_cell_reads_the_same_from_its_bytes(text, encoding):
    body = ("<meta charset=utf-8>政府信息公開年度報告" + text).encode(encoding, "replace")
    page = read_page(body, "text/html", encoding)
    for grid in page.grids:
        for cell in cells_of(grid):
            assert raw_at(body, cell.locator, page.encoding) == cell.raw


@examples(80)
@given(tables())
def test_a_table_written_in_full_needs_no_tree_and_is_a_rectangle_in_which_a_cell_stands_where_it_says(text):
    assert regular_shape(Markup(text.encode(), "utf-8"), PAGE_LIMITS) is not None
    for grid in grids_of(text):
        assert len({len(row) for row in grid.rows}) <= 1
        for number, row in enumerate(grid.rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    assert cell.row <= number < cell.row + cell.rowspan
                    assert cell.column <= column < cell.column + cell.colspan
        for cell in cells_of(grid):
            assert grid.rows[cell.row][cell.column] is cell


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<table><tr><td>甲<table><tr><td>乙</td></tr>丙</table>丁</td></tr></table>", "甲丙乙丁"),
        ("<table><tr><td>甲<table>乙<caption>丙</caption><tr><td>丁</td></tr></table></td></tr></table>", "甲乙丙丁"),
        ("<table><tr><td>甲<table><caption>丙</caption>乙<tr><td>丁</td></tr></table></td></tr></table>", "甲乙丙丁"),
        ("<table><td>甲<table><td>乙</td>丙<td>丁</table>戊", "甲丙乙丁戊"),
        ("<table><td>甲<table><td>乙<tr>丙<b>丁</b><td>戊</table>", "甲丙丁乙戊"),
        ("<table><td><table><td>甲<table><td>乙</td>丙</table>丁</table>", "甲丙乙丁"),
        ("<table><td><table><td>甲<table><td>乙</table></td>丙</table>", "丙甲乙"),
        ("<table><td><table><td>甲<table><td>乙</td>丙</table>丁</td>戊", "戊甲丙乙丁"),
        ("<table><td><table><td>甲</td>乙<table><td>丙</td>丁</table>", "乙甲丁丙"),
        ("<TABLE><TD>甲<TABLE\n><TD>乙</TD>丙", "甲丙乙"),
    ],
)
def test_text_beside_the_cells_of_an_inner_table_comes_before_that_table(page, text):
    outer, *_ = grids_of(page)
    (cell,) = cells_of(outer)

    assert cell.raw == text
    assert raw_at(page.encode(), cell.locator, "utf-8") == text
    assert ("".join(browser_tables(page)[0][3:])) == text


def test_spans_cover_every_place_they_claim():
    (grid,) = grids_of("<table><tr><td rowspan=2>a<td colspan=2>b<tr><td>c<td>d</table>")
    assert texts(grid) == [["a", "b", "b"], ["a", "c", "d"]]
    assert not grid.ragged


def test_a_short_row_is_padded_and_marked_never_shifted():
    (grid,) = grids_of("<table><tr><td>a<td>b<td>c<tr><td>1<td>2</table>")
    assert texts(grid) == [["a", "b", "c"], ["1", "2", None]]
    assert grid.ragged == {1}


def test_a_span_beyond_the_group_or_the_table_is_clipped():
    (grid,) = grids_of("<table><thead><tr><td rowspan=9 colspan=9>a<td>b</thead><tbody><tr><td>1<td>2</table>")
    assert [len(row) for row in grid.rows] == [10, 10]
    assert grid.rows[1][0].raw == "1"
    assert (grid.rows[0][0].rowspan, grid.rows[0][0].colspan) == (1, 9)


def test_a_title_that_claims_more_columns_than_there_are_makes_no_row_ragged():
    (grid,) = grids_of("<table><tr><td colspan=9>标题<tr><td>a<td>b</table>")
    assert texts(grid) == [["标题", "标题"], ["a", "b"]]
    assert not grid.ragged


def test_rowspan_zero_reaches_to_the_end_of_its_group():
    (grid,) = grids_of("<table><tbody><tr><td rowspan=0>a<td>b<tr><td>c<tr><td>d<tbody><tr><td>e<td>f</table>")
    assert texts(grid) == [["a", "b"], ["a", "c"], ["a", "d"], ["e", "f"]]


def test_a_place_that_two_cells_claim_stays_with_the_upper_one_and_is_marked():
    (grid,) = grids_of("<table><tr><td>a<td rowspan=2>b<td>c<tr><td colspan=2>d<td>e</table>")
    assert texts(grid) == [["a", "b", "c"], ["d", "b", "e"]]
    assert grid.ragged == {1}


@pytest.mark.parametrize("span", ["-3", "x", "", "0", "1e9", "NaN", "+1"])
def test_a_colspan_that_is_no_positive_number_is_one(span):
    (grid,) = grids_of(f"<table><tr><td colspan='{span}'>a</td><td>b</td></tr></table>")
    assert texts(grid) == [["a", "b"]]


def test_nested_tables_are_grids_of_their_own_with_their_own_numbers():
    outer, inner, after = grids_of(
        "<table><tr><td>x<table><tr><td>1</td></tr></table>y</td></tr></table><table><tr><td>z</td></tr></table>"
    )
    assert [grid.table for grid in (outer, inner, after)] == [0, 1, 2]
    assert [texts(grid) for grid in (outer, inner, after)] == [[["x1y"]], [["1"]], [["z"]]]


def test_cells_and_rows_that_are_not_shown_are_marked():
    (grid,) = grids_of(
        "<table><tr style='display:none'><td>a<td>b<tr><td hidden>c<td style='DISPLAY: none;'>d<tr><td>e<td>f</table>"
    )
    assert [[cell.hidden for cell in row] for row in grid.rows] == [[True, True], [True, True], [False, False]]


def test_a_locator_spans_the_content_to_its_last_byte():
    body = "<table><tr><td class=a> 甲 </td><td></td><td><b>乙</b><td>丙".encode()
    (grid,) = html_grids(body, "utf-8", PAGE_LIMITS)
    spans = [body[cell.locator.start : cell.locator.end].decode() for cell in grid.rows[0]]
    assert spans == [" 甲 ", "", "<b>乙</b>", "丙"]
    blank = grid.rows[0][1].locator
    assert blank.start == blank.end


def test_scripts_and_comments_in_a_cell_are_no_text():
    (grid,) = grids_of("<table><tr><td>1<!-- 2 --><script>3</script><style>4</style><textarea>5</textarea>6</table>")
    assert texts(grid) == [["16"]]


def test_quotes_decide_where_a_tag_ends():
    (grid,) = grids_of("""<table><tr><td title="a>b" class='c"d>e'>1</td><td width=5">2</td><td x=">3</td></table>""")
    assert [cell.raw for cell in grid.rows[0]][:2] == ["1", "2"]


def test_second_bytes_of_gbk_that_look_like_ascii_break_nothing():
    characters = "".join(
        bytes(pair).decode("gb18030")
        for pair in itertools.product((0x81, 0x8E, 0xB2), (*range(0x40, 0x7F), *range(0x80, 0xFF)))
    )
    (grid,) = grids_of(f"<table><tr><td>{characters}</td><td>|{characters}|</td></tr></table>", "gb18030")
    assert [cell.raw for cell in grid.rows[0]] == [characters, f"|{characters}|"]
