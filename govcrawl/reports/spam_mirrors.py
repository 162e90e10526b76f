"""Spam mirrors: copies of a government page on expired domains, converted and filled with advertising.

A mirror keeps the path, the ids and most figures of its original, so its tables look right; its text gives it away. An
honest page has none of the marks. A government's own gateway to traditional characters (`/gate/big5/`) converts with
care or names its source, and a page about gambling names no brand with an address. A mark is a suspicion, not a
verdict.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from govcrawl import zh
from govcrawl.models import Issue
from govcrawl.pages.page import Page
from govcrawl.vocabulary import IssueKind, Script, Severity

# Words in which a character-by-character converter chose the wrong traditional character.
_CONVERTER_ERRORS = re.compile(
    "[機體]製|製[度定約]|[控限抑強管]製|[全方層對書平]麵|麵[向對積臨]|隻[有能要計是]|[答回批]複|[反恢]複"
    "|[網係]絡係統|係統|聯係|[心夜這那]裏麵|皇後|[以之今]後麵"
)
_GATEWAY = re.compile(r"/gate/big5/|^https?://big5\.|[?&]big5=")

_PINYIN_GLOSS = re.compile(r"(?<=[\u4e00-\u9fff])[(（][a-zü]{0,4}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]{0,3}[)）]")

_BETTING = re.compile(
    r"(?<![a-z])(?:man ?betx|bet ?365|188 ?bet|1xbet|betway|bwin|fun88|w88|m88)[a-z0-9]*(?:[ .](?:com|net|cc|vip)\b)?"
    r"|(?:万博|亚博|开云|乐鱼|必威|澳门新?葡京|金沙|威尼斯人|爱游戏|半岛|华体会|星空|九游|米兰)(?:体育|娱乐|真人|电竞)(?:app|官网|平台|登录|下载|入口)"
    r"|(?:澳门|真人)(?:百家乐|葡京|赌场)(?:官网|app|平台|网址)",
)
_BETTING_STEMS = (
    "bet",
    "bwin",
    "fun88",
    "w88",
    "m88",
    "体育",
    "體育",
    "娱乐",
    "娛樂",
    "真人",
    "电竞",
    "電競",
    "葡京",
    "赌",
    "賭",
)

_ADVERTISED = ("keywords", "description", "sitename", "columnname")
_TITLE = re.compile(rb"<title[^>]{0,99}>([^<]{0,500})", re.IGNORECASE)
_HEAD_BYTES = 16_384

_GOVERNMENT = ".gov.cn"
_ADDRESS_PARTS = re.compile(r"^\s*(?:https?://)?|[:/?#].*$|\s+$")
_PUBLIC_NAME = re.compile(r"(?:[\w-]+\.)+(?!local$|lan$|localdomain$|example$|test$)[a-z]{2,}")
_SITE_CODE = re.compile(r"[1-6]\d{9}")


def marks(page: Page, url: str | None = None, division: str | None = None) -> tuple[Issue, ...]:
    """Returns one issue `suspected_mirror` that lists every mark with its count, or no issue.

    `url` is the address of the page, `division` the code of the government that owns the portal. Without them the marks
    of the address are skipped.
    """
    text = "\n".join(block.text for block in page.blocks)
    found = [
        *_converter_errors(page, text, url or ""),
        *_glosses(text),
        *_betting("\n".join((*_named(page), text))),
        *_foreign_site(page, url, division or ""),
    ]
    if not found:
        return ()
    detail = f"marks of a mirror: {'; '.join(found)}"
    return (Issue(IssueKind.SUSPECTED_MIRROR, Severity.WARNING, "document", detail),)


def _named(page: Page) -> Iterator[str]:
    """The names of a page outside its text, where mirrors advertise to search engines."""
    yield page.document.title or ""
    if found := _TITLE.search(page.body[:_HEAD_BYTES]):
        yield found[1].decode(page.encoding, "replace")
    yield from (page.meta.get(name, "") for name in _ADVERTISED)


def _converter_errors(page: Page, text: str, url: str) -> Iterator[str]:
    """At least two different wrong words. One may be a typing error."""
    wrong = Counter(_CONVERTER_ERRORS.findall(text)) if page.document.script is Script.HANT else Counter()
    if len(wrong) >= 2 and not _GATEWAY.search(url):
        yield f"converter errors {_listed(wrong)}"


def _glosses(text: str) -> Iterator[str]:
    """Pinyin behind at least three different characters. An honest page may gloss one rare character in a name."""
    glosses = Counter(text[match.start() - 1 : match.end()] for match in _PINYIN_GLOSS.finditer(text))
    if len(glosses) >= 3:
        yield f"pinyin behind characters {_listed(glosses)}"


def _betting(text: str) -> Iterator[str]:
    plain = text.lower()
    if not any(stem in plain for stem in _BETTING_STEMS):
        return
    brands = Counter(match[0] for match in _BETTING.finditer(zh.aligned(plain)))
    if brands:
        yield f"betting brands {_listed(brands)}"


def _foreign_site(page: Page, url: str | None, division: str) -> Iterator[str]:
    """The site that a page names as its own, if it is not the site it came from."""
    host = (urlsplit(url).hostname or "") if url else ""
    named = _ADDRESS_PARTS.sub("", page.meta.get("sitedomain", "").lower())
    if not all(map(_PUBLIC_NAME.fullmatch, (host, named))):
        return
    if not named.endswith(_GOVERNMENT) or not host.endswith(_GOVERNMENT):
        is_foreign = named.endswith(_GOVERNMENT) or host.endswith(_GOVERNMENT)
    else:
        is_foreign = _owner(named) != _owner(host) and _of_another_province(page.meta.get("siteidcode", ""), division)
    if is_foreign:
        yield f"the page names {named} as its site, but came from {host}"


def _owner(name: str) -> str:
    """The part of a host name under .gov.cn that belongs to one government."""
    return ".".join(name.split(".")[-3:])


def _of_another_province(site_code: str, division: str) -> bool:
    """Whether a site code is of another province than the portal. A site code begins with the code of its division."""
    return bool(division and _SITE_CODE.fullmatch(site_code)) and site_code[:2] != division[:2]


def _listed(found: Counter[str]) -> str:
    """The most frequent finds with their counts, in an order independent of the page."""
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{word} ×{count}" for word, count in ranked[:6])
