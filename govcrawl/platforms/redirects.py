"""Where a response sends its reader on: the Location header, a meta refresh, or a page that only moves on by script.

Redirects are followed through the frontier like any other request, so that the robots gate, the pace and the registry
hold for every hop, and a crash between two hops loses nothing.

A page is a redirect only where its script moves on at once and it has neither rows nor text: a pager's function that
would move a list to its next page is none, nor is an address that a script goes on building.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from parsel import Selector

from govcrawl import zh
from govcrawl.models import Exchange, Response
from govcrawl.platforms.links import title_of_link
from govcrawl.platforms.markup import base_of, tree_of
from govcrawl.platforms.script_values import UNKNOWN, value_of_expression
from govcrawl.titles import looks_like_report
from govcrawl.web_address import web_address

MAX_HOPS = 5
_SHELL_BYTES = 8192
"""No page that only moves on is longer."""
_LITTLE_TEXT = 120
"""Characters; a page that shows more has content of its own (正在跳转，如未跳转请点击这里 is less)."""
_FEW_LINKS = 2
_AT_ONCE = 10
"""Seconds; a page that refreshes itself later is read in the meantime."""

_STATUSES = frozenset({301, 302, 303, 307, 308})
_REFRESH = re.compile(r"""\s*(\d{1,6})(?:\.\d+)?\s*[;,]\s*(?:url\s*=)?\s*["']?\s*([^"'\s]+)""", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'\w/])//[^\n]*|<!--|-->", re.DOTALL)
_PIECE = r"""(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'|[A-Za-z_$][\w$.]{0,60}+)"""
_VALUE = rf"""(?:["']([^"']+)["']|([A-Za-z_$][\w$]*)|({_PIECE}(?:\s{{0,9}}\+\s{{0,9}}{_PIECE}){{1,8}}))"""
"""An address as a script writes it: a text, a name, or pieces joined to one."""
_LITERAL = rf"""{_VALUE}\s*(?=[;,)}}\n\r"'`]|$)"""
_PLACE = r"(?<![\w$.])(?:(?:window|document|self|top|parent|this)\.){0,3}location"
_MOVES = (
    re.compile(rf"{_PLACE}(?:\.href)?\s*=\s*{_LITERAL}"),
    re.compile(rf"{_PLACE}\.(?:replace|assign)\s*\(\s*{_LITERAL}"),
    re.compile(rf"\bwindow\.navigate\s*\(\s*{_LITERAL}"),
    re.compile(rf"""\bwindow\.open\s*\(\s*{_VALUE}\s*,\s*["']_(?:self|top|parent)["']"""),
)
_NAMED_FUNCTION = re.compile(
    r"\bfunction\s+([\w$]+)\s*\([^()]*\)\s*$|\b([\w$]+)\s*=\s*(?:function\s*\([^()]*\)|\([^()]*\)\s*=>)\s*$"
)
_CONDITION = re.compile(r"\bif\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)\s*$")
_PHONE = re.compile(r"mobile|phone|android|ipad|ios|userAgent|screen|width|wap", re.IGNORECASE)
_SHOWN = "//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::title)]"


def redirect_target(exchange: Exchange) -> str | None:
    """The absolute address an answer sends on to, or None.

    Status 301, 302, 303, 307 and 308 with a Location header; else, for a short page that shows nothing, a meta refresh
    or a script that sets the location at once. The target is an address of the web; no registry is asked about it here.
    """
    base, target = _sent_on(exchange.response)
    return web_address(target, base) if target else None


def no_address_in(exchange: Exchange) -> str | None:
    """What an answer that sends on names instead of an address of the web ("" for nothing at all); None elsewhere."""
    base, target = _sent_on(exchange.response)
    return None if target is None or (target and web_address(target, base)) else target


def _sent_on(response: Response) -> tuple[str, str | None]:
    """Base and text of what an answer sends on to; "" for a redirect that names nothing, None where it is none."""
    if response.status in _STATUSES:
        return response.url, (response.header("Location") or "").strip()
    return base_of(response), _shell_target(response)


@lru_cache(maxsize=2)
def _shell_target(response: Response) -> str | None:
    body = response.body
    if len(body) > _SHELL_BYTES or b"<" not in body:
        return None
    tree = tree_of(response)
    target = next(filter(None, (_refreshed(tree), *_moved(tree, response))), None)
    return target if target and _shows_nothing(tree) else None


def _shows_nothing(tree: Selector) -> bool:
    """Whether a page has neither rows nor text worth reading."""
    links = tree.xpath("//a[@href]")
    if len(links) > _FEW_LINKS or any(looks_like_report(title_of_link(link)) for link in links):
        return False
    return len(zh.fold(" ".join(tree.xpath(_SHOWN).getall()))) <= _LITTLE_TEXT


def _refreshed(tree: Selector) -> str | None:
    """The address of a meta refresh that comes at once, whatever the order of its attributes."""
    for tag in tree.xpath("//meta[@http-equiv][@content][not(ancestor::noscript)]"):
        found = _REFRESH.match(tag.attrib["content"])
        if tag.attrib["http-equiv"].strip().lower() == "refresh" and found and int(found[1]) <= _AT_ONCE:
            return found[2]
    return None


def _moved(tree: Selector, response: Response) -> Iterator[str]:
    """The addresses that a page's scripts go to at once, those outside any block first."""
    scripts = tree.xpath("//script[not(@src)]/text()").getall()
    text = _COMMENT.sub(" ", "\n;\n".join((*scripts, *tree.xpath("//body/@onload").getall())))
    found = [(match, _blocks(text, match.start())) for match in _matches(text)]
    reached = [
        (match, blocks)
        for match, blocks in found
        if _is_reached(text, blocks) and not _is_for_phones(text, match, blocks)
    ]
    for match, _ in sorted(reached, key=lambda one: len(one[1])):
        if address := match[1] or _value_of(match[2], text) or _joined(match[2] or match[3], response):
            yield address


def _matches(text: str) -> list[re.Match[str]]:
    found = (match for move in _MOVES for match in move.finditer(text))
    return sorted(found, key=lambda match: match.start())


def _blocks(text: str, end: int) -> list[int]:
    """The places of the braces that are open at a place, the outermost first."""
    opened: list[int] = []
    for at, character in enumerate(text[:end]):
        if character == "{":
            opened.append(at)
        elif character == "}" and opened:
            opened.pop()
    return opened


def _is_reached(text: str, blocks: list[int]) -> bool:
    """Whether a place in a script is run at once: it lies in no function that has a name and is called nowhere."""
    for at in blocks:
        if named := _NAMED_FUNCTION.search(text[:at]):
            name = named[1] or named[2]
            if name != "onload" and not re.search(
                rf"(?<!function )(?<![\w$.]){re.escape(name)}\s*\(", text[:at][: named.start()] + text[at:]
            ):
                return False
    return True


def _is_for_phones(text: str, move: re.Match[str], blocks: list[int]) -> bool:
    """Whether a move is made only where a condition tells a phone."""
    before = [text[:at] for at in blocks]
    before.append(text[: move.start()])
    conditions = (_CONDITION.search(one) for one in before)
    return any(found and _PHONE.search(found[0]) for found in conditions)


def _value_of(name: str | None, text: str) -> str | None:
    """The text that a script gives a name."""
    found = (
        re.search(rf"""(?<![\w$.]){re.escape(name)}\s*=\s*["']([^"']+)["']\s*(?=[;,\n\r]|$)""", text) if name else None
    )
    return found[1] if found else None


def _joined(expression: str, response: Response) -> str | None:
    """The address that an expression joins of texts and names with a value; None where a piece of it is not known."""
    value = value_of_expression(expression, response)
    return value if isinstance(value, str) and value and UNKNOWN not in value else None
