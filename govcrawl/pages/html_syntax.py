"""The tokenizer of the HTML standard as patterns over bytes: where each tag begins and ends.

The patterns handle quoted and unquoted attribute values, comments, doctypes and CDATA (as comments), and elements whose
content is not mark-up. They match any bytes and never backtrack. An unterminated construct runs to the end of the
page, as in a browser.

Bytes are cut before they are decoded. This is safe in UTF-8, GB 18030 and Big5: `<`, `>`, quotes, `=` and white space
are never the second byte of a character there.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from govcrawl.zh import raw

OPAQUE = ("iframe", "noembed", "noframes", "noscript", "script", "style", "template", "textarea", "title", "xmp")
"""Elements whose content is neither text of the page nor mark-up. Scripts count as enabled, so `noscript` is one."""

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
"""The elements that shape tables, with one letter for each."""


def _any_case(word: str) -> bytes:
    return "".join(f"[{letter}{letter.upper()}]" for letter in word).encode()


# The rest of a tag behind its name. A value holds `>` only between quotes, and quotes count only right behind the `=`.
# The first line alone matches nearly every tag. The second is for values without quotes or in single quotes.
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
# The first letters of most tags exclude OPAQUE. Testing them first makes the pass twice as fast.
_ORDINARY = rb"(?:/[a-zA-Z]|[a-hj-mo-ru-wyzA-HJ-MO-RU-WYZ]|[tT][^eEiI>=]|[sS][^cCtT>=])"

TAG = re.compile(rb"(<(?:%b%b|%b|/?[a-zA-Z]%b|%b))" % (_ORDINARY, REST, _OPAQUE, REST, _COMMENT), re.DOTALL)
"""Any tag, comment or element of OPAQUE."""
INLINE = re.compile(rb"(</?[a-zA-Z][^>]*+>?)")
"""Any tag, for text without comments and elements of OPAQUE. A `>` in a quoted value cuts it short."""
BOUNDARY = re.compile(rb"(<(?=[!?/cintsxCINTSX])(?:%b|%b|%b))" % (_SHAPING, _OPAQUE, _COMMENT), re.DOTALL)
"""A tag that shapes tables (cut short likewise), a comment, or an element of OPAQUE."""

_NUL = b"\0"  # the standard drops NUL in text, so it can separate texts
_END = 3 * _NUL  # a character of GB 18030 has up to four bytes


def raw_text(fragment: bytes, encoding: str) -> str:
    """Returns the `raw` text of mark-up: no comments, no tags, entities decoded, no white space and no U+3000."""
    return raw("".join(decoded(TAG.split(fragment)[::2], encoding)))


def decoded(texts: Sequence[bytes], encoding: str) -> list[str]:
    """Decodes texts and their entities, in one pass, which is many times faster than one by one."""
    joined = _NUL.join(texts)
    if joined.count(_NUL) >= len(texts):
        texts = [text.replace(_NUL, b"") for text in texts]
        joined = _NUL.join(texts)
    # The NULs at the end make a truncated last character decode as one that is truncated before another text.
    plain = _unescaped((joined + _END).decode(encoding, "replace")).split("\0")[: -len(_END)]
    if len(plain) == len(texts):
        return plain
    # Some decoders drop the NUL together with a truncated character before it.
    return [_unescaped((text + _END).decode(encoding, "replace")).rstrip("\0") for text in texts]


def _unescaped(text: str) -> str:
    return html.unescape(text) if "&" in text else text
