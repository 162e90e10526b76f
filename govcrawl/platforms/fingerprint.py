"""Which families speak on a page, told by what only their scripts say and how their addresses look.

The marks are data. Words that a family's scripts alone contain tell it at once; the shape of an address must be seen
on several links, because any portal may have one that looks like it. Addresses on other portals are no evidence: a
front page links to dozens of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from govcrawl.models import Exchange
from govcrawl.platforms.markup import text_of, tree_of
from govcrawl.web_address import web_address

SEVERAL = 3
"""Different addresses of a shape that make it evidence."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a family leaves on its pages: `pattern` fits at least `least` different own addresses, or the source (0)."""

    platform: str
    pattern: re.Pattern[str]
    least: int = SEVERAL


def _said(platform: str, pattern: str) -> Mark:
    return Mark(platform, re.compile(pattern), 0)


def _linked(platform: str, pattern: str, least: int = SEVERAL) -> Mark:
    return Mark(platform, re.compile(pattern, re.IGNORECASE), least)


MARKS = (
    _said("hanweb-jpage", r"(?<![\w.-])/module/(?:\w+/){0,2}jpage/\w*dataproxy\.jsp"),
    _said("hanweb-xxgk", r"(?<![\w.-])/module/xxgk/\w+\.jsp"),
    _linked("hanweb-xxgk", r"/module/xxgk/\w+\.jsp", 1),
    _said("hanweb-jpaas", r"(?i)jpaas-publish-server|/unitbuild\.js|\bquerydata\s*="),
    _linked("hanweb-jpaas", r"/art/\d{4}/art_[0-9a-f]{32}\.html$"),
    _linked("hanweb-jpage", r"/col/col\d+/"),
    _linked("hanweb-jpage", r"/art/\d{4}/\d\d?/\d\d?/art_\d+_\d+\.html"),
    _said("epoint", r"(?<![\w.-])/EWB-FRONT/|/(?:webBuilderCommon|ajaxReq)\.js|\bsiteGuid\b"),
    _said("gkmlpt", r"\b_CONFIG\s*=\s*\{|/gkmlpt/(?:gkml/|api/)|gkmlpt/index#"),
    _linked("gkmlpt", r"/gkmlpt/", 1),
    _said("lonsun", r"/site/label/\d|labelName=publicInfoList|\bLs\.pagination\b"),
    _linked("lonsun", r"/(?:public|grassroots)/column/\d+", 1),
    _linked("openness", r"/Openness(?:Content|AnnualReport)/", 1),
    _said("yichang-xxgk", r"xxgkapi\.yichang\.gov\.cn"),
    _linked("yichang-xxgk", r"/zfxxgk/list\.html\?(?:depid|catid)=", 1),
    _linked("jingzhou-zwgk", r"//zwgk\.[\w.-]+/\w+\.shtml\?(?:area|column_id|id)=", 1),
    _said("trs-igs", r"(?<![\w.-])/igs/front/"),
    _said("trs-static", r"createPageHTML\s*\(|TRS_Editor|TRS_UEDITOR"),
    _linked("trs-static", r"/\d{6}/t\d{8}_\d+\.s?html?$"),
    _linked("jhtml", r"\.jhtml$"),
    _linked("uuid-columns", r"/columns/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/"),
    _linked("site-channel", r"/site_\w+/channel_\w+/"),
    _linked("shanghai-nw", r"/nw\d+/(?:index|\d{8}/[0-9a-f]{32})\.html$"),
    _linked("nfcms", r"/content/m?post_\d+\.html$"),
    _linked("c-column", r"/c\d{3,}/(?:\d{4,8}/)?[\w-]+\.s?html?$"),
    _linked("list-n", r"/list(?:[-_]?\d+|-\d+-\d+)\.s?html?$"),
    _said("query-list", r"[\"'/]queryList[\"'?]"),
    _linked("query-list", r"[?&](?:channel_?id|category_id)=\d+"),
)
"""The strongest first: their order is the order in which families are to be tried."""

DIRECTORIES = _linked("static-dir", r"/\d{4}/?\d\d?[-/\d]*/\w*\d{4,}\w*\.s?html?$")
"""Dated folders with numbered articles: evidence only where no family's addresses are seen."""


def recognise(exchange: Exchange) -> tuple[str, ...]:
    """The families whose marks a page bears, strongest first; empty where it tells nothing."""
    source, addresses = text_of(exchange.response.body), frozenset(_own_addresses(exchange))
    found = [mark for mark in MARKS if _bears(source, addresses, mark)]
    if not any(mark.least for mark in found) and _bears(source, addresses, DIRECTORIES):
        found.append(DIRECTORIES)
    return tuple(dict.fromkeys(mark.platform for mark in found))


def _bears(source: str, addresses: frozenset[str], mark: Mark) -> bool:
    if not mark.least:
        return mark.pattern.search(source) is not None
    return sum(mark.pattern.search(address) is not None for address in addresses) >= mark.least


def _own_addresses(exchange: Exchange) -> Iterator[str]:
    """The page's address and all it refers to on its host and the hosts below it."""
    here = exchange.response.url
    own = (urlsplit(here).hostname or "").removeprefix("www.")
    yield here
    for written in tree_of(exchange.response).xpath("//@href | //@src | //@action").getall():
        address = web_address(written, here) or ""
        host = urlsplit(address).hostname or ""
        if host == own or host.endswith(f".{own}"):
            yield address
