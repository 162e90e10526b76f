"""Marks of spam mirrors: found where they are, and never on honest pages."""

from collections import Counter

import mirrors
import opencc
import pytest

from govcrawl.models import Document
from govcrawl.pages import read_page
from govcrawl.pages.page import Block, Page
from govcrawl.reports.spam_mirrors import marks
from govcrawl.vocabulary import IssueKind, Script

PROSE = (
    "2023年，我局健全政府信息发布审查机制，全面落实公开制度，面向企业强化服务，编制目录，规范强制措施。",
    "全年收到政府信息公开申请4件，只有1件涉及行政复议，均已答复；反复核对，恢复原状，联系方面畅通。",
    "充分发挥各系统、各层面作用，台账清楚，范围明确，以后里程碑任务由干部负责。",
)
ADDRESS = "https://www.hangzhou.gov.cn/art/2024/1/22/art_1229063423_4234590.html"


def page(*lines, title=None, script=Script.HANS, **meta):
    return Page("", "text/html", "utf-8", Document(title=title, script=script), tuple(map(Block, lines)), meta=meta)


def test_converter_errors():
    (issue,) = marks(page("健全審查機製，全麵落實公開製度，麵向企業。", script=Script.HANT))
    assert issue.kind is IssueKind.SUSPECTED_MIRROR
    assert "全麵" in issue.detail
    assert "機製" in issue.detail


def test_pinyin_behind_characters():
    (issue,) = marks(page("縣審計(jì)局發(fā)布年度報(bào)告"))
    assert "發(fā)" in issue.detail


@pytest.mark.parametrize(
    "text", ["在manbetxbrf com 门户网站公开", "首页 ManBetX 客户端", "万博体育app官网下载", "bet365.com入口"]
)
def test_betting_brands(text):
    (issue,) = marks(page(text))
    assert issue.where == "document"


def test_a_brand_in_the_title_counts():
    assert marks(page("正文", title="某局年度报告-开云体育官网"))


def test_a_government_page_on_a_foreign_host():
    (issue,) = marks(page("正文", sitedomain="www.hangzhou.gov.cn"), "https://example.com/art/2024/1/22/art_1_2.html")
    assert "example.com" in issue.detail


@pytest.mark.parametrize(
    "url", [ADDRESS, None, "http://127.0.0.1:8000/x", "http://localhost/x", "http://[::1]/x", "http://10.1.2.3/x"]
)
def test_hosts_that_tell_nothing(url):
    assert marks(page(*PROSE, sitedomain="www.hangzhou.gov.cn"), url) == ()


@pytest.mark.parametrize("variety", ["s2t", "s2tw", "s2hk"])
@pytest.mark.parametrize("url", [ADDRESS, None])
def test_a_careful_conversion_carries_no_mark(variety, url):
    converted = map(opencc.OpenCC(variety).convert, PROSE)
    assert marks(page(*converted, script=Script.HANT), url) == ()


def test_a_governments_own_gateway_may_convert_badly():
    url = "https://www.beijing.gov.cn/gate/big5/www.beijing.gov.cn/x.html"
    assert marks(page("健全審查機製，全麵落實公開製度。", script=Script.HANT), url) == ()


@pytest.mark.parametrize(
    "line",
    [
        "严厉打击网络赌博、博彩和棋牌室，查处案件12起。",
        "在金沙江路威尼斯水城小区张贴公告。",
        "氹(dàng)仔街道与洣(mǐ)水镇",
        "開展技術合作，製作宣傳片。",
        "政务新媒体包括微信(weixin)、微博(weibo)、抖音(app)。",
        *PROSE,
    ],
)
def test_honest_lines(line):
    assert marks(page(line), ADDRESS) == ()


def found(varieties):
    """By variety, for how many of its pages marks were found."""
    counts = Counter()
    for name, sample in mirrors.samples(varieties):
        counts[name] += bool(marks(read_page(sample.body.encode(), "text/html"), sample.url, sample.division))
    return counts


def test_on_the_labelled_set_next_to_nothing_honest_is_suspected_and_nearly_every_mirror_is():
    honest, mirrored = found(mirrors.HONEST), found(mirrors.MIRRORS)
    size = mirrors.SET_SIZE * (len(mirrors.HONEST) + len(mirrors.MIRRORS))
    suspected = honest.total() + mirrored.total()
    precision = mirrored.total() / suspected
    recall = mirrored.total() / (mirrors.SET_SIZE * len(mirrors.MIRRORS))

    assert size >= 200
    assert precision >= 0.99, f"precision {precision:.3f} on {size} pages; wrongly suspected: {honest}"
    assert recall >= 0.85, f"recall {recall:.3f} on {size} pages; found of {mirrors.SET_SIZE} each: {mirrored}"
    assert mirrored["one word wrong"] == 0, "one slip is no mark, so that no person's is"
