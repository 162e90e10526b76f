"""Headings: what a part of a page is named by, and that a link keeps its own name under one."""

import pytest
from parsel import Selector

from govcrawl import platforms
from govcrawl.models import Exchange, Response
from govcrawl.platforms.headings import heading_around, report_heading_before, says_more, under_report_headings

from ..growth import LINEAR, growth
from .test_page_decides import HOME, PORTAL

UNDER = {
    "before its block": "<h3>部门年报</h3><div>{}</div>",
    "in a bar with a link for more": "<div><b>部门年报</b><a href='/m/'>更多&gt;</a></div><div><p>{}</p></div>",
    "in a row of a table": "<table><tr><th>部门年报</th><td>{}</td></tr></table>",
    "as the term of several definitions": "<dl><dt>部门年报</dt><dd>{}</dd><dd>{}</dd></dl>",
    "as the second tab": (
        "<ul><li>指南</li><li>部门年报</li></ul><!-- panes --><div><ul><li>目录</li></ul><ul><li>{}</li></ul></div>"
    ),
    "of a year": "<h4>2024年部门年报</h4><div>{}</div>",
    "that is a link as well": "<h4><a href='/nb/'>部门年报</a></h4><div>{}</div>",
    "in a paragraph": "<p><strong>部门年报</strong></p><p>{}</p>",
}
NOT_UNDER = {
    "an entry of a menu": "<a href='/nb/'>部门年报</a><div>{}</div>",
    "a menu of one entry": "<div><a href='/nb/'>部门年报</a></div><div>{}</div>",
    "a year": "<h4>2024年</h4><div>{}</div>",
    "another heading": "<h3>部门指南</h3><div>{}</div>",
    "another kind of report": "<h3>企业年报</h3><div>{}</div>",
    "where one is": "<div>首页 &gt; <span>部门年报</span></div><div>{}</div>",
    "the heading of the block before": "<h3>部门年报</h3><div>目录</div><h3>部门指南</h3><div>{}</div>",
    "the first tab of two": "<ol><li>部门年报</li><li>指南</li></ol><div><p>目录</p><p>{}</p></div>",
    "a page's title": "<head><title>部门年报</title></head><body><div>{}</div></body>",
}
ORGAN = "<a href='{}'>民政局</a>"


def headed(markup: str) -> int:
    """How many of the links of a page stand under a heading of reports."""
    return len(under_report_headings(Selector(markup).xpath("//a[text() = '民政局']")))


@pytest.mark.parametrize("place", UNDER)
def test_a_link_stands_under_a_heading(place):
    markup = UNDER[place]
    assert headed(markup.replace("{}", ORGAN)) == markup.count("{}")


@pytest.mark.parametrize("place", NOT_UNDER)
def test_a_link_does_not_stand_under_a_heading(place):
    assert headed(NOT_UNDER[place].replace("{}", ORGAN)) == 0


def test_a_link_under_a_heading_keeps_its_organ_s_name_for_the_entry_that_its_host_belongs_to():
    markup = UNDER["before its block"].replace("{}", ORGAN.format("http://mzj.example.gov.cn/nb.shtml"))
    response = Response(HOME.url, 200, (), markup.encode())

    (elsewhere,) = platforms.read(Exchange(HOME, response), PORTAL).elsewhere

    assert elsewhere.name == "民政局"


def test_a_long_text_is_no_heading():
    element = Selector(f"<div><p>{'部门年报' * 20}</p><ul><li>x</li></ul></div>").xpath("//ul")[0]
    assert report_heading_before(element) == ""


def test_a_link_for_more_has_the_heading_around_it():
    link = Selector("<div class=box><h3>部门年报</h3><a>更多&gt;</a></div>").xpath("//a")[0]

    assert says_more("更多>")
    assert not says_more("更多年报")
    assert heading_around(link) == "部门年报"
    assert heading_around(Selector("<p><a>更多</a></p>").xpath("//a")[0]) == ""


def test_what_stands_before_many_blocks_is_read_once():
    def task(size):
        markup = f"<div>{'<a>指南</a>' * size}</div><section>{f'<div>{ORGAN}</div>' * size}</section>"
        return lambda: headed(markup)

    assert growth(task, 300) < LINEAR


@pytest.mark.parametrize(
    "piece", ["<div>{}</div>", "<h3>部门年报</h3><div>{}</div>", "<p>x</p>", "<ul><li>{}</li></ul>", "<div>{}"]
)
def test_headings_are_found_in_linear_time(piece):
    def task(size):
        markup = piece.replace("{}", ORGAN) * size + ORGAN
        return lambda: headed(markup)

    assert growth(task, 200) < LINEAR
