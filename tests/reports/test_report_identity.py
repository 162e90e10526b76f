"""Identity: is it a report, whose, of which year, of what scope."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.models import Document
from govcrawl.pages.page import Block, Cell, Grid, Page
from govcrawl.pages.page_reader import read_page
from govcrawl.reports.report_identity import identify
from govcrawl.vocabulary import IssueKind, Scope

BODY = (
    "一、总体情况", "2023年，我局认真贯彻落实条例。", "二、主动公开政府信息情况", "第二十条第（一）项", "本年制发件数",
    "三、收到和处理政府信息公开申请情况", "一、本年新收政府信息公开申请数量", "六、其他需要报告的事项",
)  # fmt: skip


def page(title=None, *lines, publisher=None, published_on=None, index_number=None, **rest):
    document = Document(title=title, publisher=publisher, published_on=published_on, index_number=index_number)
    return Page("", "text/html", "utf-8", document, tuple(map(Block, lines)), **rest)


@pytest.mark.parametrize(
    ("title", "agency", "year", "scope"),
    [
        ("杭州市經濟和信息化局2023年度政府信息公開工作年度報告", "杭州市经济和信息化局", 2023, "department"),
        ("余杭区商务局2022年政府信息公开工作年度报告", "余杭区商务局", 2022, "department"),
        (
            "2024年度绍兴市上虞区经济和信息化局政府信息公开工作年度报告",
            "绍兴市上虞区经济和信息化局",
            2024,
            "department",
        ),
        ("2019年上海市人民政府办公厅政府信息公开工作年度报告", "上海市人民政府办公厅", 2019, "office"),
        ("平潭综合实验区2025年度政府信息公开工作年度报告_政府信息公开年报", "平潭综合实验区", 2025, "government"),
        ("某市某局政府信息公开工作2022年度报告", "某市某局", 2022, "department"),
        ("德清县发展和改革局2021年度报告", "德清县发展和改革局", 2021, "department"),
        ("大冶市人民政府政府信息公开2024年度工作报告", "大冶市人民政府", 2024, "government"),
        ("三溪乡2018年政府信息公开工作年度报告", "三溪乡", 2018, "government"),
        ("关于公布《海盐县教育局2020年政府信息公开年报》", "海盐县教育局", 2020, "department"),
        ("二〇一五年政府信息公开工作年度报告（某市环保局）", "某市环保局", 2015, "department"),
        ("某县信息公开工作告年度报", "某县", None, "government"),
        (
            "杭州市余杭区经济和信息化局（杭州市余杭区数字经济局）2024年度政府信息公开工作年度报告",
            "杭州市余杭区经济和信息化局（杭州市余杭区数字经济局）",
            2024,
            "department",
        ),
    ],
)
def test_titles(title, agency, year, scope):
    report, _ = identify(page(title, *BODY))
    assert (report.is_report, report.agency, report.year, str(report.scope)) == (True, agency, year, scope)
    assert report.form is None


def test_a_title_in_two_lines_below_a_trail():
    lines = ("首页>>信息公开年报>>政府信息公开年报", "某区经济发展局", "2020年政府信息公开工作年度报告", *BODY)
    report, _ = identify(page(None, *lines))
    assert (report.agency, report.year) == ("某区经济发展局", 2020)


def test_a_trail_of_links_is_no_title():
    lines = ("首页>青河县财政局2019年政府信息公开年报", "2020年政府信息公开工作年度报告", *BODY)
    report, _ = identify(page(None, *lines))
    assert (report.agency, report.year) == (None, 2020)


def test_an_organ_without_its_place_takes_the_publishers_full_name():
    sentence = "现向社会公布2023年度市经信局政府信息公开工作年度报告如下:"
    report, _ = identify(page(None, sentence, *BODY, publisher="黄石市经信局"))
    assert (report.agency, report.year) == ("黄石市经信局", 2023)


def test_a_publisher_that_is_another_organ_does_not_replace_the_title():
    report, _ = identify(page("商务局2023年政府信息公开年报", *BODY, publisher="某市人民政府办公室"))
    assert report.agency == "商务局"
    report, _ = identify(page("商务局2023年政府信息公开年报", *BODY, publisher="黄石市教育局"))
    assert report.agency == "商务局"


HEADINGS = (
    "一、总体情况", "略。", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项",
)  # fmt: skip


def table(*figures):
    rows = [("信息内容", "本年制发件数", "现行有效件数"), ("规章", *figures)]
    cells = tuple(tuple(Cell(raw, r, c, 1, 1, None) for c, raw in enumerate(row)) for r, row in enumerate(rows))
    return Grid(0, cells)


@pytest.mark.parametrize(
    ("title", "publisher", "sentence", "agency"),
    [
        ("2018年政府信息公开年报", "南陵州统计局", "特向社会公布2018年度我局信息公开年度报告。", "南陵州统计局"),
        ("我委2018年政府信息公开年报", "南陵州发展和改革委员会", "", "南陵州发展和改革委员会"),
        ("2018年政府信息公开年报", "青河县普润镇人民政府", "现公布2018年度我镇信息公开年报。", "青河县普润镇人民政府"),
        ("本机关2018年政府信息公开年报", "青河县民政局", "", "青河县民政局"),
        ("2018年政府信息公开年报", "青河县民政局", "本报告由本单位编制。", "青河县民政局"),
        ("2018年政府信息公开年报", "青河县人民政府", "现将我县2018年政府信息公开工作报告如下：", "青河县人民政府"),
        ("2018年政府信息公开年报", "市政府办", "现公布泰宁市人民政府2018年政府信息公开年报。", "泰宁市人民政府"),
        ("2018年政府信息公开年报", "泰宁市人民政府办公室", "由泰宁市民政局编制本报告。", "泰宁市民政局"),
        ("2018年政府信息公开年报", "青河县数据局", "现公布青河县2018年政府信息公开年报。", "青河县"),
        ("2018年政府信息公开年报", None, "安和乡编制本报告，现公布安和乡2018年年报。", "安和乡"),
        ("2018年政府信息公开年报", "市经信局", "现公布黄石市经信局2018年政府信息公开年报。", "黄石市经信局"),
        ("青河县2018年政府信息公开年报", "青河县教育局", "", "青河县"),
        ("2018年政府信息公开年报", "青河县民政局办公室", "", "青河县民政局"),
        ("2018年政府信息公开年报", "青河县民政局政策法规科", "", "青河县民政局"),
        ("2018年政府信息公开年报", "青河县国防动员委员会办公室", "", "青河县国防动员委员会办公室"),
        ("办公室2018年政府信息公开年报", "青河县人民政府办公室", "", "青河县人民政府办公室"),
        ("镇政府2018年政府信息公开年报", "青河县普润镇人民政府", "", "青河县普润镇人民政府"),
        ("青河县人民政府2018年政府信息公开年报", "青河县教育局", "", "青河县人民政府"),
    ],
)
def test_the_order_of_the_evidence_for_an_organ(title, publisher, sentence, agency):
    report, issues = identify(page(title, sentence, *BODY, publisher=publisher))
    assert (report.agency, [issue.kind for issue in issues]) == (agency, [])


@pytest.mark.parametrize(
    ("title", "publisher", "sentence"),
    [
        ("2018年政府信息公开年报", "青河县人民政府办公室", "现公布2018年度我局信息公开年报。"),
        ("2018年政府信息公开年报", "青河县人民政府", "现将我镇2018年政府信息公开工作情况报告如下："),
        ("2018年政府信息公开年报", "青河县民政局", "现公布青河县教育局2018年政府信息公开年报。"),
        ("财政局、教育局2018年政府信息公开年报", "青河县教育局", ""),
        ("各街道2018年政府信息公开年报", "青河县人民政府办公室", ""),
        ("县政府办公室转发县教育局2018年政府信息公开年报", "青河县人民政府办公室", ""),
        ("青河县政府系统2018年政府信息公开年报", "青河县人民政府办公室", ""),
        ("2018年政府信息公开年报", "综合办公室", ""),
        ("2018年政府信息公开年报", "青河县政务公开领导小组办公室", ""),
        ("2018年政府信息公开年报", "青河县教育局、青河县体育局", ""),
        ("2018年政府信息公开年报", "管理员", "现公布2018年度我局信息公开年报。"),
        ("2018年政府信息公开年报", None, "根据青河县人民政府办公室《关于做好年报的通知》要求编制。"),
        ("2018年政府信息公开年报", None, "本报告由青河县民政局办公室汇总编制。"),
    ],
)
def test_an_organ_that_is_not_certain_is_none(title, publisher, sentence):
    report, issues = identify(page(title, sentence, *BODY, publisher=publisher))
    assert (report.is_report, report.agency, report.year) == (True, None, 2018)
    assert [issue.kind for issue in issues] == [IssueKind.AGENCY_UNKNOWN]


def test_a_signature_above_a_day_names_the_organ_where_nothing_else_does():
    lines = (*BODY, "青河县民政局", "2019年1月20日")
    assert identify(page("2018年政府信息公开年报", *lines))[0].agency == "青河县民政局"
    assert identify(page("2018年政府信息公开年报", *lines, publisher="青河县教育局"))[0].agency == "青河县教育局"
    assert identify(page("2018年政府信息公开年报", *BODY, "青河县民政局"))[0].agency is None


def test_a_source_is_the_last_to_name_an_organ_and_a_newspaper_none():
    assert identify(page("2018年政府信息公开年报", *BODY, extra={"source": "青河县民政局"}))[0].agency == "青河县民政局"
    for source in ("青河县融媒体中心", "青河日报", "青河县人民政府网", "本站"):
        assert identify(page("2018年政府信息公开年报", *BODY, extra={"source": source}))[0].agency is None


def test_the_row_of_the_list_names_the_organ_behind_the_publisher():
    titled = page("2018年政府信息公开年报", *BODY)
    assert identify(titled, listed="青河县民政局")[0].agency == "青河县民政局"
    assert identify(replace(titled, document=Document(publisher="青河县教育局")), listed="青河县民政局")[0].agency == (
        "青河县教育局"
    )
    assert (
        identify(page("青河县财政局2018年政府信息公开年报", *BODY), listed="青河县民政局")[0].agency == "青河县财政局"
    )


def test_a_banner_completes_no_title():
    banner = "云川市2020年政府信息公开年报"
    report, _ = identify(page("2019年政府信息公开工作年度报告", banner, "2019年政府信息公开工作年度报告", *BODY))
    assert (report.agency, report.year) == (None, 2019)
    report, _ = identify(page("乌兰县教育局政府信息公开工作年度报告", banner, *BODY))
    assert (report.agency, report.year) == ("乌兰县教育局", None)
    report, _ = identify(page("2019年政府信息公开年报", banner, "乌兰县教育局", "2019年政府信息公开年报", *BODY))
    assert (report.agency, report.year) == ("乌兰县教育局", 2019)


@pytest.mark.parametrize(
    ("title", "agency"),
    [
        ("东岭片区管理局关于报送2020年度政府信息公开工作年度报告的函", "东岭片区管理局"),
        ("东岭片区管理局关于报送2020年度政府信息公开工作年度报告的通知", "东岭片区管理局"),
        ("关于印发青河县2020年度政府信息公开工作年度报告的通知", "青河县"),
        ("青河县人民政府办公室关于公布青河县2020年度政府信息公开工作年度报告的公告", "青河县"),
        ("青河县民政局关于上报2020年度政府信息公开工作年度报告的报告", "青河县民政局"),
        ("青河县民政局2020年度政府信息工作公开年度报告", "青河县民政局"),
        ("青河县民政局2020年政府信息公开工作年终总结", "青河县民政局"),
    ],
)
def test_a_letter_over_the_filled_form_is_the_report(title, agency):
    report, issues = identify(page(title, *HEADINGS, "本年制发件数", "现行有效件数", grids=(table("0", "5"),)))
    assert (report.is_report, report.agency, report.year, issues) == (True, agency, 2020, ())


@pytest.mark.parametrize(
    "title",
    [
        "关于做好2023年政府信息公开工作年度报告编制和报送工作的通知",
        "关于报送2023年政府信息公开工作年度报告的通知",
        "关于报送2023年政府信息公开工作年度报告的函",
        "关于公布2023年政府信息公开工作年度报告的通知",
        "关于印发政府信息公开工作年度报告格式的通知",
    ],
)
def test_a_letter_that_asks_for_reports_is_none(title):
    asked = ("各乡镇人民政府、县直各部门：", "请于2024年1月15日前报送本单位年度报告。报告应包括以下六部分内容：")
    report, issues = identify(page(title, *asked, *HEADINGS, "本年制发件数", "现行有效件数", grids=(table("", ""),)))
    assert (report.is_report, [issue.kind for issue in issues]) == (False, [IssueKind.NOT_A_REPORT])


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("青河县2020年与2021年政府信息公开工作年度报告数据对比", "a comparison"),
        ("青河县2021年政府信息公开年报与上年比较分析", "a comparison"),
        ("青河县2020年、2021年政府信息公开情况对照表", "a comparison"),
        ("青河县2021年政府信息公开工作主要指标同比情况", "a comparison"),
        ("青河县2021年上半年政府信息公开工作报告", "a part of a year"),
        ("青河县2021年1-6月政府信息公开情况统计表", "a part of a year"),
        ("青河县2021年第三季度政府信息公开情况", "a part of a year"),
        ("一图读懂青河县2021年政府信息公开工作年度报告", "about reports"),
        ("图解青河县2021年政府信息公开工作年度报告", "about reports"),
        ("青河县2021年政府信息公开工作年度报告解读", "about reports"),
        ("政府信息公开工作年度报告格式", "about reports"),
        ("政府信息公开工作年度报告（样表）", "about reports"),
        ("政府信息公开工作年度报告（空白表）", "about reports"),
        ("政府信息公开工作年度报告填报说明", "about reports"),
        ("数说青河县2021年政府信息公开年报", "about reports"),
        ("青河县民政局2020年政府信息公开工作半年总结", "a part of a year"),
        ("青河县2023年前三季度政府信息公开情况", "a part of a year"),
    ],
)
def test_a_page_of_other_figures_is_no_annual_report(title, reason):
    for read in (page(title, *BODY), read_page(f"<meta charset=utf-8><h1>{title}</h1><p>{'<p>'.join(BODY)}".encode())):
        report, issues = identify(read)
        assert not report.is_report
        assert reason in issues[0].detail


def test_a_line_at_the_top_tells_of_half_a_year_where_no_title_does():
    assert not identify(page(None, "首页", "青河县民政局2020年上半年政府信息公开情况", *BODY))[0].is_report
    assert identify(page(None, "首页", "数据对比", *BODY))[0].is_report


@pytest.mark.parametrize(
    "title", ["政府信息公开工作年度报告", "2023年政府信息公开工作年度报告", "XX县XX局2023年政府信息公开工作年度报告"]
)
def test_a_form_that_nobody_filled_in_is_no_report(title):
    assert not identify(page(title, *BODY, grids=(table("", ""),)))[0].is_report
    assert identify(page(title, *BODY, grids=(table("0", "0"),)))[0].is_report
    assert identify(page(f"青河县民政局{title}", *BODY, grids=(table("", ""),)))[0].is_report is ("XX" not in title)


def test_the_figures_of_half_a_year_are_no_annual_report():
    half = "本表数据的统计期限自2023年1月1日起至2023年6月30日止。"
    assert not identify(page("政府信息公开情况", *BODY, half))[0].is_report
    assert identify(page("政府信息公开情况", *BODY, half.replace("6月30日", "12月31日")))[0].is_report


def test_no_name_anywhere_is_an_issue():
    report, issues = identify(page("2021年度报告", *BODY))
    assert (report.is_report, report.agency, report.year, report.scope) == (True, None, 2021, Scope.UNKNOWN)
    assert IssueKind.AGENCY_UNKNOWN in {issue.kind for issue in issues}


@pytest.mark.parametrize(
    ("sentence", "year"),
    [
        ("本报告所列数据的统计期限自2024年1月1日起，至2024年12月31日止。", 2024),
        ("本年度报告中所列数据的统计期限从20241月1日到12月31日止。", 2024),
        ("数据统计时限为202111日至20211231日。", 2021),
        ("自2023年1月1日至202323年12月31日，各项工作平稳。", 2023),
        ("2022年1月1日起到2022年12月21日止，本局主动公开信息30条。", 2022),
    ],
)
def test_the_period_gives_the_year_where_no_title_does(sentence, year):
    report, _ = identify(page(None, *BODY, sentence, publisher="某区商务局"))
    assert report.year == year


def test_the_address_gives_the_year_last():
    url = "http://www.yuhang.gov.cn/module/xxgk/xxgkAnnualReport.jsp?area=002510119&fbtime=2022"
    assert identify(page(None, *BODY, publisher="某区商务局"), url)[0].year == 2022
    assert identify(page(None, *BODY, publisher="某区商务局"), url.replace("2022", "22"))[0].year is None


def test_a_publication_date_never_becomes_a_report_year():
    report, issues = identify(page(None, *BODY, publisher="某区商务局", published_on="2024-01-22"))
    assert report.year is None
    assert [issue.kind for issue in issues] == [IssueKind.YEAR_UNKNOWN]


@pytest.mark.parametrize(
    ("lines", "published"),
    [(("统计期限自2022年1月1日起至12月31日止。",), "2024-01-22"), ((), "2022-12-22")],
    ids=["period", "published before the year"],
)
def test_years_that_disagree_are_an_issue(lines, published):
    report, issues = identify(page("某区商务局2023年政府信息公开年报", *BODY, *lines, published_on=published))
    assert report.year == 2023
    assert [issue.kind for issue in issues] == [IssueKind.YEAR_CONFLICT]


def test_a_report_published_within_its_year_is_in_order():
    report, issues = identify(page("某区商务局2022年政府信息公开年报", *BODY, published_on="2022-12-22"))
    assert (report.year, issues) == (2022, ())


def test_an_index_number_of_no_known_shape_is_an_issue():
    _, issues = identify(page("某区商务局2023年政府信息公开年报", *BODY, index_number="/2021-None"))
    assert [issue.kind for issue in issues] == [IssueKind.INDEX_NUMBER_INVALID]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于做好2023年政府信息公开工作年度报告编制和发布工作的通知", BODY),
        ("国务院办公厅政府信息与政务公开办公室关于印发政府信息公开工作年度报告格式的通知", BODY),
        ("一图读懂某市2023年政府信息公开工作年度报告", ("图片",)),
        ("我市召开2023年政府信息公开工作年度报告编制培训会", ("会议要求认真编制。",)),
        (
            "政府信息公开年报",
            ("某局2022年政府信息公开工作年度报告 2023-01-12", "某局2021年政府信息公开工作年度报告 2022-01-12"),
        ),
        ("说明", ("因机构改革，我局2022年政府信息公开工作年度报告由市局统一发布。",)),
        ("某局2023年政府信息公开工作年度报告", ("正在加载",)),
        ("某局2023年工作总结", ("一、工作成效", "二、存在的主要问题", "三、下一步打算")),
        (
            "某局2023年政务公开工作总结",
            ("一、总体情况", "二、主动公开情况", "公开信息。" * 200, "三、依申请公开情况", "四、存在的问题及改进措施"),
        ),
        (
            "某区政府信息公开指南",
            ("一、主动公开", "二、依申请公开", "三、收费标准", "四、监督和救济", "公开信息。" * 200),
        ),
        ("某公司2023年度报告", ("一、公司概况", "二、经营情况", "三、存在的问题")),
        ("2022年政府信息公开申请情况统计", BODY),
        (None, ()),
    ],
)
def test_pages_that_are_no_report(title, lines):
    report, issues = identify(page(title, *lines))
    assert not report.is_report
    assert (report.agency, report.year, report.form) == (None, None, None)
    assert [issue.kind for issue in issues] == [IssueKind.NOT_A_REPORT]
    assert len(issues[0].detail) > 20


def test_a_page_that_only_carries_the_report_as_a_file_is_one():
    attachments = (("/files/report.doc", "年度报告.doc"),)
    report, _ = identify(page("某区2014年政府信息公开工作年度报告", "详见附件。", attachments=attachments))
    assert (report.is_report, report.agency, report.year) == (True, "某区", 2014)


def test_the_headings_alone_make_a_long_page_without_a_title_a_report():
    headings = (
        "一、总体情况", "工作平稳。" * 200, "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项",
    )  # fmt: skip
    report, _ = identify(page("首页", *headings, publisher="某区商务局"))
    assert (report.is_report, report.agency) == (True, "某区商务局")
    contents = [line for line in headings if not line.startswith("工作")]
    assert not identify(page("首页", *contents, publisher="某区商务局"))[0].is_report


def test_one_heading_is_enough_below_a_title_on_a_long_page():
    title = "青河县财政局2023年政府信息公开工作年度报告"
    assert identify(page(title, "一、总体情况", "工作平稳。" * 200))[0].is_report
    assert not identify(page(title, "一、总体情况", "工作平稳。"))[0].is_report


def test_an_annual_report_that_never_names_disclosure_is_another_one():
    headings = ("一、总体情况", "二、存在的主要问题", "三、其他需要报告的事项")
    assert not identify(page("德清县发展和改革局2021年度报告", *headings))[0].is_report
    assert identify(page("德清县发展和改革局2021年度报告", *headings, "政府信息公开工作平稳。"))[0].is_report


def test_a_narrative_report_of_the_first_regulation_is_one():
    lines = (
        "根据《条例》编制本报告。", "一、概述", "二、主动公开政府信息的情况", "三、依申请公开政府信息办理情况",
        "四、收费及减免情况", "五、存在的主要问题及改进措施",
    )  # fmt: skip
    report, _ = identify(page("某县2012年政府信息公开工作年度报告", *lines))
    assert (report.is_report, report.year) == (True, 2012)


@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=5), st.text(max_size=40))
def test_no_page_breaks_the_reader(title, lines, url):
    report, issues = identify(page(title, *lines), f"http://example.gov.cn/{url}")
    assert report.is_report or [issue.kind for issue in issues] == [IssueKind.NOT_A_REPORT]
