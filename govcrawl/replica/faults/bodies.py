"""Faults of a body: another charset than the one it names, no tables, damaged compression, too many bytes.

Each function makes a faulty response of the right one, whose body is a page in UTF-8.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial

from govcrawl.replica.faults.spam_mirrors import TO_TRADITIONAL
from govcrawl.replica.request_response import ReplicaResponse

_RARE = "<p>辖区内有石䶮街道、㙍镇。</p>"
"""Characters of GB18030, of which GB2312 and GBK have only some."""
_FOOTER = "<p>技术支持：信息中心</p>"
_BOMB_PIECE = 16 * 1024 * 1024
_BOMB_PIECES = 64
_BIG_PAGE = 10 * 1024 * 1024


# ------------------------------------------------------------------------------------------------------------- charsets


def _written(response: ReplicaResponse, charset: str, label: str | None) -> ReplicaResponse:
    """The page in a charset, with a label in its header and its meta tag; None takes both labels off."""
    text = response.body.decode()
    meta = text.replace("charset=UTF-8", f"charset={label}" if label else "", 1)
    media_type = f"text/html;charset={label}" if label else "text/html"
    return replace(response, body=meta.encode(charset, "xmlcharrefreplace"), media_type=media_type)


def _added(response: ReplicaResponse, content: bytes) -> ReplicaResponse:
    return replace(response, body=response.body.replace(b"</body>", content + b"</body>"))


def _rare_in_gb2312(response: ReplicaResponse) -> ReplicaResponse:
    return _written(_added(response, _RARE.encode()), "gb18030", "gb2312")


def _byte_order_mark(response: ReplicaResponse) -> ReplicaResponse:
    return _written(response, "utf-8-sig", "gb2312")


def _big5(response: ReplicaResponse) -> ReplicaResponse:
    converted = response.body.decode().translate(TO_TRADITIONAL)
    return _written(replace(response, body=converted.encode()), "big5", "Big5")


def _mixed(response: ReplicaResponse) -> ReplicaResponse:
    """A page in UTF-8 with a footer in GBK."""
    return _added(response, _FOOTER.encode("gb18030"))


def _mislabelled(response: ReplicaResponse) -> ReplicaResponse:
    return replace(response, body=response.body.decode("utf-8", "replace").encode("gb18030"))


CHARSET_FAULTS: Mapping[str, Callable[[ReplicaResponse], ReplicaResponse]] = {
    "mislabelled": _mislabelled,
    "rare-in-gb2312": _rare_in_gb2312,
    "unlabelled-gbk": partial(_written, charset="gb18030", label=None),
    "unlabelled-utf-8": partial(_written, charset="utf-8", label=None),
    "byte-order-mark": _byte_order_mark,
    "big5": _big5,
    "mixed": _mixed,
}


# --------------------------------------------------------------------------------------------------------------- tables


_TABLE = re.compile(rb"<table\b(?:(?!<table\b).)*?</table>", re.DOTALL | re.IGNORECASE)
_PICTURE = b'<p><img src="/picture/0/001.jpg" alt=""></p>'
_FILE = b'<p><a href="/module/download/downfile.jsp?filename=0a1b2c3d.pdf">report.pdf</a></p>'


def _without_tables(response: ReplicaResponse, instead: bytes) -> ReplicaResponse:
    """The page with something else in place of each table, the innermost first."""
    body, found = response.body, 1
    while found:
        body, found = _TABLE.subn(instead, body)
    return replace(response, body=body)


_EMPTY_FRAME = b"<html><head><title></title></head><body>" + b'<div class="column"></div>\n' * 300 + b"</body></html>"


def hollow_page(response: ReplicaResponse) -> ReplicaResponse:
    """The frame of a page without any text, whatever was requested."""
    return replace(response, body=_EMPTY_FRAME)


TABLE_FAULTS: Mapping[str, Callable[[ReplicaResponse], ReplicaResponse]] = {
    "pictured-tables": partial(_without_tables, instead=_PICTURE),
    "attached-tables": partial(_without_tables, instead=_FILE),
    "no-tables": partial(_without_tables, instead=b""),
}


# ---------------------------------------------------------------------------------------------------------- compression


def _encoded(response: ReplicaResponse, body: bytes, encoding: str = "gzip") -> ReplicaResponse:
    return replace(response, body=body, headers=(*response.headers, ("Content-Encoding", encoding)))


def _gzip_cut(response: ReplicaResponse) -> ReplicaResponse:
    zipped = gzip.compress(response.body, mtime=0)
    return _encoded(response, zipped[: len(zipped) // 2])


def _gzip_corrupt(response: ReplicaResponse) -> ReplicaResponse:
    zipped = bytearray(gzip.compress(response.body, mtime=0))
    middle = len(zipped) // 2
    zipped[middle : middle + 64] = bytes(64)
    return _encoded(response, bytes(zipped))


COMPRESSION_FAULTS: Mapping[str, Callable[[ReplicaResponse], ReplicaResponse]] = {
    "gzip-cut": _gzip_cut,
    "gzip-corrupt": _gzip_corrupt,
}


@cache
def _gzip_bomb() -> bytes:
    """A megabyte that unpacks to a gigabyte."""
    return gzip.compress(bytes(_BOMB_PIECE), mtime=0) * _BOMB_PIECES


@cache
def _deflate_bomb() -> bytes:
    engine, piece = zlib.compressobj(), bytes(_BOMB_PIECE)
    return b"".join(engine.compress(piece) for _ in range(_BOMB_PIECES // 8)) + engine.flush()


COMPRESSION_BOMBS: Mapping[str, Callable[[ReplicaResponse], ReplicaResponse]] = {
    "gzip-bomb": lambda response: _encoded(response, _gzip_bomb()),
    "nested-bomb": lambda response: _encoded(response, gzip.compress(_gzip_bomb(), mtime=0), "gzip, gzip"),
    "deflate-bomb": lambda response: _encoded(response, _deflate_bomb(), "deflate"),
    "six-encodings": lambda response: _encoded(response, response.body, ", ".join(["gzip"] * 6)),
}

OVERSIZED_BODIES: Mapping[str, Callable[[ReplicaResponse], ReplicaResponse]] = {
    **COMPRESSION_BOMBS,
    "big-page": lambda response: _added(response, b"<!--" + b" " * _BIG_PAGE + b"-->"),
}
