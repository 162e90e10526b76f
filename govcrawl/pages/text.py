"""Reads a text page, such as a report of which only the text was saved."""

from __future__ import annotations

import hashlib
import re

from govcrawl.pages.decoding import Decoding
from govcrawl.pages.limits import Limits, check_bytes
from govcrawl.pages.metadata import read_metadata
from govcrawl.pages.page import Block, Page
from govcrawl.pages.visible_text import text_tokens
from govcrawl.pages.widgets import is_widget
from govcrawl.zh import squeeze

_SEGMENT = re.compile(r"[^\n\r\t|｜│┃║]+")
_RULE = re.compile(r"[\s:=_+#\u2500-\u257f-]*")


def read_text(body: bytes, decoding: Decoding, limits: Limits) -> Page:
    """Reads a text page. Each line, and each piece of a line between `|` or tabs, is a block. There are no grids.

    Raises:
        LimitError: the page is beyond a limit.
    """
    check_bytes(body, limits)
    tokens = text_tokens(body, decoding.encoding, limits)
    text = body.decode(decoding.encoding, "replace").replace("\ufeff", "").replace("\0", "")
    blocks = tuple(Block(shown) for shown in map(squeeze, _SEGMENT.findall(text)) if _says_something(shown))
    described = read_metadata(blocks, {})
    return Page(
        sha256=hashlib.sha256(body).hexdigest(),
        media_type="text/plain",
        encoding=decoding.encoding,
        document=described.document,
        blocks=blocks,
        tokens=tokens,
        extra=described.extra,
        issues=decoding.issues,
        body=body,
    )


def _says_something(shown: str) -> bool:
    return not _RULE.fullmatch(shown) and not is_widget(shown)
