"""Where a tag begins and ends in the bytes of a page: the tokenizer of the HTML standard, as patterns.

They know quoted and unquoted attribute values, comments, doctypes and CDATA as comments, and elements whose content is
not mark-up. They never fail and never go back: what is unterminated runs to the end of the page, as in a browser.

Bytes are cut before they are decoded. That is safe in every charset read here: `<`, `>`, quotes, `=` and white space
are never the second byte of a character in UTF-8, GB 18030 or Big5.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from govcrawl.zh import raw

OPAQUE = ("iframe", "noembed", "noframes", "noscript", "script", "style", "template", "textarea", "title", "xmp")
"""Elements whose content is no text of the page and no mark-up; `noscript` as with scripts on, `template` is inert."""

CODES = {
    "table": "t",
    "tr": "r",
    "td": "d",
    "th": "h",
    "tbody": "b",
    "thead": "e",
    "tfoot": "f",
    "caption": "c",
    "colgroup": "g",
    "col": "k",
}
"""Elements that shape tables, by one letter each."""


def _any_case(word: str) -> bytes:
    return "".join(f"[{letter}{letter.upper()}]" for letter in word).encode()


# What follows a tag's name. A value may hold `>` only between quotes, and quotes count only directly behind the `=`;
# the first line alone reads nearly every tag, the second is for values without quotes or in single ones.
REST = (
    rb'[^>=]*+(?:="[^"]*+"[^>=]*+)*+(?:>|'
    rb"(?:=\s*+(?>\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>\"'][^\s>]*+)?+[^>=]*+)*+(?:>|\Z))"
)
_OPAQUE = b"|".join(
    rb"%b(?=[\s/>])%b(?:[^<]++|<(?!/%b[\s/>]))*+" % (name, REST, name) for name in map(_any_case, OPAQUE)
)
_COMMENT = rb"!--(?:-?>|.*?(?:--!?>|\Z))|(?:[!?]|/(?![a-zA-Z]))[^>]*+(?:>|\Z)"
_SHAPING = rb"/?+(?:[tT](?:[dDhHrR]|%b|%b|%b|%b)|[cC](?:%b|%b(?:%b)?+))(?=[\s/>])[^>]*+>" % tuple(
    map(_any_case, ("able", "body", "foot", "head", "aption", "ol", "group"))
)
# Most tags show by their first letters that they are none of OPAQUE; asking that first makes the pass twice as fast.
_ORDINARY = rb"(?:/[a-zA-Z]|[a-hj-mo-ru-wyzA-HJ-MO-RU-WYZ]|[tT][^eEiI>=]|[sS][^cCtT>=])"

TAG = re.compile(rb"(<(?:%b%b|%b|/?[a-zA-Z]%b|%b))" % (_ORDINARY, REST, _OPAQUE, REST, _COMMENT), re.DOTALL)
"""Any tag, comment or element of OPAQUE."""
INLINE = re.compile(rb"(</?[a-zA-Z][^>]*+>?)")
"""Any tag where there are no comments and no elements of OPAQUE, cut short at a `>` in a quoted value."""
BOUNDARY = re.compile(rb"(<(?=[!?/cintsxCINTSX])(?:%b|%b|%b))" % (_SHAPING, _OPAQUE, _COMMENT), re.DOTALL)
"""A tag that shapes tables, cut short likewise, a comment, an element of OPAQUE; by its first letter at first."""

_NUL = b"\0"  # no character of a page: the standard drops it in text, so it can stand between texts
_END = 3 * _NUL  # a character of GB 18030 has up to four bytes


def raw_text(fragment: bytes, encoding: str) -> str:
    """The `raw` of a piece of mark-up: comments and tags out, entities decoded, white space and U+3000 dropped."""
    return raw("".join(decoded(TAG.split(fragment)[::2], encoding)))


def decoded(texts: Sequence[bytes], encoding: str) -> list[str]:
    """Each text decoded, its entities too; all in one go, which is many times faster than one by one."""
    joined = _NUL.join(texts)
    if joined.count(_NUL) >= len(texts):
        texts = [text.replace(_NUL, b"") for text in texts]
        joined = _NUL.join(texts)
    # The NULs at the end let a character that is cut off there read the same as one cut off before another text.
    plain = _unescaped((joined + _END).decode(encoding, "replace")).split("\0")[: -len(_END)]
    if len(plain) == len(texts):
        return plain
    # Some decoders drop the NUL together with the character that is cut off before it.
    return [_unescaped((text + _END).decode(encoding, "replace")).rstrip("\0") for text in texts]


def _unescaped(text: str) -> str:
    return html.unescape(text) if "&" in text else text
