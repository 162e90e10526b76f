"""What an answer really is: a page, a challenge, a page that says there is none, or an error, whatever its status says.

The marks are data. Nothing is passed around or solved: a challenge is recorded as `blocked`. Long pages are pages:
real ones may embed a challenge's script or quote the words of an error, so words count only where little else is said.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from govcrawl import zh
from govcrawl.models import Exchange, Portal
from govcrawl.platforms.addresses import is_front_page, is_own
from govcrawl.platforms.markup import text_of
from govcrawl.platforms.redirects import redirect_target
from govcrawl.titles import REPORT_NOUN, speaks_of_reports
from govcrawl.vocabulary import Outcome, Role, Wall

CHALLENGE_STATUS = frozenset({412, 512, 521})
"""Statuses of the challenges of 瑞数 (412) and 加速乐 (512, 521)."""
BLOCKING_STATUS = frozenset({401, 403, 429, 451, 468}) | CHALLENGE_STATUS
"""Statuses that firewalls answer with: demands to log in, refusals, rate limits, challenges."""

SHELL_BYTES = 16_384
"""No challenge and no error page is longer."""
LITTLE_TEXT = 400
"""Characters; a page with more visible text has content of its own."""

CHALLENGE_MARKS = (
    b"$_ts",
    b"__jsl_clearance",
    b"__jsluid",
    b"FSSBBIl1UgzbN7N",
    b"yd_cookie",
    b"acw_sc__v2",
    b"_guard/",
)
"""What the scripts of challenges contain."""
RIDDLE_WORDS = re.compile(
    r"验证码|人机验证|安全验证|滑动验证|滑块|访问验证|正在验证|captcha|enable(?:javascript|cookies)", re.IGNORECASE
)
"""What a challenge says."""
REFUSAL_WORDS = re.compile(
    r"访问过于频繁|请求过于频繁|访问被拦截|请求被拦截|访问被拒绝|疑似.{0,6}攻击|网站防火墙|安全防护|云防护|cloudwaf",
    re.IGNORECASE,
)
"""What a firewall says."""
_DENIED = (
    r"(?:禁止|限制|拒绝|不允许|不支持|无法|不能|暂停|屏蔽|拦截|封禁|denied|forbidden|blocked|restricted|notallowed)"
)
_PLACE = (
    r"(?:境外|海外|国外|非(?:中国)?(?:大陆|境内|国内)|(?:大陆|境内|国内)[以之]外|overseas|outside(?:mainland)?china)"
)
PLACE_WORDS = re.compile(
    rf"{_PLACE}.{{0,20}}{_DENIED}|{_DENIED}.{{0,20}}{_PLACE}"
    rf"|所(?:在|处)的?(?:地区|区域|国家|位置|网络).{{0,20}}{_DENIED}|(?:仅限|仅允许|只允许|仅支持).{{0,8}}(?:境内|国内|大陆)"
    rf"|(?:您|你|当前|来源|访问)的?ip(?:地址)?.{{0,30}}(?:{_DENIED}|不在|黑名单)"
    rf"|(?:your|this)(?:country|region|location|ipaddress).{{0,30}}{_DENIED}|in(?:your|this)(?:country|region)|geo-?(?:block|restrict)",
    re.IGNORECASE,
)
"""What a page says that refuses a caller for the address or the place he calls from."""
_ACCESS = re.compile(r"访问|浏览|ip|access|visit|available", re.IGNORECASE)
LOGIN_WORDS = re.compile(
    r"请您?先?登[录陆]|登[录陆]后.{0,4}(?:查看|访问|浏览|查询)|(?:尚?未|没有)登[录陆]|登[录陆]已?(?:超时|失效|过期)"
)
_PASSWORD = re.compile(rb"<input\b[^>]{0,500}\btype\s*=\s*[\"']?password\b", re.IGNORECASE)
_LOGIN_PLACE = re.compile(
    r"^(?:sso|login|passport|cas|oauth|auth|puser)\.|/(?:(?:user|web|portal)?login|logon|sign-?in|sso|oauth2?|authserver)(?:[/.]|$)",
    re.IGNORECASE,
)
"""Where in host and path of an address a place to log in is named."""
_NO_FORMS = frozenset({Role.ROBOTS, Role.EMBEDDED})
MISSING_WORDS = re.compile(
    r"页面不存在|网页不存在|栏目不存在|文章不存在|信息不存在|内容不存在|不存在或已|已被?删除|已下线|找不到|无法找到|未找到"
    r"|没有找到|不存在的页面|系统繁忙|暂时无法|服务器(?:内部)?错误|系统维护|正在维护|pagenotfound|notfound|(?<!\d)404(?!\d)",
    re.IGNORECASE,
)
NOTHING_INSTEAD = re.compile(rf">\s*(?:暂无|没有)(?:相关|任何)?(?:信息|数据|内容|{REPORT_NOUN}|记录)[。!！]?\s*<")
"""What stands, alone in its element, where an article would."""
FRONT_PAGE_TITLE = re.compile(r"首页|门户网站|政府网|人民政府|^中国.{2,8}$")
EMPTY_ANSWER = re.compile(rb"\s*+(?:[\w.$]{1,80}+\s*+\(\s*+)?(?:\[\s*+\]|\{\s*+\}|null)\s*+\)?\s*+;?\s*+")
"""What an interface answers instead of a document: a list of none, or nothing."""

_ARTICLE_MARKS = re.compile(
    rb"ContentStart|ArticleTitle|TRS_Editor|TRS_UEDITOR|id=[\"']?(?:zoom|ivs_content)\b|bt_content|article-content",
    re.IGNORECASE,
)
_BINARY = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MARKUP = re.compile(rb"\s*<")
_HIDDEN = re.compile(r"<(script|style|title|noscript)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.DOTALL | re.IGNORECASE)
_CHINESE = re.compile("[一-鿿]")
_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r"<a\s[^>]{0,500}>(?:[^<]|<(?!/?a\b)){1,400}</a>", re.IGNORECASE)
_YEAR = re.compile(r"20\d\d")
_TITLE = re.compile(r"<title[^>]*>([^<]{0,300})", re.IGNORECASE)


@lru_cache(maxsize=2)
def classify(exchange: Exchange, portal: Portal) -> Outcome:
    """How an answer is filed: ok, not_modified, blocked, soft_404 or http_error; a function of the exchange alone.

    A redirect is ok (the crawl follows it), except from a document or a list to the front page: there is none. The last
    answers are kept, since a crawl asks before it stores a page and again when it reads it.
    """
    status = exchange.response.status
    if status == 304:
        return Outcome.NOT_MODIFIED
    if status >= 400:
        return Outcome.BLOCKED if status in BLOCKING_STATUS or _is_challenge(exchange) else Outcome.HTTP_ERROR
    if exchange.request.role is Role.EMBEDDED:  # a script or data: what words it holds, and how few, says nothing
        return Outcome.BLOCKED if _MARKUP.match(exchange.response.body) and _is_challenge(exchange) else Outcome.OK
    if _sent_home(exchange, portal):
        return Outcome.SOFT_404
    if status >= 300 or redirect_target(exchange):
        return Outcome.BLOCKED if _asks_to_log_in(exchange) or _bears_challenge(exchange) else Outcome.OK
    return _of_page(exchange, portal)


def wall_of(exchange: Exchange, outcome: Outcome) -> Wall | None:
    """Which wall an answer shows that is filed under an outcome; None where none, or none that has a word.

    A refusal that does not say why (a bare 403, a 429, a firewall's "intercepted") has none: nothing is guessed from
    where the caller may be.
    """
    if outcome is Outcome.HTTP_ERROR:
        return Wall.SERVER_ERROR if exchange.response.status >= 500 else None
    if outcome is not Outcome.BLOCKED:
        return None
    return next((wall for wall, shows in _WALLS if shows(exchange)), None)


def _of_page(exchange: Exchange, portal: Portal) -> Outcome:
    body = exchange.response.body
    if body.startswith(_BINARY):
        return Outcome.OK
    if not body.strip():
        # The per-organ endpoint may answer nothing for a year without a report; anywhere else it is a wall.
        return Outcome.SOFT_404 if "area" in dict(exchange.request.context) else Outcome.BLOCKED
    if _is_challenge(exchange) or _asks_to_log_in(exchange):
        return Outcome.BLOCKED
    return Outcome.SOFT_404 if _says_missing(exchange, portal) else Outcome.OK


def _is_challenge(exchange: Exchange) -> bool:
    """Whether a short page is a challenge: its script's marks, its words, or nothing to see but a script."""
    return _bears_challenge(exchange) or (_says_little(exchange.response.body) and _is_bare_script(exchange))


def _bears_challenge(exchange: Exchange) -> bool:
    """Whether a short page has the marks or the words of a challenge."""
    body = exchange.response.body
    if not _says_little(body):
        return False
    page = text_of(body)
    told = _title(page) + _visible(page)
    words = RIDDLE_WORDS.search(told) or REFUSAL_WORDS.search(told) or _refuses_place(exchange)
    return bool(words) or any(mark in body for mark in CHALLENGE_MARKS)


def _refuses_place(exchange: Exchange) -> bool:
    """Whether a page that says little else refuses its caller's address or place."""
    page = text_of(exchange.response.body[: 4 * SHELL_BYTES])
    seen = _visible(page)
    told = _title(page) + seen
    return len(seen) <= LITTLE_TEXT and bool(PLACE_WORDS.search(told) and _ACCESS.search(told))


def _asks_to_log_in(exchange: Exchange) -> bool:
    """Whether an answer is a login form with little beside it, sends on to one, or demands one by its status."""
    if exchange.request.role in _NO_FORMS:
        return False
    if exchange.response.status == 401:
        return True
    if target := redirect_target(exchange):
        parts = urlsplit(target)
        return _LOGIN_PLACE.search(f"{parts.hostname or ''}{parts.path}") is not None
    body = exchange.response.body
    if exchange.response.status >= 300 or not _says_little(body):
        return False
    return bool(_PASSWORD.search(body) or LOGIN_WORDS.search(_visible(text_of(body))))


def _sets_riddle(exchange: Exchange) -> bool:
    """Whether an answer is a script or a riddle to be solved before the page is shown."""
    body = exchange.response.body
    if exchange.response.status in CHALLENGE_STATUS or any(mark in body for mark in CHALLENGE_MARKS):
        return True
    page = text_of(body)
    return bool(RIDDLE_WORDS.search(_title(page) + _visible(page))) or _is_bare_script(exchange)


def _is_empty(exchange: Exchange) -> bool:
    return exchange.response.status < 300 and not exchange.response.body.strip()


_WALLS: tuple[tuple[Wall, Callable[[Exchange], bool]], ...] = (
    (Wall.FOREIGN_BLOCK, _refuses_place),
    (Wall.LOGIN, _asks_to_log_in),
    (Wall.SCRIPT_CHALLENGE, _sets_riddle),
    (Wall.EMPTY_PAGE, _is_empty),
)
"""How a wall is told from an answer that is filed as blocked; the first that fits."""


def _says_little(body: bytes) -> bool:
    is_short = len(body) <= SHELL_BYTES and not body.startswith(_BINARY)
    return is_short and len(_visible(text_of(body))) <= LITTLE_TEXT and not _lists_reports(body)


def _lists_reports(body: bytes) -> bool:
    """Whether a page links to reports: whatever stands beside them (a box to log in, a riddle for it), it is a list."""
    links = (zh.fold(_TAG.sub("", link)) for link in _LINK.findall(text_of(body)))
    return any(speaks_of_reports(name) and _YEAR.search(name) for name in links)


def _is_bare_script(exchange: Exchange) -> bool:
    """Whether a page that shows nothing is a shell: it runs a script, frames and pictures nothing.

    A menu on the way to a list may be nothing but a script as well; it holds the Chinese names of its entries. A front
    page that scripts fill has the Chinese title of a page.
    """
    page, role = text_of(exchange.response.body), exchange.request.role
    lowered = page.lower()
    if _visible(page) or "<script" not in lowered or "<img" in lowered or "<iframe" in lowered or "<frame" in lowered:
        return False
    told = _title(page) if role is Role.HOME else "" if role is Role.DOCUMENT else page
    return not _CHINESE.search(told)


def _sent_home(exchange: Exchange, portal: Portal) -> bool:
    """Whether an answer sends the reader of a document or a list to the portal's front page, or to that of its host."""
    url, target = exchange.request.url, redirect_target(exchange)
    inner = exchange.request.role in {Role.DOCUMENT, Role.LIST, Role.ATTACHMENT}
    if not inner or target is None or not is_front_page(target) or is_front_page(url):
        return False
    return is_own(target, portal) or urlsplit(target).hostname == urlsplit(url).hostname


def _says_missing(exchange: Exchange, portal: Portal) -> bool:
    body, role = exchange.response.body, exchange.request.role
    page = text_of(body[: 4 * SHELL_BYTES])
    title = _title(page)
    if role is Role.DOCUMENT and (_is_front_page(title, body, portal) or _shows_nothing(page)):
        return True
    if role is Role.DOCUMENT and EMPTY_ANSWER.fullmatch(body):
        return True
    seen = _visible(page) if len(body) <= SHELL_BYTES else ""
    if role is Role.LIST or not seen or len(seen) > LITTLE_TEXT:
        return False
    return MISSING_WORDS.search(title + seen) is not None


def _is_front_page(title: str, body: bytes, portal: Portal) -> bool:
    """Whether a page under a document's address is the portal's front page: by its title, and no article on it."""
    place = zh.fold(portal.name)
    of_portal = "首页" in title or place in title or place[:-1] in title
    of_document = "公开" in title or speaks_of_reports(title)
    fits = of_portal and FRONT_PAGE_TITLE.search(title) and not of_document
    return bool(fits) and not _ARTICLE_MARKS.search(body)


def _shows_nothing(page: str) -> bool:
    return NOTHING_INSTEAD.search(page) is not None and "<table" not in page.lower()


def _title(page: str) -> str:
    match = _TITLE.search(page)
    return zh.fold(match[1]) if match else ""


def _visible(page: str) -> str:
    """What a reader sees of a short page, folded."""
    return zh.fold(_TAG.sub(" ", _HIDDEN.sub(" ", page)))
