r"""Reads a document that a JSON or JSONP answer carries as HTML in a string, without moving a byte.

`carried` returns the HTML padded to the length of the answer. Everything around it is blank, and each tag and text
begins at its own offset in the answer. An escape is longer than its character (`\u653f` has six bytes, 政 three): the
difference becomes white space before a tag's end, or a comment behind a text. Offsets into the padded HTML are
therefore offsets into the stored answer.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from govcrawl import zh
from govcrawl.models import Document

_ENVELOPE = re.compile(rb"\s*+(?:[\w.$]{1,80}+\s*+\(\s*+)?(?=[\[{])")
"""What stands before the object of an answer. Blanks are taken whole: an answer of blanks would be tried for ever."""
_ENVELOPE_END = b" \t\r\n\f\v);"
_CONTENT = re.compile(rb'"(?:content|vc_content)"\s*:\s*"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_OPEN, _CLOSE = rb"(?:<|\\u003[cC])", rb"(?:>|\\u003[eE])"
_PIECE = re.compile(
    rb"(?P<comment>%(open)b!--(?:(?!--%(close)b).)*+(?:--%(close)b|\Z))"
    rb"|(?P<tag>%(open)b(?:(?!%(open)b|%(close)b).)*+%(close)b)"
    rb"|(?:(?!%(open)b).)++|%(open)b" % {b"open": _OPEN, b"close": _CLOSE},
    re.DOTALL,
)
"""A comment (closed or not), a tag, or a text. No alternative backtracks, so the pass is linear on any page."""
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
"""The keys of an answer that hold each metadata field, in order of preference."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A carried document: its HTML in UTF-8, padded to the length of the answer, and the metadata of the answer."""

    html: bytes
    document: Document

    def described(self, shown: Document) -> Document:
        """Returns the metadata of the page, overridden by each field that the answer gives."""
        told: dict[str, Any] = {name: value for name in FIELDS if (value := getattr(self.document, name)) is not None}
        return replace(shown, **told)


@lru_cache(maxsize=4)
def carried(body: bytes) -> Carried | None:
    """Returns the document that an answer carries, or None if the body is no such answer."""
    envelope = _ENVELOPE.match(body)
    content = _CONTENT.search(body) if envelope else None
    if not envelope or not content:
        return None
    record = _record(body[envelope.end() :].rstrip(_ENVELOPE_END))
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
    """Resolves the escapes of a string. Each tag and each text keeps its length in bytes."""
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
    """Resolves the escapes of a piece of a JSON string, in UTF-8. A piece with invalid escapes is returned as it is."""
    if b"\\" not in piece:
        return piece
    try:
        text: str = json.loads(b'"' + piece + b'"', strict=False)
    except ValueError:
        return piece
    return text.encode("utf-8", "replace")
