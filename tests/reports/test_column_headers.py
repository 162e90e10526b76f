"""Heads: which column stands where, and when that cannot be told."""

import pytest

from govcrawl.models import Locator
from govcrawl.pages.page import Cell
from govcrawl.reports.column_headers import assign, fit, resolve


def row(*texts):
    """A row of single cells; a text with `*n` spans n columns."""
    cells = []
    for text in texts:
        word, _, times = text.partition("*")
        cell = Cell(word, 0, len(cells), 1, int(times or 1), Locator(0, 0, 0, 0, 0))
        cells.extend([cell] * int(times or 1))
    return cells


ART20_1 = ("proactive", "art20_1")


def test_the_form_is_the_one_whose_heads_stand_there():
    head = resolve([row("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量")], *ART20_1)
    assert (head.form, head.columns, head.missing) == ("f2019", ("made", "newly_disclosed", "disclosed_total"), ())
    assert head.spans == ((1, 2), (2, 3), (3, 4))


def test_heads_that_share_a_word_are_told_by_their_order():
    head = resolve([row("信息内容", "本年新", "本年新", "对外公开总数量")], *ART20_1)
    assert head.columns == ("made", "newly_disclosed", "disclosed_total")
    assert not head.repeated


def test_a_head_typed_twice_is_noted():
    head = resolve([row("信息内容", "本年新制作数量", "本年新制作数量", "对外公开总数量")], *ART20_1)
    assert head.columns == ("made", "newly_disclosed", "disclosed_total")
    assert head.repeated


def test_halves_of_words_in_two_rows_are_put_together():
    upper = row("自然人", "商业", "科研", "社会公益", "法律服务", "其他", "总计")
    lower = row("", "企业", "机构", "组织", "机构", "", "")
    head = resolve([upper, lower], "applications", None)
    assert head.missing == ()
    assert head.columns[1:5] == (
        "commercial_enterprise", "research_institution", "public_welfare_organization", "legal_service_organization",
    )  # fmt: skip


def test_results_under_lost_groups_are_told_by_their_order_only_when_all_are_there():
    results = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    assert len(resolve([row(*results * 3)], "review_litigation", None).columns) == 15
    assert resolve([row(*results * 2)], "review_litigation", None) is None


def test_a_head_that_lost_a_word_and_slipped_is_none():
    assert resolve([row("信息内容", "现行有效件数", "本年制发件数")], *ART20_1) is None


def test_heads_of_other_columns_and_units_are_kept_apart():
    head = resolve([row("统计指标", "单位", "统计数", "备查")], "statistics_2014", None)
    assert (head.columns, head.unit, head.others) == (("value",), (1, 2), ((3, 4),))


@pytest.mark.parametrize("texts", [("姓名", "电话"), ("信息内容",), ()])
def test_no_head_no_table(texts):
    assert resolve([row(*texts)], *ART20_1) is None


def test_guidance_behind_a_head_is_passed_over():
    assert fit(("第二十条第(八)项", "本年收费金额(单位:万元,保留两位小数)"), "f2021", "proactive", "art20_8") == (0,)


def test_a_hidden_cell_is_no_head():
    heads = row("信息内容", "本年制发件数", "本年制发件数", "本年废止件数", "现行有效件数")
    heads[2] = heads[2]._replace(hidden=True)
    head = resolve([heads], *ART20_1)
    assert (head.columns, head.repeated) == (("issued", "repealed", "in_force"), False)


def test_a_head_left_over_under_a_columns_name_makes_all_uncertain():
    assert resolve([row("信息内容", "本年制发件数", "现行有效件数", "本年废止件数", "现行有效件数")], *ART20_1) is None


def test_a_word_of_the_neighbour_over_a_head_means_that_the_rows_are_shifted():
    assert fit(("法律服务", "其他"), "f2021", "applications", None) == ()
    assert len(fit(("其他",), "f2021", "applications", None)) == 1


def test_a_unit_under_a_head_is_passed_over():
    assert fit(("本年制发件数", "件"), "f2021", *ART20_1) == (0,)


def test_a_line_of_the_law_beside_the_heads_is_no_column():
    head = resolve([row("信息内容", "本年制发件数", "本年废止件数", "现行有效件数", "第二十条第(一)项")], *ART20_1)
    assert head.others == ()


@pytest.mark.parametrize("text", ["本年制发件", "本年制发件数按文号计"])
def test_a_head_cut_short_or_with_words_behind_it_is_known_by_its_beginning(text):
    assert fit((text,), "f2021", *ART20_1) == (0,)


def test_half_a_head_is_too_short_to_be_known():
    assert fit(("商业",), "f2021", "applications", None) == ()


def test_assign_takes_the_one_longest_choice_in_order():
    assert assign([(), (0, 1), (0, 1), (2,)], 3, "abcd") == ({1: 0, 2: 1, 3: 2}, False)
    assert assign([(0, 1), (2,)], 3, "ab") == ({}, False)
    assert assign([(2,), (0,), (1,)], 3, "abc") == ({0: 2, 1: 0, 2: 1}, False)
    assert assign([(1,), (0,), (0,)], 3, "abc") == ({}, False)
    assert assign([], 3, []) == ({}, False)
    assert assign([(0,), (0,)], 2, ["2010年", "2010年"]) == ({0: 0, 1: 1}, True)
    assert assign([(0,), (0,)], 2, ["2010年", "2009年"]) == ({}, False)
