"""Words in which labels and figures touch: where the forms make a cut certain, and where nothing is cut."""

import pytest

from govcrawl.pages.page import Token
from govcrawl.pages.page_reader import read_page
from govcrawl.reports.glued_words import pieces_of, unglued


def parts(text, *, behind=True):
    return [text[piece.start : piece.end] for piece in pieces_of(text, behind=behind)]


@pytest.mark.parametrize(
    ("word", "cut"),
    [
        ("0规范性文件", ["0", "规范性文件"]),
        ("12规范性文件(指有文号的文件)", ["12", "规范性文件(指有文号的文件)"]),
        ("02.其他法律行政法规禁止公开", ["0", "2.其他法律行政法规禁止公开"]),
        ("12．其他法律行政法规禁止公开", ["1", "2．其他法律行政法规禁止公开"]),
        ("032.没有现成信息需要另行制作", ["03", "2.没有现成信息需要另行制作"]),
        ("01（二）部分公开", ["01", "（二）部分公开"]),
        ("45.82万元三、收到和处理政府信息公开申请情况", ["45.82万元", "三、收到和处理政府信息公开申请情况"]),
        ("0五、存在的主要问题及改进情况一是不够", ["0", "五、存在的主要问题及改进情况", "一是不够"]),
        ("行政许可72", ["行政许可", "72"]),
        ("1516其中：1．网站公开", ["1516", "其中：1．网站公开"]),
        ("信息内容本年新制作数量本年新公开数量", ["信息内容", "本年新制作数量", "本年新公开数量"]),
        ("附表一信息内容本年新制作数量本年新公开数量", ["附表一", "信息内容", "本年新制作数量", "本年新公开数量"]),
        (
            "规章12规范性文件34行政许可5备注见说明其他对外管理服务事项6",
            ["规章", "12", "规范性文件", "34", "行政许可", "5", "备注", "见说明", "其他对外管理服务事项", "6"],
        ),
        (  # prose ends the table: what is behind it is no row
            "规章12规范性文件34行政许可5备注见说明。其他对外管理服务事项6",
            ["规章", "12", "规范性文件", "34", "行政许可", "5", "备注", "见说明。其他对外管理服务事项6"],
        ),
        ("2011年度历年累计主动公开信息数条4251516", ["2011年度", "历年累计", "主动公开信息数", "条", "4251516"]),
    ],
)
def test_a_figure_is_cut_from_a_label_that_it_touches(word, cut):
    assert parts(word) == cut


@pytest.mark.parametrize(
    "word",
    [
        "1.属于国家秘密",  # numbering
        "2.其他法律行政法规禁止公开",
        "12其他法律行政法规禁止公开",  # 12, or 1 and its numbering without a point
        "1属于国家秘密",
        "03、信函、传真申请数",  # a label that no form knows
        "行政许可事项12件",
        "2023年行政许可",
        "办理行政许可12件",
        "行政处罚12件,行政强制3件",
        "规章制度不断完善",
        "034",
        "",
    ],
)
def test_nothing_else_is_cut(word):
    assert parts(word) == []


def test_a_number_at_the_start_of_a_line_is_numbering():
    assert parts("1规章", behind=False) == []


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_bytes_of_a_part_are_its_own(encoding):
    body = "规章 3 0规范性文件 4".encode(encoding)
    page = read_page(body, f"text/plain; charset={encoding}")
    cut = unglued(page.tokens, page.body, page.encoding)
    assert [page.body[token.start : token.end].decode(page.encoding) for token in cut] == [token.text for token in cut]
    assert [token.text for token in cut] == ["规章", "3", "0", "规范性文件", "4"]


def test_a_word_with_other_bytes_than_its_text_stays_whole():
    tokens = [Token("0规范性文件", 0, 8, "space")]
    assert unglued(tokens, b"&#48;xxx", "utf-8") == tokens
