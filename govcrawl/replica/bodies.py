"""What faulty servers do to a body: charsets that are not those they name, damaged compression, bodies beyond measure.

Each function makes an answer of the right one, whose body is a page in UTF-8.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial

from govcrawl.replica.answers import Answer
from govcrawl.replica.mirror import TRADITIONAL

RARE = "<p>辖区内有石䶮街道、㙍镇。</p>"
"""Characters that GB18030 has and neither GB2312 nor GBK has all of."""
FOOTER = "<p>技术支持：信息中心</p>"
BOMB_PIECE = 16 * 1024 * 1024
BOMB_PIECES = 64
BIG_PAGE = 10 * 1024 * 1024


# ------------------------------------------------------------------------------------------------------- charsets


def _written(answer: Answer, charset: str, label: str | None) -> Answer:
    """The page in a charset, with the label in its header and its meta tag; None takes both labels off."""
    text = answer.body.decode()
    meta = text.replace("charset=UTF-8", f"charset={label}" if label else "", 1)
    media_type = f"text/html;charset={label}" if label else "text/html"
    return replace(answer, body=meta.encode(charset, "xmlcharrefreplace"), media_type=media_type)


def _added(answer: Answer, content: bytes) -> Answer:
    return replace(answer, body=answer.body.replace(b"</body>", content + b"</body>"))


def _rare_in_gb2312(answer: Answer) -> Answer:
    return _written(_added(answer, RARE.encode()), "gb18030", "gb2312")


def _byte_order_mark(answer: Answer) -> Answer:
    return _written(answer, "utf-8-sig", "gb2312")


def _big5(answer: Answer) -> Answer:
    converted = answer.body.decode().translate(TRADITIONAL)
    return _written(replace(answer, body=converted.encode()), "big5", "Big5")


def _mixed(answer: Answer) -> Answer:
    """A page in UTF-8 whose footer was pasted in as GBK."""
    return _added(answer, FOOTER.encode("gb18030"))


def _mislabelled(answer: Answer) -> Answer:
    return replace(answer, body=answer.body.decode("utf-8", "replace").encode("gb18030"))


CHARSETS: Mapping[str, Callable[[Answer], Answer]] = {
    "mislabelled": _mislabelled,
    "rare-in-gb2312": _rare_in_gb2312,
    "unlabelled-gbk": partial(_written, charset="gb18030", label=None),
    "unlabelled-utf-8": partial(_written, charset="utf-8", label=None),
    "byte-order-mark": _byte_order_mark,
    "big5": _big5,
    "mixed": _mixed,
}


# --------------------------------------------------------------------------------------------------------- tables


_TABLE = re.compile(rb"<table\b(?:(?!<table\b).)*?</table>", re.DOTALL | re.IGNORECASE)
_PICTURE = b'<p><img src="/picture/0/001.jpg" alt=""></p>'
_FILE = b'<p><a href="/module/download/downfile.jsp?filename=0a1b2c3d.pdf">report.pdf</a></p>'


def _without_tables(answer: Answer, instead: bytes) -> Answer:
    """The page with something else in place of its tables, the innermost first."""
    body, found = answer.body, 1
    while found:
        body, found = _TABLE.subn(instead, body)
    return replace(answer, body=body)


_FRAME = b"<html><head><title></title></head><body>" + b'<div class="column"></div>\n' * 300 + b"</body></html>"


def hollow(answer: Answer) -> Answer:
    """A page's frame alone, whatever was asked for: nothing is said in it."""
    return replace(answer, body=_FRAME)


TABLELESS: Mapping[str, Callable[[Answer], Answer]] = {
    "pictured-tables": partial(_without_tables, instead=_PICTURE),
    "attached-tables": partial(_without_tables, instead=_FILE),
    "no-tables": partial(_without_tables, instead=b""),
}


# ---------------------------------------------------------------------------------------------------- compression


def _encoded(answer: Answer, body: bytes, encoding: str = "gzip") -> Answer:
    return replace(answer, body=body, headers=(*answer.headers, ("Content-Encoding", encoding)))


def _gzip_cut(answer: Answer) -> Answer:
    zipped = gzip.compress(answer.body, mtime=0)
    return _encoded(answer, zipped[: len(zipped) // 2])


def _gzip_corrupt(answer: Answer) -> Answer:
    zipped = bytearray(gzip.compress(answer.body, mtime=0))
    middle = len(zipped) // 2
    zipped[middle : middle + 64] = bytes(64)
    return _encoded(answer, bytes(zipped))


DAMAGED: Mapping[str, Callable[[Answer], Answer]] = {"gzip-cut": _gzip_cut, "gzip-corrupt": _gzip_corrupt}


@cache
def _gzip_bomb() -> bytes:
    """A megabyte that unpacks to a gigabyte."""
    return gzip.compress(bytes(BOMB_PIECE), mtime=0) * BOMB_PIECES


@cache
def _deflate_bomb() -> bytes:
    engine, piece = zlib.compressobj(), bytes(BOMB_PIECE)
    return b"".join(engine.compress(piece) for _ in range(BOMB_PIECES // 8)) + engine.flush()


BOMBS: Mapping[str, Callable[[Answer], Answer]] = {
    "gzip-bomb": lambda answer: _encoded(answer, _gzip_bomb()),
    "nested-bomb": lambda answer: _encoded(answer, gzip.compress(_gzip_bomb(), mtime=0), "gzip, gzip"),
    "deflate-bomb": lambda answer: _encoded(answer, _deflate_bomb(), "deflate"),
    "six-encodings": lambda answer: _encoded(answer, answer.body, ", ".join(["gzip"] * 6)),
}

HUGE: Mapping[str, Callable[[Answer], Answer]] = {
    **BOMBS,
    "big-page": lambda answer: _added(answer, b"<!--" + b" " * BIG_PAGE + b"-->"),
}
