"""Sections: headings by their words, prose without tables and widgets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl import forms
from govcrawl.models import Document
from govcrawl.pages.page import Block, Page
from govcrawl.reports.sections import STATUTORY_SECTIONS, split_sections
from govcrawl.vocabulary import IssueKind, SectionKey

FORMS = forms.load_forms()
HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)


def page(*lines):
    blocks = tuple(line if isinstance(line, Block) else Block(line) for line in lines)
    return Page("", "text/html", "utf-8", Document(), blocks)


def keys(*lines):
    return [str(section.key) for section in split_sections(page(*lines), FORMS)[0]]


def texts(*lines):
    return {str(section.key): section.text for section in split_sections(page(*lines), FORMS)[0]}


def report(*, overview="正文。", headings=HEADINGS):
    return [headings[0], overview, *(part for heading in headings[1:] for part in (heading, f"{heading[2:]}正文。"))]


def test_the_six_headings_in_their_order():
    sections, issues = split_sections(page("前言。", *report()), FORMS)
    assert tuple(section.key for section in sections) == STATUTORY_SECTIONS
    assert tuple(section.heading for section in sections) == HEADINGS
    assert sections[0].text == "正文。"
    assert issues == ()


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("一、工作基本情况", "overview"),
        ("一、2018年度政府信息公开工作概述", "overview"),
        ("第一部分 概述", "overview"),
        ("一、总 体 情 况", "overview"),
        ("二、行政机关主动公开政府信息情况", "proactive"),
        ("二、主动公开信息情况", "proactive"),
        ("二、主動公開政府信息情況", "proactive"),
        ("三、收到和处理政府信息公开情况", "applications"),
        ("三、收到和处理政府信息公开的申请情况", "applications"),
        ("三、依申请公开政府信息办理情况", "applications"),
        ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", "review_litigation"),
        ("四、政府信息公开行政复议和行政诉讼情况：", "review_litigation"),
        ("五、工作存在的主要问题和改进情况", "problems"),
        ("五、存在的主要问题和下一步工作打算", "problems"),
        ("五、我局存在的困难及改进措施", "problems"),
        ("六、其它需要报告的事项", "other"),
        ("二、政府信息主动公开情况", "proactive"),
        ("三、政府信息依申请公开情况", "applications"),
        ("六、需要说明的其他事项", "other"),
        ("1、总体情况", "overview"),
        ("（二）主动公开政府信息情况", "proactive"),
        ("㈢收到和处理政府信息公开申请情况", "applications"),
        ("第四部分 政府信息公开行政复议、行政诉讼情况", "review_litigation"),
        ("其他需要报告的事项", "other"),
    ],
)
def test_changed_words_of_a_heading(heading, key):
    assert keys(heading, "正文在此，足够长。") == [key]


def test_headings_inside_a_paragraph():
    found = texts(
        "现向社会公布年度报告如下: 一、总体情况 2023年,工作平稳。",
        "提高了质量。 二、主动公开政府信息情况本单位主动公开信息4173条。",
        "三、收到和处理政府信息公开情况",
        "2023年,未收到申请。",
        "五、工作存在的主要问题和改进情况 (一)2022年问题",
    )
    assert found == {
        "overview": "2023年,工作平稳。\n提高了质量。",
        "proactive": "本单位主动公开信息4173条。",
        "applications": "2023年,未收到申请。",
        "problems": "(一)2022年问题",
    }


def test_numbering_that_restarts_inside_a_section_is_text():
    inner = (
        "一、主动公开情况",
        "公开84条。",
        "二、依申请公开情况",
        "未收到。",
        "三、政府信息管理",
        "良好。",
        "四、平台建设",
        "五、监督保障",
    )
    lines = report()
    assert keys(lines[0], *inner, *lines[1:]) == list(map(str, STATUTORY_SECTIONS))
    assert texts(lines[0], *inner, *lines[1:])["overview"] == "\n".join((*inner, "正文。"))


def test_subsections_without_their_numbers_are_text():
    assert keys("一、总体情况", "主动公开", "公开84条。", "依申请公开", "未收到。", "监督保障", "良好。") == [
        "overview"
    ]


def test_an_inserted_section_is_other_heading():
    headings = (*HEADINGS[:5], "六、2022年工作思路", "七、其他需要报告的事项")
    sections, issues = split_sections(page(*report(headings=headings)), FORMS)
    assert [str(section.key) for section in sections] == [*map(str, STATUTORY_SECTIONS[:5]), "other_heading", "other"]
    assert sections[5].heading == "六、2022年工作思路"
    assert [issue.kind for issue in issues] == [IssueKind.SECTION_UNKNOWN]


def test_a_sentence_that_lists_the_headings_is_none():
    listed = "全文包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、其他需要报告的事项六个部分。"
    numbered = "本报告由一、总体情况，二、主动公开政府信息情况，三、收到和处理政府信息公开申请情况组成。"
    assert keys(listed, numbered) == []
    assert texts(listed, numbered, *report())["overview"] == "正文。"


def test_a_table_of_contents_gives_way_to_the_sections():
    found = texts("目录", *HEADINGS, *report(overview="真正的总体情况。"))
    assert found["overview"] == "真正的总体情况。"
    assert found["other"] == "其他需要报告的事项正文。"


def test_a_report_of_the_first_regulation():
    lines = (
        "一、概述", "2012年工作。", "二、主动公开政府信息的情况", "公开100条。", "三、依申请公开政府信息的情况",
        "收到3件。", "四、政府信息公开的收费及减免情况", "未收费。",
        "五、因政府信息公开申请行政复议、提起行政诉讼的情况", "无。",
        "六、政府信息公开工作存在的主要问题及改进情况", "人手不足。",
    )  # fmt: skip
    sections, issues = split_sections(page(*lines), FORMS)
    assert [str(section.key) for section in sections] == [
        "overview", "proactive", "applications", "other_heading", "review_litigation", "problems",
    ]  # fmt: skip
    assert [issue.kind for issue in issues] == [IssueKind.SECTION_UNKNOWN]


def test_sections_of_2018_between_the_statutory_ones():
    headings = (
        "一、概述", "二、主动公开政府信息情况", "三、回应解读情况", "四、依申请公开政府信息情况",
        "五、机构建设和保障经费情况", "六、存在的主要问题和改进措施",
    )  # fmt: skip
    lines = (line for heading in headings for line in (heading, "正文。"))
    assert keys(*lines) == ["overview", "proactive", "other_heading", "applications", "other_heading", "problems"]


def test_a_missing_section_is_reported():
    sections, issues = split_sections(page(*report(headings=HEADINGS[:5])), FORMS)
    assert len(sections) == 5
    assert [(issue.kind, issue.where) for issue in issues] == [(IssueKind.SECTION_MISSING, "sections.other")]


def test_prose_beyond_the_limit_is_not_read_and_said_so():
    sections, issues = split_sections(page("一、总体情况", *["2023年收到申请4件。" * 1000] * 20), FORMS)
    assert len(sections[0].text) < 100_000
    assert issues[0].kind is IssueKind.REFUSED_LIMIT


def test_a_page_without_headings_has_no_sections_and_no_issues():
    assert split_sections(page("关于召开会议的通知", "各单位：请参加会议。"), FORMS) == ((), ())


def test_widgets_neighbours_and_the_foot_of_the_page_are_dropped():
    found = texts(
        "一、总体情况",
        "点击收听年报语音朗读",
        "工作平稳。",
        "六、其他需要报告的事项",
        "无。",
        "分享到:",
        "【打印本页】 【关闭本页】",
        "上一篇：某局2022年年度报告",
        "主办单位：某区人民政府",
        "某某科技有限公司提供技术支持",
    )
    assert found == {"overview": "工作平稳。", "other": "无。"}


@pytest.mark.parametrize("counter", ["浏览次数：1203 次", "阅读量: 88", "点击数：", "今天是2026年1月12日　浏览次数：7"])
def test_what_changes_with_every_visit_and_what_to_read_next_is_no_text(counter):
    found = texts("六、其他需要报告的事项", "无。", counter, "相关阅读：", "招标结果公示", "2026-01-09")
    assert found == {"other": "无。"}


def test_cells_of_data_tables_are_no_text_but_paragraphs_of_layout_tables_are():
    long = "工作平稳有序推进，" * 20
    found = texts(
        Block("一、总体情况", table=0),
        Block(long, table=0),
        Block("二、主动公开政府信息情况", table=0),
        Block("规章", table=1),
        Block("0", table=1),
        Block("说明。", table=0),
    )
    assert found == {"overview": long, "proactive": "说明。"}


@given(st.text(alphabet="一二三四五六、总体情况主动公开申请。\n 0第十条(项", max_size=200))
def test_no_text_breaks_the_reader(text):
    sections, issues = split_sections(page(*filter(str.strip, text.split("\n"))), FORMS)
    assert all(section.heading for section in sections)
    assert all(issue.where.startswith("sections.") for issue in issues)
    statutory = [
        STATUTORY_SECTIONS.index(section.key) for section in sections if section.key is not SectionKey.OTHER_HEADING
    ]
    assert statutory == sorted(set(statutory))


def test_a_table_around_the_statutory_ones_lays_out_the_page_however_short_its_paragraphs_are():
    outer = [Block(line, table=0) for line in report()]
    blocks = [*outer[:4], Block("规章", table=1), Block("0", table=1), *outer[4:]]

    assert texts(*blocks)["overview"] == "正文。"
    assert "规章" not in texts(*blocks)["proactive"]
