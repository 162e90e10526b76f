"""The values that a page's scripts write down, read without running them.

An expression is read as far as it is made of literals: strings and numbers, `+`, objects and lists, names that were
given such a value, the page's own form fields and attributes (`$("#channel").val()`), and the parameters of its
address (`getUrlParam("id")`). What a script works out only while it runs (a time, a counter, an argument that no call
names) is `UNKNOWN` where it stands in a text, and None by itself.
"""

import json
import re
from collections.abc import Iterator, Mapping
from copy import copy
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import parse_qsl, quote, urlsplit

from parsel import Selector

from govcrawl.models import Response
from govcrawl.platforms.markup import tree_of

UNKNOWN = "\ue000"
"""Stands in a text for what only running the script would tell: a character that no page uses."""

ScriptValue: TypeAlias = "str | int | Mapping[str, ScriptValue] | tuple[ScriptValue, ...] | None"

MAX_TOKENS = 200_000
_MAX_DEPTH = 12
_NEAR = 400
"""Tokens behind a variable in which its first use is looked for."""
_MAX_DIGITS = 16

_TOKEN = re.compile(
    r"""\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)
    |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*(?:`|\Z)
    |\d+(?:\.\d+)?|[^\W\d][\w$]*|\$[\w$]*|[=!]==?|=>|&&|\|\||.""",
    re.DOTALL | re.VERBOSE,
)
_VALUE = re.compile(r"""["'`\w$]""")
"""What no expression goes on with: where two values follow each other, a line has ended without a semicolon."""
_NAME = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "\n": ""}
_INSERTED = re.compile(r"\$\{([^{}]{0,200})\}")
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_ENDS = frozenset({",", ")", "]", "}", ";", ":", "="})
_UNARY = frozenset({"new", "typeof", "!", "void", "await", "async"})
_LITERALS: Mapping[str, ScriptValue] = {"true": True, "false": False, "null": "", "undefined": ""}
"""Words that are values; a field without one is sent empty."""
_AS_IT_IS = frozenset({"String", "parseInt", "Number", "decodeURIComponent", "decodeURI", "unescape", "trim"})
_QUOTED = {"encodeURIComponent": "", "encodeURI": ":/?&=%,", "escape": "/"}

_FIELD = re.compile(
    r"""\$\(\s*(["'])[\w\s]{0,40}\#([\w-]{1,80})\1\s*\)\s*\.\s*(?:(val|text|html)\(\s*\)|(attr|prop|data)\(\s*["']([\w-]{1,60})["']\s*\))
    |document\.(?:getElementById|querySelector)\(\s*["']\#?([\w-]{1,80})["']\s*\)\s*\.\s*
      (?:(value|innerText|textContent|innerHTML)\b|getAttribute\(\s*["']([\w-]{1,60})["']\s*\)|dataset\.(\w{1,60}))""",
    re.VERBOSE,
)
_PARAMETER = re.compile(
    r"""(?:\b\w*(?:url|query|request|param)\w*|\bnew\s+URLSearchParams\([^()]{0,80}\)\.get)\(\s*["']([\w-]{1,60})["']\s*\)""",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:window\.|document\.)?location\.(origin|host|hostname|protocol|pathname)\b")


class PageScript:
    """The expressions of one page's scripts, as tokens, with the values that its names were given."""

    def __init__(self, text: str) -> None:
        """Read the names of a script's text; `keeps_members` is that of `with_members`."""
        found = (match[0] for match in _TOKEN.finditer(text))
        self.tokens = [one for one, _ in zip(_meaningful(found), range(MAX_TOKENS), strict=False)]
        self._closing = dict(_brackets(self.tokens))
        self.keeps_members = False
        self.names: dict[str, ScriptValue] = {}
        self._name_variables()
        self._name_arguments()

    def with_members(self) -> "PageScript":
        """The same script, a member of what it does not know (`row.title`) standing in its texts as `{title}`."""
        other = copy(self)
        other.keeps_members = True
        return other

    def value_at(self, at: int, depth: int = 0) -> tuple[ScriptValue, int]:
        """The value of the expression that begins at a token, and the place behind it."""
        value, at = self._product(at, depth)
        while at < len(self.tokens) and self.tokens[at] not in _ENDS and not _VALUE.match(self.tokens[at]):
            operator = self.tokens[at]
            if operator in {"=>", "?"}:
                return None, self._behind_branches(at, depth)
            right, at = self._product(at + 1, depth)
            if operator == "+":
                value = _joined(value, right)
            elif operator == "-":
                value = value - right if isinstance(value, int) and isinstance(right, int) else None
            elif operator != "||" or value is None:
                value = right if operator == "||" else None
        return value, at

    def arguments_at(self, at: int, depth: int = 0) -> tuple[tuple[ScriptValue, ...], int]:
        """The values in the brackets that open at a token, and the place behind them."""
        end, at = self._end(at), at + 1
        values: list[ScriptValue] = []
        while at < end:
            value, at = self.value_at(at, depth + 1)
            values.append(value)
            if self.tokens[at] != ",":
                break  # the end, or nothing that could be read
            at += 1
        return tuple(values), end + 1

    def _end(self, at: int) -> int:
        return self._closing.get(at, at)

    def _product(self, at: int, depth: int) -> tuple[ScriptValue, int]:
        value, at = self._term(at, depth)
        while self.tokens[at : at + 1] == ["*"]:
            right, at = self._term(at + 1, depth)
            value = value * right if isinstance(value, int) and isinstance(right, int) else None
        return value, at

    def _term(self, at: int, depth: int) -> tuple[ScriptValue, int]:
        while self.tokens[at : at + 1] and self.tokens[at] in _UNARY:
            at += 1
        word = self.tokens[at] if at < len(self.tokens) else ""
        if word[:1] in {'"', "'"} and len(word) > 1:
            return _unescaped(word[1:-1]), at + 1
        if word[:1] == "`":
            return self._template(word.strip("`")), at + 1
        if word[:1].isdigit():
            return int(word) if word.isdecimal() and len(word) < _MAX_DIGITS else word, at + 1
        if word in _PAIRS:
            return self._bracket(at, depth)
        if word == "function":
            return None, self._behind_function(at)
        return self._path(at, depth) if _NAME.fullmatch(word) else (None, at + (word not in _ENDS))

    def _bracket(self, at: int, depth: int) -> tuple[ScriptValue, int]:
        """A list, an object, or an expression in brackets."""
        end = self._end(at)
        if depth >= _MAX_DEPTH:
            return None, end + 1
        if self.tokens[at] == "{":
            return self._object(at, end, depth), end + 1
        values, _ = self.arguments_at(at, depth)
        if self.tokens[at] == "[":
            return values, end + 1
        return (values[0] if len(values) == 1 else None), end + 1

    def _object(self, at: int, end: int, depth: int) -> Mapping[str, ScriptValue]:
        found: dict[str, ScriptValue] = {}
        at += 1
        while at < end:
            name, following = self.tokens[at], self.tokens[at + 1]
            if name == "." and self.tokens[at + 1 : at + 3] == [".", "."]:
                value, at = self.value_at(at + 3, depth + 1)
                found |= value if isinstance(value, Mapping) else {}
            elif following == ":":
                value, at = self.value_at(at + 2, depth + 1)
                found[_unescaped(name[1:-1]) if name[0] in "\"'" else name] = value
            elif following == "(":
                at = self._behind_body(self._end(at + 1) + 1)
            else:
                found[name], at = self.names.get(name), at + 1
            if self.tokens[at] != ",":
                break  # the end, or nothing that could be read
            at += 1
        return found

    def _path(self, at: int, depth: int) -> tuple[ScriptValue, int]:
        """A name and what is taken from it: members, and the few functions that keep their argument's text."""
        name, at = self.tokens[at], at + 1
        value = self.names.get(name, _LITERALS.get(name))
        while at < len(self.tokens) and self.tokens[at] in {".", "(", "["}:
            if self.tokens[at] == ".":
                name, at = self.tokens[at + 1] if at + 1 < len(self.tokens) else "", at + 2
                value = self._member(value, name, at)
            elif self.tokens[at] == "(" and depth < _MAX_DEPTH:
                values, at = self.arguments_at(at, depth)
                value = self._result(name, values[0] if values else None, value)
            elif self.tokens[at + 1][:1] in {'"', "'"} and self._end(at) == at + 2:
                name, at = self.tokens[at + 1][1:-1], at + 3
                value = self._member(value, name, at)
            else:
                value, at = None, self._end(at) + 1
        return value, at

    def _member(self, owner: ScriptValue, name: str, behind: int) -> ScriptValue:
        if isinstance(owner, Mapping):
            return owner.get(name)
        if not self.keeps_members:
            return None
        return owner if self.tokens[behind : behind + 1] == ["("] else f"{{{name}}}"

    def _result(self, name: str, argument: ScriptValue, owner: ScriptValue) -> ScriptValue:
        """What a call gives; where members are kept, what it is given: functions shorten titles and write dates."""
        value = _called(name, argument)
        return value if value is not None or not self.keeps_members else argument if owner is None else owner

    def _template(self, text: str) -> str:
        """A text between back quotes, the expressions in it replaced."""

        def inserted(found: re.Match[str]) -> str:
            script = PageScript(found[1])
            script.names, script.keeps_members = self.names, self.keeps_members
            return text_of_value(script.value_at(0)[0])

        return _unescaped(_INSERTED.sub(inserted, text))

    def _behind_function(self, at: int) -> int:
        opening = at + 1 + (self.tokens[at + 1 : at + 2] != ["("])
        return self._behind_body(self._end(opening) + 1)

    def _behind_branches(self, at: int, depth: int) -> int:
        """The place behind a function written with an arrow, or behind both branches of a choice."""
        if self.tokens[at + 1 : at + 2] == ["{"] or depth >= _MAX_DEPTH:
            return self._behind_body(at + 1)
        behind = self.value_at(at + 1, depth + 1)[1]
        is_choice = self.tokens[at] == "?" and self.tokens[behind : behind + 1] == [":"]
        return self.value_at(behind + 1, depth + 1)[1] if is_choice else behind

    def _behind_body(self, at: int) -> int:
        return self._end(at) + 1 if self.tokens[at : at + 1] == ["{"] else at

    def _name_variables(self) -> None:
        """The first value that each name is given; members that are given to an object later are added to it."""
        for at in range(1, len(self.tokens) - 1):
            if self.tokens[at] != "=" or not _NAME.fullmatch(self.tokens[at - 1]):
                continue
            name, before = self.tokens[at - 1], self.tokens[at - 2] if at > 1 else ";"
            value, behind = self.value_at(at + 1)
            value = 1 if value == 0 and _is_counted_first(name, self.tokens[behind : behind + _NEAR]) else value
            owner = self.names.get(self.tokens[at - 3]) if before == "." else None
            if isinstance(owner, dict):
                owner.setdefault(name, value)
            elif self.names.get(name) is None:
                self.names[name] = value

    def _name_arguments(self) -> None:
        """The arguments of functions, by the first call that names their values."""
        declared = {
            self.tokens[at + 1]: self.tokens[at + 3 : self._end(at + 2)]
            for at in range(len(self.tokens) - 2)
            if self.tokens[at] == "function" and self.tokens[at + 2] == "("
        }
        for at in range(1, len(self.tokens) - 1):
            name = self.tokens[at]
            if name in declared and self.tokens[at + 1] == "(" and self.tokens[at - 1] not in {"function", "."}:
                values, _ = self.arguments_at(at + 1, _MAX_DEPTH - 2)
                named = (one for one in declared[name] if one != ",")
                for argument, value in zip(named, values, strict=False):
                    if self.names.get(argument) is None:
                        self.names[argument] = value


@lru_cache(maxsize=4)
def page_script(response: Response) -> PageScript:
    """The scripts that stand in a page, read as one."""
    tree = tree_of(response)
    texts = tree.xpath("//script[not(@src)][not(@type) or contains(@type, 'javascript')]/text()").getall()
    return PageScript(_with_page_values("\n;\n".join(texts), tree, response.url))


def value_of_expression(expression: str, response: Response) -> ScriptValue:
    """The value of an expression that stands in a page's scripts, with the values that they give to names."""
    script = PageScript(_with_page_values(expression, tree_of(response), response.url))
    script.names = page_script(response).names
    return script.value_at(0)[0]


def literal_of(text: str) -> ScriptValue:
    """The value that a text writes down (`{'webId':'3185', pageNo: 1}`); None where it is none."""
    return PageScript(text).value_at(0)[0]


def _is_counted_first(name: str, tokens: list[str]) -> bool:
    """Whether a name is counted on before anything else is done with it: `page++; load(page)`."""
    if name not in tokens:
        return False
    at = tokens.index(name)
    around = "".join(tokens[max(0, at - 2) : at + 5])
    return (
        re.search(
            rf"(?:\+\+{re.escape(name)}(?![\w$])|(?<![\w$]){re.escape(name)}(?:\+\+|\+=1|={re.escape(name)}\+1))",
            around,
        )
        is not None
    )


def _meaningful(tokens: Iterator[str]) -> Iterator[str]:
    return (one for one in tokens if not one.isspace() and not one.startswith(("//", "/*")))


def _brackets(tokens: list[str]) -> Iterator[tuple[int, int]]:
    """The place of each opening bracket with that of its closing one."""
    opened: list[int] = []
    for at, token in enumerate(tokens):
        if token in _PAIRS:
            opened.append(at)
        elif opened and token == _PAIRS[tokens[opened[-1]]]:
            yield opened.pop(), at


def text_of_value(value: ScriptValue) -> str:
    """A value as a script writes it into a text."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) else UNKNOWN


def _joined(left: ScriptValue, right: ScriptValue) -> ScriptValue:
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    if not isinstance(left, str) and not isinstance(right, str):
        return None
    return text_of_value(left) + text_of_value(right)


def _called(name: str, argument: ScriptValue) -> ScriptValue:
    """What a function gives that keeps the text of its argument; None for any other."""
    if name == "stringify" and argument is not None:
        return json.dumps(_marked(argument), ensure_ascii=False)
    if not isinstance(argument, str | int):
        return None
    if name in _QUOTED:
        return quote(str(argument), safe=_QUOTED[name])
    return argument if name in _AS_IT_IS else None


def _marked(value: ScriptValue) -> ScriptValue:
    """The value with `UNKNOWN` for what is not known in it."""
    if isinstance(value, Mapping):
        return {name: _marked(each) for name, each in value.items()}
    return tuple(map(_marked, value)) if isinstance(value, tuple) else UNKNOWN if value is None else value


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _CONTROL.get(match[3], match[3])


def _with_page_values(text: str, tree: Selector, url: str) -> str:
    """The script with its questions to the page answered: form fields, attributes, the page's address."""
    query, parts = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)), urlsplit(url)
    place = {"origin": f"{parts.scheme}://{parts.netloc}", "host": parts.netloc, "hostname": parts.netloc,
             "protocol": f"{parts.scheme}:", "pathname": parts.path}  # fmt: skip

    def field(match: re.Match[str]) -> str:
        element = tree.xpath("//*[@id=$id]", id=match[2] or match[6])
        value = _asked_of(element[0], match) if element else None
        return match[0] if value is None else json.dumps(value, ensure_ascii=False)

    text = _FIELD.sub(field, text)
    text = _PLACE.sub(lambda match: json.dumps(place[match[1]]), text)
    return _PARAMETER.sub(
        lambda match: json.dumps(query[match[1]], ensure_ascii=False) if match[1] in query else match[0], text
    )


def _asked_of(element: Selector, match: re.Match[str]) -> str | None:
    """What a script asks an element for: an attribute, its value, its text."""
    if name := match[5] or match[8]:
        return element.attrib.get(f"data-{name}" if match[4] == "data" else name.lower())
    if match[9]:
        return element.attrib.get("data-" + re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", match[9]))
    if match[3] == "val" or match[7] == "value":
        return element.attrib.get("value")
    return element.xpath("string()").get("").strip()
