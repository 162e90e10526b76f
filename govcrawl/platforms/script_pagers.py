"""Pagers that a page's script draws: how many pages a list has, and how their addresses are built.

A call says it (`createPageHTML(25, 0, "index", "shtml")`, `new Pager({size: 25, prefix: 'index', …})`), or a variable
holds the count (`var countPage = 25`) and an expression builds the addresses (`"index_" + (n + 1) + ".html"`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from govcrawl.models import Exchange
from govcrawl.platforms.markup import base_of, text_of
from govcrawl.platforms.script_values import PageScript, ScriptValue, page_script
from govcrawl.web_address import join_url

_FEWEST = 2
_MAX_DIGITS = 6

_VARIABLE = re.compile(r"""(?<![\w$.])([A-Za-z_$][\w$]{0,40})\s*=\s*["']?(\d{1,6})["']?(?![\w.])""")
_CREATES = re.compile(r"create\w*page\w*", re.IGNORECASE)
_COUNTS = re.compile(
    r"(?:m_)?(?:n|i|int)?_?(?:page_?counts?|count_?pages?|total_?pages?|page_?totals?|max_?pages?|page_?all|pages)",
    re.IGNORECASE,
)
_COUNTED_BY = ("size", "count", "pageCount", "totalPage", "totalPages", "pages", "pageTotal", "total")
_CURRENT = re.compile(
    r"(?:m_)?(?:n|i|int)?_?(?:curr?(?:ent)?_?page(?:_?(?:no|num|index))?|page_?(?:index|no|num)|now_?page)",
    re.IGNORECASE,
)
_BUILT = re.compile(
    r"""["'](?:[^"'<>]{0,80}<a\b[^"'>]{0,80}href=\\?["']?)?([\w./?=&%:-]{1,200}?)["']\s*\+\s*
    (\((?:[^();{}]|\([^()]*\)){1,80}\)|[\w.]{1,40}(?:\s*[-+]\s*\d)?)(?:\s*\+\s*["'](\.\w{2,5}|_\w+\.\w{2,5}|&[\w.=&-]{0,80}))?""",
    re.VERBOSE,
)
"""`"index_" + (n + 1) + ".html"`, also inside the markup that a script writes; `"?page=" + n` needs nothing behind."""
_PAGE_PARAMETER = re.compile(r"[?&]\w*(?:page|pn|p)\w*=$", re.IGNORECASE)
_LINKED_ENDING = re.compile(r"""\.(s?html?|jhtml)["'?]""")
_OF_TRS = re.compile(r"""\bvar\s+(?:countPage|m_nPageCount)\s*=\s*["']?\d""")
_PAGE_NAME = re.compile(r"([\w-]+)\.(\w+)$")


@dataclass(frozen=True, slots=True)
class ScriptPager:
    """How many pages a list has, the number that its first page goes by, and what stands around a page's number."""

    count: int
    first: int
    before: str
    behind: str
    base: str

    def address(self, page: int) -> str:
        """The address of a page, counted from 1."""
        return join_url(self.base, f"{self.before}{page - 1 + self.first}{self.behind}")


def script_pager(exchange: Exchange) -> ScriptPager | None:
    """The pager that a page's script draws; None where there is none, or its addresses cannot be told."""
    base, script = base_of(exchange.response), page_script(exchange.response)
    told = next(filter(None, (_called(name, arguments, base) for name, arguments in _calls(script))), None)
    return told or _counted(exchange, base)


def _calls(script: PageScript) -> Iterator[tuple[str, tuple[ScriptValue, ...]]]:
    """(name, arguments) of each call of a function in a script."""
    for at in range(len(script.tokens) - 1):
        name = script.tokens[at]
        if script.tokens[at + 1] == "(" and script.tokens[at - 1] != "function" and ("age" in name):
            yield name, script.arguments_at(at + 1)[0]


def _called(name: str, arguments: tuple[ScriptValue, ...], base: str) -> ScriptPager | None:
    """The pager that a call draws: by numbers and names in a row, or by an object that has them."""
    if _CREATES.fullmatch(name):
        return _of_row(arguments, base)
    told: Mapping[str, ScriptValue] = next((one for one in arguments if isinstance(one, Mapping)), {})
    count = next((one for key in _COUNTED_BY if (one := _number(told.get(key))) is not None), None)
    prefix, suffix = told.get("prefix"), told.get("suffix")
    if count is None or not isinstance(prefix, str) or not isinstance(suffix, str):
        return None
    return ScriptPager(count, _number(told.get("current")) or 0, f"{prefix}_", f".{suffix.lstrip('.')}", base)


def _of_row(arguments: tuple[ScriptValue, ...], base: str) -> ScriptPager | None:
    """The pager of `createPageHTML`; one that names the element to fill counts its pages from 1."""
    names_element = bool(arguments) and isinstance(arguments[0], str) and _number(arguments[0]) is None
    count, _, name, ending = (*arguments[names_element:], None, None, None, None)[:4]
    pages = _number(count)
    if pages is None or not isinstance(name, str) or not isinstance(ending, str):
        return None
    return ScriptPager(pages, int(names_element), f"{name}_", f".{ending.lstrip('.')}", base)


def _counted(exchange: Exchange, base: str) -> ScriptPager | None:
    """The pager of a script that holds the count in a variable; its addresses are built there, or as usual."""
    text = text_of(exchange.response.body)
    count = _named(text, _COUNTS)
    if count is None or count < _FEWEST:
        return None
    built = next(_builders(text), None) or (_usual(exchange) if _OF_TRS.search(text) else None)
    if built is None:
        return None
    before, behind = built
    current = _named(text, _CURRENT)
    first = int(before.endswith("=") if current is None else current == 1)
    return ScriptPager(count, first, before, behind, base)


def _builders(text: str) -> Iterator[tuple[str, str]]:
    """What stands before and behind the page's number in the addresses that a script builds."""
    for before, number, behind in _BUILT.findall(text):
        if behind.startswith((".", "_")) and (before[-1:] in {"_", "-", "/"} or "_" in number):
            yield before if before[-1:] in {"_", "-", "/"} else f"{before}_", behind
        elif _PAGE_PARAMETER.search(before):
            yield before, behind


def _usual(exchange: Exchange) -> tuple[str, str]:
    """The same where TRS's own script builds them: after the page's own name, and the endings of its links."""
    named = _PAGE_NAME.search(urlsplit(exchange.response.url).path)
    if named:
        return f"{named[1]}_", f".{named[2]}"
    ending = _LINKED_ENDING.search(text_of(exchange.response.body))
    return "index_", f".{ending[1]}" if ending else ".html"


def _named(text: str, names: re.Pattern[str]) -> int | None:
    """The number that the first variable of a name that fits is given."""
    return next((int(number) for name, number in _VARIABLE.findall(text) if names.fullmatch(name)), None)


def _number(value: ScriptValue) -> int | None:
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) <= _MAX_DIGITS else None
