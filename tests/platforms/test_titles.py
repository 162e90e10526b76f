"""What titles and names say."""

import pytest

from govcrawl.platforms.titles import (
    is_wanted,
    looks_like_report,
    names_one_report,
    names_organ_group,
    names_report_column,
    names_year_column,
    report_year,
)


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("杭州市经济和信息化局2023年政府信息公开工作年度报告", 2023),
        ("余杭区经信局2024年信息公开年报", 2024),
        ("2023年度政府信息公开工作报告（图文版）", 2023),
        ("关于2024年度政府信息公开工作情况的报告", 2024),
        ("计划生育局2013年政府信息公开年度报告", 2013),
        ("市政府采购中心 2023 年政府信息公开工作年度报告", 2023),
        ("区审计局２０２２年政府信息公开年报", 2022),
        ("政府信息公开情况统计表（2014年度）", 2014),
        ("二〇二三年政府信息公开年报", 2023),
        ("市教育局政府信息公开年度报告.pdf", None),
        ("浙江省教育厅2024年政府信息公开工作年度报告【2025年1月发布】", 2024),
        ("2025年1月发布2024年政府信息公开年度报告", 2024),
        ("國家統計局調查隊2019年政府信息公開工作年度報告", 2019),
        ("某街道2023年政府信息公开工作年...", 2023),
        ("政务公开年度报告2021", 2021),
        ("2011年和2012年政府信息公开工作报告", 2012),
    ],
)
def test_titles_of_reports_and_their_years(title, year):
    assert looks_like_report(title)
    assert report_year(title) == year


@pytest.mark.parametrize(
    "title",
    [
        "关于做好2023年政府信息公开工作年度报告编制工作的通知",
        "《2023年政府信息公开年度报告》解读",
        "2023年政府信息公开工作要点",
        "政府网站工作年度报表（2023年度）",
        "2023年法治政府建设年度报告",
        "政府信息公开指南",
        "2023年政府工作报告",
        "关于政府信息公开年度报告的通报",
        "2023年度部门决算公开",
        "",
    ],
)
def test_other_titles_are_no_reports_and_are_left_out_everywhere_they_are_clear(title):
    assert not looks_like_report(title)
    assert not is_wanted(title, dedicated=False)


def test_in_the_reports_own_list_only_clear_strangers_are_left_out():
    assert is_wanted("2023年度报告", dedicated=True)
    assert is_wanted("市教育局", dedicated=True)
    assert not is_wanted("2023年度报告", dedicated=False)
    assert not is_wanted("关于报送2023年度报告的通知", dedicated=True)


@pytest.mark.parametrize(
    "name",
    [
        "年报",
        "年度报告",
        "信息公开年报",
        "政府信息公开工作年度报告",
        "2024年政府信息公开年报",
        "信息公開年報",
        "部门年报",
        " 政府信息\u3000公开年报 ",
        "政府信息公开年度报告（2024）",
        "信息公开年报汇总",
    ],
)
def test_names_of_the_reports_column(name):
    assert names_report_column(name)


@pytest.mark.parametrize(
    "name",
    ["政府信息公开", "统计年报", "政府网站年报", "企业年报", "年度预算报告", "2023年", "法治政府建设年度报告", ""],
)
def test_names_of_other_columns(name):
    assert not names_report_column(name)


def test_parts_of_a_column_are_named_by_year_or_group_of_organs():
    assert all(map(names_year_column, ("2023年", "2023年度", "2022年度报告", "2024年市级部门", "乡镇街道2023年")))
    assert not any(map(names_year_column, ("市级部门", "2023年工作要点", "年报")))
    assert all(map(names_organ_group, ("市级部门", "市直部门", "乡镇（街道）", "县（市、区）", "各区县", "镇街")))
    assert not any(map(names_organ_group, ("市教育局", "2023年", "部门预算")))


@pytest.mark.parametrize(
    ("title", "of_one"),
    [
        ("市教育局2023年政府信息公开年报", True),
        ("孝感市司法局政府信息公开年报（2023年）", True),
        ("云梦县人民政府2023年政府信息公开年报", True),
        ("2023年政府信息公开年报", False),
        ("市级政府信息公开年报", False),
        ("2024年市级部门信息公开年报", False),
        ("市教育局政府信息公开年报", False),
    ],
)
def test_one_report_is_told_from_a_column_of_them(title, of_one):
    assert names_one_report(title) is of_one
