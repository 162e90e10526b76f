r"""A document carried as HTML in a string of a JSON or JSONP answer, read without moving a byte.

`carried` gives the HTML in a text as long as the answer: all around it is blank, and each of its tags and texts begins
where it begins in the answer. What an escape saves (`\u653f` is six bytes, 政 three) becomes white space before a tag's
end, or a comment behind a text. So the offsets of any reader of that text are offsets into the stored answer.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from govcrawl import zh
from govcrawl.models import Document

_ENVELOPE = re.compile(rb"\s*(?:[\w.$]{1,80}\s*\(\s*)?([\[{].*[\]}])\s*\)?\s*;?\s*", re.DOTALL)
_CONTENT = re.compile(rb'"(?:content|vc_content)"\s*:\s*"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_OPEN, _CLOSE = rb"(?:<|\\u003[cC])", rb"(?:>|\\u003[eE])"
_PIECE = re.compile(
    rb"(?P<comment>%(open)b!--(?:(?!--%(close)b).)*+(?:--%(close)b|\Z))"
    rb"|(?P<tag>%(open)b(?:(?!%(open)b|%(close)b).)*+%(close)b)"
    rb"|(?:(?!%(open)b).)++|%(open)b" % {b"open": _OPEN, b"close": _CLOSE},
    re.DOTALL,
)
"""A comment, open or closed, a tag, a text; each alternative looks at a byte once, whatever a page does."""
_NOTHING = re.compile("无|暂无|-+|/")
_COMMENT_ENDS = len("<!---->")

FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "vc_title"),
    "index_number": ("vc_number",),
    "publisher": ("vc_department", "deptname"),
    "published_on": ("vc_inputtime", "createtime"),
    "document_number": ("vc_fielid", "vc_fileno"),
    "disclosure_mode": ("vc_opentype",),
    "theme": ("vc_ztfl",),
}
"""Under which names an answer tells what a page's metadata block tells."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A carried document: its HTML at its own place in blanks, in UTF-8, and what the answer says about it."""

    html: bytes
    document: Document

    def described(self, shown: Document) -> Document:
        """What the page shows of itself, with what the answer says in its place where it says it."""
        told: dict[str, Any] = {name: value for name in FIELDS if (value := getattr(self.document, name)) is not None}
        return replace(shown, **told)


@lru_cache(maxsize=4)
def carried(body: bytes) -> Carried | None:
    """The document that an answer carries; None for a page that is no such answer."""
    envelope = _ENVELOPE.fullmatch(body)
    content = _CONTENT.search(body) if envelope else None
    if not envelope or not content:
        return None
    record = _record(envelope[1])
    if record is None:
        return None
    start, end = content.span(1)
    html = b"".join((b" " * start, _unescaped(body[start:end]), b" " * (len(body) - end)))
    return Carried(html, _document(record))


def _record(text: bytes) -> Mapping[str, Any] | None:
    """The answer's object, or the first of its list of objects."""
    try:
        told = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    first = told[0] if isinstance(told, list) and told else told
    return first if isinstance(first, Mapping) else None


def _document(record: Mapping[str, Any]) -> Document:
    told: dict[str, Any] = {name: _text(record, keys) for name, keys in FIELDS.items()}
    return Document(**{**told, "published_on": zh.date(told["published_on"] or "")})


def _text(record: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    texts = (zh.squeeze(value) for key in keys if isinstance(value := record.get(key), str))
    return next((text for text in texts if text and not _NOTHING.fullmatch(text)), None)


def _unescaped(text: bytes) -> bytes:
    """A string's text without its escapes, each tag and each text as long as before."""
    return b"".join(_filled(match) for match in _PIECE.finditer(text))


def _filled(match: re.Match[bytes]) -> bytes:
    piece, room = _plain(match[0]), len(match[0])
    if match["tag"] and piece.endswith(b">"):
        return piece[:-1] + b" " * (room - len(piece)) + b">"
    missing = room - len(piece)
    if missing >= _COMMENT_ENDS:
        return piece + b"<!--" + b" " * (missing - _COMMENT_ENDS) + b"-->"
    return piece.ljust(room)


def _plain(piece: bytes) -> bytes:
    """What a piece of a JSON string stands for, in UTF-8; the piece itself where its escapes are none of JSON's."""
    if b"\\" not in piece:
        return piece
    try:
        text: str = json.loads(b'"' + piece + b'"', strict=False)
    except ValueError:
        return piece
    return text.encode("utf-8", "replace")
