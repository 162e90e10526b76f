"""Links that call a function of the page, `onclick="detail('77')"`, which builds the address and moves there.

The functions are read, never run: one that joins texts and its own arguments to an address is understood, no other.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from parsel import Selector

_FUNCTION = re.compile(
    r"\bfunction\s+([\w$]{1,60})\s*\(([^()]{0,200})\)\s*\{([^{}]{0,600})\}"
    r"|\b([\w$]{1,60})\s*=\s*function\s*\(([^()]{0,200})\)\s*\{([^{}]{0,600})\}"
)
_MOVE = re.compile(
    r"(?:\blocation(?:\.href)?\s*=|\b(?:window\.open|location\.(?:replace|assign))\s*\()\s*([^;]{1,400})"
)
_CALL = re.compile(r"^(?:javascript:)?\s*(?:return\s+)?([\w$]{1,60})\s*\(([^()]{0,300})\)")
_PIECE = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z_$][\w$]*)|(\d{1,18}))\s*(\+|,|\)|$)""")
_ARGUMENT = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))\s*(?:,|$)""")


@dataclass(frozen=True, slots=True)
class MovingFunction:
    """A function that moves to an address: the names of its arguments, and the expression of the address."""

    arguments: tuple[str, ...]
    address: str


def moving_functions(tree: Selector) -> Mapping[str, MovingFunction]:
    """The functions of a page's scripts that move to another page, by their names."""
    return {
        name: function
        for text in tree.xpath("//script[not(@src)]/text()").getall()
        for name, function in _defined(text)
    }


def address_called(script: str, functions: Mapping[str, MovingFunction]) -> str | None:
    """The address that a link's script moves to by a call of one of some functions; None where it cannot be told."""
    call = _CALL.search(script.strip())
    function = functions.get(call[1]) if call else None
    if call is None or function is None:
        return None
    given = zip(function.arguments, _ARGUMENT.findall(call[2]), strict=False)
    told = {name: double or single or bare for name, (double, single, bare) in given if not bare or bare.isdecimal()}
    return _joined(function.address, told)


def _defined(text: str) -> Iterator[tuple[str, MovingFunction]]:
    for found in _FUNCTION.finditer(text):
        name, arguments, body = (found[at] if found[at] is not None else found[at + 3] for at in (1, 2, 3))
        if move := _MOVE.search(body):
            yield name, MovingFunction(tuple(one.strip() for one in arguments.split(",")), move[1])


def _joined(expression: str, given: Mapping[str, str]) -> str | None:
    """The text of an expression that joins texts, numbers and given arguments; None for any other."""
    said, at = "", 0
    while piece := _PIECE.match(expression, at):
        double, single, name, number, behind = piece.groups()
        value = given.get(name) if name else next((one for one in (double, single, number) if one is not None), None)
        if value is None:
            return None
        said, at = said + value, piece.end()
        if behind != "+":
            return said or None
    return None
