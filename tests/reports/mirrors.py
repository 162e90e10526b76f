"""A labelled set of pages: copies as spam mirrors make them, and honest ones that resemble them, of the same reports.

`SET_SIZE` reports of the replica are each varied in every way; a variety changes the page, and where it was found.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from urllib.parse import urlsplit

import opencc

from govcrawl.replica import Replica
from govcrawl.replica.faults.spam_mirrors import spam_mirror_page
from govcrawl.replica.request_response import ReplicaRequest, ReplicaResponse

SET_SIZE = 16
SPAM = "m.organdonor-mirror.org.cn"
BADLY = {"面": "麵", "制": "製", "系": "係", "后": "後", "只": "隻", "复": "複"}
GLOSSES = {"發": "fā", "計": "jì", "報": "bào", "審": "shěn", "縣": "xiàn", "處": "chù"}
WORDS_OF_TROUBLE = (
    "<p>全年严厉打击网络赌博和电信诈骗，查处非法博彩网站12个；举办群众体育赛事，乐鱼湾社区、金沙街道、"
    "威尼斯水城小区和万博园区均已张贴公告，开云路体育馆免费开放。</p>"
)
RARE_NAMES = "<p>氹(dàng)仔街道与洣（mǐ）水镇的公开事项另行公布，微信(weixin)与微博(weibo)同步更新。</p>"


@dataclass(frozen=True)
class Sample:
    """A page with its address and the division of the portal it is said to be of."""

    body: str
    url: str
    division: str


Variety = Callable[[Sample], Sample]


@cache
def _convert(variety: str) -> opencc.OpenCC:
    return opencc.OpenCC(variety)


def _rewritten(change: Callable[[str], str]) -> Variety:
    return lambda sample: replace(sample, body=change(sample.body))


def _converted(variety: str) -> Variety:
    return _rewritten(lambda body: _convert(variety).convert(body))


def _badly(body: str) -> str:
    """Characters that have several traditional forms, each given the one form such converters know."""
    table = str.maketrans(BADLY)
    return "".join(_convert("s2t").convert(part) for part in re.split("([面制系后只复])", body)).translate(table)


def _slipped(body: str) -> str:
    """Converted with care, with one word wrong: what a person's slip looks like, and what a cautious mirror does."""
    return _convert("s2t").convert(body).replace("制度", "製度")


def _glossed(body: str) -> str:
    converted = _convert("s2t").convert(body)
    for character, sound in GLOSSES.items():
        converted = converted.replace(character, f"{character}({sound})", 2)
    return converted


def _advertised(body: str) -> str:
    return re.sub(r"人民政府</title>", "-万博体育app官网下载</title>", body, count=1)


def _keyword(body: str) -> str:
    return re.sub(r"[\u4e00-\u9fff]{2,8}人民政府", "bet365 com ", body)


def _with_meta(name: str, value: str) -> Variety:
    return _rewritten(lambda body: re.sub(rf'(<meta name="{name}" content=")[^"]*', rf"\g<1>{value}", body))


def _at(address: Callable[[Sample], str]) -> Variety:
    return lambda sample: replace(sample, url=address(sample))


def _all(*varieties: Variety) -> Variety:
    def vary(sample: Sample) -> Sample:
        for variety in varieties:
            sample = variety(sample)
        return sample

    return vary


def _gateway(sample: Sample) -> str:
    host = urlsplit(sample.url).hostname
    return f"https://{host}/gate/big5/{host}{urlsplit(sample.url).path}"


def _elsewhere(sample: Sample) -> str:
    return f"https://{SPAM}{urlsplit(sample.url).path}"


def _added(content: str) -> Variety:
    return _rewritten(lambda body: body.replace("</body>", f"{content}</body>"))


HONEST: Mapping[str, Variety] = {
    "as published": lambda sample: sample,
    "traditional": _converted("s2t"),
    "traditional of Taiwan": _converted("s2tw"),
    "traditional of Hong Kong": _converted("s2hk"),
    "a gateway's bad conversion": _all(_rewritten(_badly), _at(_gateway)),
    "sounds of rare names": _added(RARE_NAMES),
    "traditional, with sounds of rare names": _all(_added(RARE_NAMES), _converted("s2t")),
    "words on gambling and sport": _added(WORDS_OF_TROUBLE),
    "the province's name as its site": _with_meta("SiteDomain", "www.zj.gov.cn"),
    "an address as its site": _with_meta("SiteDomain", "10.21.30.4:8080"),
    "no site": _with_meta("SiteDomain", ""),
    "a code left over from the vendor": _with_meta("SiteIDCode", "1100000001"),
}

MIRRORS: Mapping[str, Variety] = {
    "converted and renamed": _rewritten(
        lambda body: spam_mirror_page(ReplicaResponse(body.encode()), "").body.decode()
    ),
    "badly converted": _rewritten(_badly),
    "sounds behind characters": _rewritten(_glossed),
    "an advertisement in the title": _rewritten(_advertised),
    "a keyword for the portal's name": _rewritten(_keyword),
    "its own domain as the site": _with_meta("SiteDomain", SPAM),
    "on a domain of its own": _at(_elsewhere),
    "another province's site and code": _all(
        _with_meta("SiteDomain", "www.changsha.gov.cn"), _with_meta("SiteIDCode", "4301000001")
    ),
    "one word wrong": _rewritten(_slipped),
}


def samples(varieties: Mapping[str, Variety]) -> Iterator[tuple[str, Sample]]:
    """Every report in every variety, with the variety's name."""
    for name, vary in varieties.items():
        for sample in published():
            yield name, vary(sample)


@cache
def published() -> tuple[Sample, ...]:
    """Reports as portals publish them, no two portals' side by side."""
    replica = Replica()
    pages = [page for page in replica.manifest["pages"] if page["expected"] == "report"]
    spread = sorted(pages, key=lambda page: (pages.index(page) % 29, page["url"]))
    return tuple(islice((sample for page in spread if (sample := _sample(replica, page))), SET_SIZE))


def _sample(replica: Replica, page: dict) -> Sample | None:
    parts = urlsplit(page["url"])
    body = replica.respond(ReplicaRequest("GET", parts.netloc, parts.path)).body
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return Sample(text, page["url"], page["portal"]) if "</title>" in text else None
