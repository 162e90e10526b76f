"""Detects the charset of a page from its bytes, its HTTP header and its own declaration.

Declarations are often wrong: pages declare GB 2312 and hold characters of GB 18030, or declare UTF-8 and are GBK. The
bytes decide. A declaration decides only between charsets that fit the bytes equally well. A wrong declaration is an
issue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from govcrawl.models import Issue
from govcrawl.vocabulary import IssueKind, Severity

UTF8, GB, BIG5, UTF16 = "utf-8", "gb18030", "big5hkscs", "utf-16"

_LABELS = {
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), UTF8),
    **dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "x-gbk", "gb18030", "gb-18030", "cp936", "csgb2312"), GB),
    **dict.fromkeys(("big5", "big-5", "big5-hkscs", "x-x-big5", "cp950"), BIG5),
}
"""Charset labels and their codecs. Other labels (iso-8859-1, ascii) are defaults of servers and are ignored."""

_DECLARED = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_HEAD = 4_096  # bytes in which a page declares its charset
_LOST = "\ufffd".encode()
_FEW = 40  # non-ASCII bytes; up to so many may be valid UTF-8 by chance

# Words of every page of an authority. A page decoded with the wrong charset holds none of them.
_FAMILIAR = ("政府", "公开", "公開", "信息", "資訊", "年度", "报告", "報告", "申请", "申請", "机关", "機關")
_COMMON = "的"
_PLAIN = 20  # so many occurrences of one word prove a charset


@dataclass(frozen=True, slots=True)
class Decoding:
    """The Python codec of a page, and the issues of its declarations and bytes."""

    encoding: str
    issues: tuple[Issue, ...] = ()


def decoding_of(body: bytes, charset: str | None) -> Decoding:
    """Returns the decoding of a page, from its bytes, the `charset` of its HTTP header, and its own declaration.

    A page in UTF-16 gives an issue of severity error: no reader takes it.
    """
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Decoding(UTF16, (_issue(IssueKind.CHARSET_CONFLICT, Severity.ERROR, "UTF-16 page, which is not read"),))
    declared = _declared(body, charset)
    is_utf8 = _reads(body, UTF8)
    encoding = _of_utf8(body, declared) if is_utf8 else _likeliest(body, declared)
    whole = is_utf8 and encoding == UTF8 and _LOST not in body
    return Decoding(encoding, (*_conflict(declared, encoding), *(() if whole else _replacements(body, encoding))))


def _declared(body: bytes, charset: str | None) -> tuple[str, ...]:
    """The declared charsets that are known: that of the header first, then that of the page."""
    found = _DECLARED.search(body, 0, _HEAD)
    labels = (charset or "", found[1].decode("ascii", "replace") if found else "")
    return tuple(
        _LABELS[label] for label in (label.strip().strip("\"'").lower() for label in labels) if label in _LABELS
    )


def _of_utf8(body: bytes, declared: tuple[str, ...]) -> str:
    """The charset of a page whose bytes are valid UTF-8, which may be by chance."""
    by_chance = declared and UTF8 not in declared and not body.startswith(b"\xef\xbb\xbf")
    if not by_chance or len(body) - _ascii_count(body) > _FEW or not _reads(body, declared[0]):
        return UTF8
    return UTF8 if body.isascii() else declared[0]


def _likeliest(body: bytes, declared: tuple[str, ...]) -> str:
    """The charset in which a page reads best. The first one that proves itself by frequent words ends the search."""
    candidates = tuple(dict.fromkeys((*declared, UTF8, GB, BIG5)))
    for encoding in candidates:
        if _reads(body, encoding) and any(count >= _PLAIN for count in accumulate(_familiar(body.decode(encoding)))):
            return encoding
    return max(candidates, key=lambda encoding: _likeness(body, encoding))


def _ascii_count(body: bytes) -> int:
    return len(body.decode("ascii", "ignore"))


def _reads(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _likeness(body: bytes, encoding: str) -> int:
    """The score of a charset: familiar words count for it, undecodable bytes against it."""
    text = body.decode(encoding, "replace")
    return 10 * (sum(_familiar(text)) + text.count(_COMMON)) - text.count("\ufffd")


def _familiar(text: str) -> Iterator[int]:
    return map(text.count, _FAMILIAR)


def _conflict(declared: tuple[str, ...], encoding: str) -> tuple[Issue, ...]:
    if all(label == encoding for label in declared):
        return ()
    detail = f"declared {' and '.join(dict.fromkeys(declared))}, read as {encoding}"
    return (_issue(IssueKind.CHARSET_CONFLICT, Severity.INFO, detail),)


def _replacements(body: bytes, encoding: str) -> tuple[Issue, ...]:
    count = body.decode(encoding, "replace").count("\ufffd")
    if not count:
        return ()
    detail = f"{count} characters could not be read as {encoding} and stand as U+FFFD"
    return (_issue(IssueKind.REPLACEMENT_CHARACTERS, Severity.WARNING, detail),)


def _issue(kind: IssueKind, severity: Severity, detail: str) -> Issue:
    return Issue(kind, severity, "page", detail)
