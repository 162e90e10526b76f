"""What a link leads to by its title and its address: one organ's report, a column, or something else."""

import pytest
from parsel import Selector

from govcrawl.models import Listing
from govcrawl.platforms.links import links_in, title_of_link
from govcrawl.platforms.printed_families import NUMBERED_PAGE, TRS_DOCUMENT
from govcrawl.platforms.report_links import (
    DocumentAddresses,
    is_organ_name,
    may_be_report,
    names_column,
    proves_report,
)
from govcrawl.platforms.rows import rows_in
from govcrawl.portals import load_registry
from govcrawl.titles import names_organ_group, names_report_column

DISTRICT = load_registry()["110106"]
ADDRESSES = DocumentAddresses((TRS_DOCUMENT,), (NUMBERED_PAGE,))
FOLDER, PAGE = "http://www.bjft.gov.cn/nb/2024/", "http://www.bjft.gov.cn/nb/c5247/content.html"


def row(title: str, url: str = FOLDER) -> Listing:
    return Listing(DISTRICT.id, url, title)


@pytest.mark.parametrize(
    "title",
    [
        "丰台区财政局2024年政府信息公开工作年度报告",
        "2024年度丰台区财政局政府信息公开工作年度报告",
        "附件1：区财政局2024年政府信息公开年报.pdf",
        "3.某某集团有限公司2024年信息公开年度报告",
        "关于丰台区人民政府2024年政府信息公开工作年度报告",
        "丰台区2024年政府信息公开工作年度报告",
        "中国（浙江）自由贸易试验区2024年政府信息公开年度报告",
        "宁坪乡人民政府2024年政府信息公开工作年度报告（2025年1月10日）",
    ],
)
def test_an_organ_a_year_and_the_words_of_a_report_are_proof_whatever_the_address(title):
    assert proves_report(row(title))
    assert ADDRESSES.is_report(row(title))


@pytest.mark.parametrize(
    "title",
    [
        "2024年政府信息公开工作年度报告",
        "丰台区财政局政府信息公开工作年度报告",
        "各区2024年政府信息公开工作年度报告",
        "2024年区级部门政府信息公开年报",
        "乡镇街道2024年政府信息公开年报",
        "2024年县（市、区）政府信息公开工作年度报告",
        "历届2024年政府信息公开工作年度报告",
        "丰台区2024年政府信息公开年报",
        "2019年2月政府信息公开年报",
        "关于做好2024年政府信息公开工作年度报告编制工作的通知",
        "丰台区财政局2024年部门预算",
    ],
)
def test_what_names_no_organ_or_no_year_or_a_group_is_no_proof(title):
    assert not proves_report(row(title))


@pytest.mark.parametrize(
    ("title", "url", "is_report"),
    [
        ("丰台区2024年政府信息公开年报", PAGE, True),
        ("2024年政府信息公开工作年度报告", PAGE, True),
        ("2024年政府信息公开工作年度报告", FOLDER, False),
        ("2024年政府信息公开年报", f"{FOLDER}202501/t20250113_77.html", True),
        ("2024年政府信息公开年报", f"{FOLDER}1880001.html", True),
        ("2024年政府信息公开年报", f"{FOLDER}gb2024.html", False),
        ("2024年政府信息公开年报", f"{FOLDER}nb.pdf", True),
        ("政府信息公开年报", f"{FOLDER}list.jsp?cid=3", False),
        ("招聘公告", f"{FOLDER}202501/t20250113_77.html", False),
    ],
)
def test_any_other_title_is_weighed_with_the_address(title, url, is_report):
    assert ADDRESSES.is_report(row(title, url)) is is_report


def test_in_the_reports_column_a_cut_title_is_enough():
    cut = row("丰台区财政局2024年政府…", PAGE)

    assert ADDRESSES.is_report(cut, inside=True)
    assert not ADDRESSES.is_report(cut)
    assert not ADDRESSES.is_report(row("丰台区财政局2024年政府…"), inside=True)


@pytest.mark.parametrize(
    "name",
    ["街乡年报", "各区年报", "历年年报", "政府信息公开报告", "信息公开年报", "2024年政府信息公开年度报告", "部门年报"],
)
def test_names_of_the_reports_column(name):
    assert names_report_column(name)
    assert names_column(name)


@pytest.mark.parametrize(
    "name",
    [
        "街道乡镇",
        "部门、街道",
        "区政府",
        "功能区",
        "区政府部门",
        "市级部门",
        "县（市、区）",
        "各乡镇人民政府",
        "街道办事处",
        "区属部门",
    ],
)
def test_names_of_groups_of_organs(name):
    assert names_organ_group(name)
    assert not is_organ_name(name)


@pytest.mark.parametrize("name", ["区教育局", "宁坪乡人民政府", "市税务局第二分局", "档案馆", "卢沟桥街道"])
def test_names_of_organs(name):
    assert is_organ_name(name)
    assert may_be_report(name)
    assert may_be_report(f"{name}2024年")


@pytest.mark.parametrize(
    "title",
    [
        "2024年度第三批拟录用人员名单",
        "召开重点项目推进会",
        "公开招聘公告",
        "青年干部座谈会",
        "关于报送2024年年度报告的通知",
        "丰台区2024年政府网站工作年度报告",
        "丰台区财政局2024年度审计报告",
        "一图读懂丰台区财政局2024年政府信息公开工作年度报告",
        "【图解】丰台区财政局2024年政府信息公开工作年度报告",
    ],
)
def test_what_a_row_tells_to_be_something_else_is_not_asked_for(title):
    assert not may_be_report(title)
    assert not proves_report(row(title))
    assert not ADDRESSES.is_report(row(title, PAGE), inside=True)


TITLE = "丰台区财政局2024年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    "markup",
    [
        f"<a href='1.html'>{TITLE}</a>",
        f"<a href='1.html' title='{TITLE}'>{TITLE[:12]}…</a>",
        f"<a href='1.html' title='点击查看'>{TITLE}</a>",
        f"<a href='1.html'><h3>{TITLE}</h3><span>2025-01-10</span></a>",
        f"<a href='1.html'><em>10</em><i>2025-01</i>{TITLE}</a>",
        f"<a href='1.html'>{TITLE} [2025-01-10]</a>",
        f"<a href='1.html'><img alt='{TITLE}'></a>",
    ],
)
def test_the_title_of_a_link_is_its_whole_title_and_no_date(markup):
    assert title_of_link(Selector(markup, type="html").xpath("//a")[0]) == TITLE


@pytest.mark.parametrize(
    "markup",
    [
        f"<ul><li><a href='1.html'>{TITLE}</a></li><li>2025-01-10</li></ul><ul><li><a href='2.html'>x</a></li></ul>",
        f"<div><p><a href='1.html'>{TITLE}</a></p><div>[2025-01-10]</div></div><a href='2.html'>x</a>",
        f"<table><tr><td>3</td><td>{TITLE}</td><td>2025.01.10</td><td><a href='1.html'>查看</a></td></tr></table>",
        f"<li><a href='1.html'><b>{TITLE}</b><i>2025-01-10</i></a></li>",
        f"<li><a href='1.html'>{TITLE}</a><a href='1.html'>详情</a><span>2025/1/10</span></li>",
    ],
)
def test_a_rows_date_may_stand_anywhere_beside_it(markup):
    first = rows_in(Selector(markup, type="html"), DISTRICT, FOLDER)[0]

    assert (first.title, first.listed_on, first.url) == (TITLE, "2025-01-10", f"{FOLDER}1.html")


DETAIL = """<script>function detail(id, k){ window.open('/nb/detail.html?id=' + id + '&k=' + k, '_blank'); }</script>
<a href='#' onclick="detail('77', 3)">x</a><li onclick='return detail(78,4);'>y</li>"""
GO = """<script>var go = function(n){ location.href = 'v' + n + '.html'; }; function no(n){ alert(n); }</script>
<a href='javascript:go(5)'>x</a><a href='javascript:no(5)'>y</a><a onclick='go(this)'>z</a>"""


@pytest.mark.parametrize(
    ("markup", "addresses"),
    [
        ("<a href='/a/'>x</a>", ["/a/"]),
        ("<a href='#' data-url='/a/'>x</a><li data-href='b.html'>y</li>", ["/a/", "/nb/2024/b.html"]),
        ("<a onclick=\"toUrl('/a/')\">x</a><a href=\"javascript:show('b.html', 3)\">y</a>", ["/a/", "/nb/2024/b.html"]),
        ("<div onclick='location.href=\"/a/\"'>x</div><map><area href='/b/' title='y'></map>", ["/a/", "/b/"]),
        (
            "<select><option value='index_1.html'>2</option><option value=''>-</option></select>",
            ["/nb/2024/index_1.html"],
        ),
        ('<script>add("政务公开", "/a/"); var m = {"url": "\\/b\\/", "name": "年报"};</script>', ["/a/", "/b/"]),
        ("<script>document.write('<a href=\"/a/\">x</a>');</script>", ["/a/"]),
        ("<script>document.write('<a href=\"index'+n+'.html\">'+n+'</a>'); go('/x?id=' + id);</script>", []),
        (DETAIL, ["/nb/detail.html?id=77&k=3", "/nb/detail.html?id=78&k=4"]),
        (GO, ["/nb/2024/v5.html"]),
        ("<a href='javascript:next(0)'>下一页</a><a onclick=\"tab('b')\">y</a><a href='mailto:x@y.cn'>z</a>", []),
    ],
)
def test_links_are_found_wherever_they_are_written(markup, addresses):
    found = [link.url for link in links_in(Selector(markup, type="html"), DISTRICT, FOLDER)]

    assert found == [f"http://www.bjft.gov.cn{address}" for address in addresses]
