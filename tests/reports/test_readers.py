"""The two readers by themselves: what pairs with what, and what stays open."""

import pytest

from govcrawl.models import Locator
from govcrawl.pages.page import Cell, Token
from govcrawl.pages.page_reader import read_page
from govcrawl.reports.column_headers import Head
from govcrawl.reports.flattened_tables import RUN_TOGETHER, note_flat
from govcrawl.reports.form_detection import tables_met
from govcrawl.reports.grid_reader import pair, read_tables_in_grids
from govcrawl.reports.text_reader import TextCell, find_labels, read_tokens, window

HEAD = Head("f2019", ("one", "two", "three"), ((1, 2), (2, 4), (4, 5)))
SHORT = Head("f2019", ("one", "two"), ((1, 2), (2, 3)), missing=("three",))


def cells(*widths, start=1, texts="abcdefgh"):
    made, column = [], start
    for width, text in zip(widths, texts, strict=False):
        made.append(Cell(text.strip(), 0, column, 1, width, Locator(0, 0, 0, 0, 0)))
        column += width
    return made


def raws(values):
    return values and [cell.raw for cell in values]


@pytest.mark.parametrize(
    ("values", "paired"),
    [
        (cells(1, 2, 1), "abc"),
        (cells(2, 1, 1), "abc"),  # spans shifted against the heads', each still under its own
        (cells(1, 2, 1, 1, texts="abc "), "abc"),  # an empty cell behind
        (cells(1, 2, 1, 1), None),  # a text behind, under no head
        (cells(1, 2), None),
        (cells(4, texts="a"), "aaa"),  # one cell under all heads: whoever keeps it must notice
        (cells(1, 1, 2, start=2), None),
        ([], None),
    ],
)
def test_values_are_paired_with_the_heads_they_stand_under(values, paired):
    assert raws(pair(HEAD, values)) == (list(paired) if paired else None)


def test_where_places_mean_little_the_order_counts_if_nothing_is_lost():
    values = cells(1, 1, 1, start=6)
    assert pair(HEAD, values) is None
    assert raws(pair(HEAD, values, drifted=True)) == list("abc")
    assert pair(HEAD, values[:2], drifted=True) is None
    assert pair(HEAD, cells(1, 1, 1, start=6, texts=" bc"), drifted=True) is None


def test_a_blank_beyond_lost_heads_leaves_everything_open():
    assert raws(pair(SHORT, cells(1, 1))) == list("ab")
    assert pair(SHORT, cells(1, 1, 1, texts="ab ")) is None
    assert pair(SHORT, cells(1, 1, start=6), drifted=True) is None


def grid_sight(html):
    return read_tables_in_grids(read_page(f"<html><body>{html}</body></html>".encode(), "text/html").grids)


def table(*rows):
    lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


HEADS = ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")


def test_a_label_without_a_head_is_no_row():
    assert not grid_sight(table(("规章", "1", "2", "3"), ("行政规范性文件", "4", "5", "6"))).cells


def test_the_same_row_twice_is_kept_only_if_it_says_the_same():
    sight = grid_sight(table(HEADS, ("规章", "1", "2", "3"), ("规章", "1", "9", "3")))
    place = ("proactive", "rules", "repealed")
    assert list(sight.doubts) == [place]
    assert "'2'" in sight.doubts[place]
    assert "'9'" in sight.doubts[place]


def test_a_list_of_links_between_the_tables_does_not_go_on_with_them():
    sight = grid_sight(
        table(HEADS, ("规章", "1", "2", "3"), ("行政规范性文件", "4", "5", "6")) + table(("规章", "7", "8", "9"))
    )
    assert sight.cells["proactive", "rules", "issued"].raw == "1"
    assert not sight.doubts


def test_a_table_broken_off_goes_on_in_the_next():
    sight = grid_sight(table(HEADS, ("规章", "1", "2", "3")) + table(("行政规范性文件", "4", "5", "6")))
    assert sight.cells["proactive", "normative_documents", "in_force"].raw == "6"


WIDE_HEAD = "<tr><td colspan=2>信息内容</td>" + "".join(f"<td>{head}</td>" for head in HEADS[1:]) + "</tr>"


def test_a_row_whose_label_is_too_narrow_is_read_in_its_order():
    sight = grid_sight(f"<table>{WIDE_HEAD}<tr><td>规章</td><td>4</td><td>5</td><td>6</td></tr></table>")
    assert [seen.raw for seen in sight.cells.values()] == list("456")


def test_a_table_that_goes_on_with_other_widths_is_read_in_its_order():
    first = f"<table>{WIDE_HEAD}<tr><td colspan=2>规章</td><td>1</td><td>2</td><td>3</td></tr></table>"
    sight = grid_sight(first + table(("行政规范性文件", "4", "5", "6")))
    assert [seen.raw for seen in sight.cells.values()] == list("123456")


def text_sight(text):
    return read_tokens(read_page(text.encode(), "text/plain").tokens)


ROW = ("proactive", "normative_documents")
HEAD_LINES = "信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("行政规范性文件\n4\n5\n6\n", "456"),
        ("行政规范性文件 4 5 6\n", "456"),
        ("行政规范性文件\n4 5 6\n第二十条第(五)项", "456"),
        ("行政规范性文件 | 4 | 5 | 6 |\n", "456"),
        ("行政规范性文件 | 4 | 5 | 6 | | |\n", "456"),
        ("行政规范性文件\t4\t5\t6\n", "456"),
        ("行政规范\n性文件\n4\n5\n6\n", "456"),
        ("行政规范性文件\n4\n5\n", None),
        ("行政规范性文件\n4\n5\n6\n7\n", None),
        ("行政规范性文件 | 4 5 | 6 |\n", None),
        ("行政规范性文件\n4\n见附件\n6\n", None),
        ("行政规范性文件456\n", None),
        ("行政规范性文件 4 5 6 034\n", None),  # 6 034 may be one number
        ("行政规范性文件\n无\n5\n6\n", "无56"),
        ("行政规范性文件\n4\n5\n6\n本局共有三类事项。\n", "456"),
    ],
)
def test_a_row_of_text_has_exactly_the_cells_its_heads_promise(text, told):
    sight = text_sight(f"{HEAD_LINES}规章\n1\n2\n3\n{text}")
    got = [
        sight.cells[(*ROW, column)].raw
        for column in ("issued", "repealed", "in_force")
        if (*ROW, column) in sight.cells
    ]
    assert got == list(told or "")
    assert sight.cells["proactive", "rules", "issued"].raw == "1"


@pytest.mark.parametrize(("swapped", "count"), [(False, 7), (True, 0)])
def test_heads_in_another_order_give_no_values(swapped, count):
    heads = ["自然人", "法人或其他组织", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    if swapped:
        heads[2:4] = heads[3], heads[2]
    sight = text_sight("\n".join((*heads, "一、本年新收政府信息公开申请数量", *"1234567")) + "\n")
    assert len(sight.cells) == count


SPANNED = (("规章", "1", "2", "3"), ("行政规范性文件", "4", "5", "6"))
SPANNED_HEADS = "<p>信息内容</p><p>本年制发件数</p><p>本年废止件数</p><p>现行有效件数</p>"


@pytest.mark.parametrize(
    ("rows", "are_cells"),
    [
        ((("规章", "1", "2", "30"), SPANNED[1]) * 2, True),
        (SPANNED * 2, False),  # no figure of two digits: each may be a piece of one
        ((("规章", "1", "2", "30"), ("行政规范性文件", "4", "5")) * 2, False),  # rows that lack a figure
        ((("规章", "1", "2", "30"), SPANNED[1]), False),  # too few rows
    ],
)
def test_figures_that_only_tags_set_apart_are_doubted_unless_all_rows_agree(rows, are_cells):
    lines = "".join(
        f"<p>{label}</p><p>{''.join(f'<span>{figure}</span>' for figure in figures)}</p>" for label, *figures in rows
    )
    sight = read_tokens(read_page(f"{SPANNED_HEADS}{lines}".encode(), "text/html; charset=utf-8").tokens)

    assert bool(sight.cells) is are_cells
    assert bool(sight.doubts) is not are_cells


@pytest.mark.parametrize("opened", ["(含", "(含地方政府规章"])
def test_an_explanation_that_is_never_closed_hides_no_label(opened):
    page = read_page(f"{HEAD_LINES}规章 {opened}\n行政规范性文件\n4\n5\n6\n".encode(), "text/plain")
    assert "行政规范性文件" in [label.text for label in find_labels(page.tokens)]


def test_the_bytes_of_a_piece_of_text_are_its_own():
    text = f"{HEAD_LINES}规章\n11\n0\n13\n"
    seen = text_sight(text).cells["proactive", "rules", "in_force"]
    assert text.encode()[seen.locator.start : seen.locator.end] == b"13"


def test_prose_that_names_a_row_is_no_row():
    sight = text_sight(f"{HEAD_LINES}规章\n1\n2\n3\n五、存在的主要问题及改进情况\n规章 9 9 9\n")
    assert sight.cells["proactive", "rules", "issued"].raw == "1"
    assert not sight.doubts


def test_a_label_is_the_longest_that_its_pieces_make_and_stays_in_its_cell():
    tokens = [
        Token("其他", 0, 6),
        Token("结果", 6, 12, "space"),
        Token("结果", 12, 18, "cell"),
        Token("维持", 18, 24, "line"),
    ]
    assert [(label.text, label.start, label.end) for label in find_labels(tokens)] == [
        ("其他结果", 0, 2),
        ("结果维持", 2, 4),
    ]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ("abc", "abc"),
        ("abc  ", "abc"),
        ("  abc", "abc"),
        ("a c", "a c"),
        (" bc", None),
        ("ab ", None),
        (" ab ", None),
        ("abcd", None),
        ("ab", None),
        ("", None),
    ],
)
def test_blanks_at_the_ends_of_a_row_tell_nothing(texts, found):
    pieces = [TextCell(text.strip(), 0, 0) for text in texts]
    got = window(pieces, 3)
    assert (got and "".join(piece.raw or " " for piece in got)) == found


REMARKED = "信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 | 备注 |\n规章 | | 2 | 3 | 4 |\n"


def test_a_row_that_begins_with_blanks_is_marked_for_they_may_be_values():
    sight = text_sight(REMARKED)
    assert sight.shaky == {("proactive", "rules", column) for column in ("issued", "repealed", "in_force")}
    assert not text_sight(REMARKED.replace("| | 2", "| 2")).shaky


def test_a_bar_that_ends_the_table_parts_no_cells():
    text = f"{HEAD_LINES.replace(chr(10), ' | ')}\n规章 | 1 | 2 | 3 |\n以上为规章情况。\n"
    assert text_sight(text).cells["proactive", "rules", "in_force"].raw == "3"
    cut = f"{HEAD_LINES.replace(chr(10), ' | ')}\n规章 | 1 | 2 | 3 | |\n8"
    assert "38" not in {seen.raw for seen in text_sight(cut).cells.values()}


def test_tables_that_run_together_are_recognised_and_left_open():
    text = (
        "二、主动公开政府信息情况第二十条第（一）项信息内容本年制发件数本年废止件数现行有效件数规章000行政规范性文件5845546"
        "第二十条第（五）项信息内容本年处理决定数量行政许可2418第二十条第（六）项信息内容本年处理决定数量行政处罚644行政强制64"
        "第二十条第（八）项信息内容本年收费金额（单位：万元）行政事业性收费12"
    )
    tokens = read_page(text.encode(), "text/plain").tokens
    sight = read_tokens(tokens)
    note_flat(tokens, sight, tables_met(sight))
    assert not sight.cells
    assert {place[0] for place in sight.doubts} == {"proactive"}
    assert set(sight.doubts.values()) == {RUN_TOGETHER}
    assert len(sight.doubts) == 10
