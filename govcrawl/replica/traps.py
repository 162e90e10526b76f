"""Traps: addresses that lead a crawler round in circles, on without end, or to places it must not go.

Each trap answers in place of a page, or adds to it. What it makes depends on the address asked for alone, save for
links that are new each time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count

from govcrawl.replica.answers import Answer, Asked, fill, html

HOPS = 50
"""How far the long chain of redirects goes."""
ROWS = 5
"""Rows on each page of a list without end."""

PRIVATE = (
    "http://127.0.0.1/admin/",
    "http://localhost/admin/",
    "http://[::1]/admin/",
    "http://[::ffff:127.0.0.1]/admin/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://0.0.0.0/",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://0x7f.1/",
    "https://user@127.0.0.1/",
    "http://www.hangzhou.gov.cn@127.0.0.1/",
    "http://metadata.google.internal/",
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1:6379/_INFO",
    "data:text/html,report",
)
"""Addresses of this machine, of private networks and metadata services, spelled in many ways, and other schemes."""

_PAGE = re.compile(r"(.*?)(?:_(\d+))?(\.\w+)")
_MONTHS = 12


def _hop(asked: Asked) -> int:
    return int(asked.parameters.get("hop", "0"))


def _to(address: str) -> Answer:
    return Answer(b"", status=302, headers=(("Location", address),))


def _digest(asked: Asked) -> str:
    return hashlib.sha256(f"{asked.path}{sorted(asked.parameters.items())}".encode()).hexdigest()[:12]


def _private(asked: Asked) -> str:
    return PRIVATE[int(_digest(asked), 16) % len(PRIVATE)]


# ------------------------------------------------------------------------------------------------------ redirects


def _redirect_loop(asked: Asked, _: Answer) -> Answer:
    return _to(asked.path if asked.parameters else f"{asked.path}?again=1")


def _redirect_chain(asked: Asked, answer: Answer) -> Answer:
    return _to(f"{asked.path}?hop={_hop(asked) + 1}") if _hop(asked) < HOPS else answer


def _redirect_anew(asked: Asked, _: Answer) -> Answer:
    return _to(f"{asked.path}?t={_digest(asked)}")


def _refresh(address: str) -> Answer:
    return html(f'<html><head><meta http-equiv="refresh" content="0;url={address}"></head><body></body></html>')


def _refresh_loop(asked: Asked, _: Answer) -> Answer:
    return _refresh(f"{asked.path}?hop={_hop(asked) + 1}")


# --------------------------------------------------------------------------------------------------- without end


def _with_links(answer: Answer, links: str) -> Answer:
    return replace(answer, body=answer.body.replace(b"</body>", f"{links}</body>".encode()))


def _pages_without_end(asked: Asked, _: Answer) -> Answer:
    """A page of a list that has rows and a next page, whatever its number; none of the rows is a report."""
    found = _PAGE.fullmatch(asked.path)
    stem, number, ending = found.groups("1") if found else (asked.path, "1", "")
    page = int(number)
    first = 900_000 + page * ROWS
    rows = {f"{stem}/{each}{ending}": f"工作动态（{each}）" for each in range(first, first + ROWS)}
    return _list_page(rows, f"{stem}_{page + 1}{ending}", page + 1)


def _rows_again(asked: Asked, _: Answer) -> Answer:
    """The same rows of old reports, whatever the page's number, and a next page that is another address."""
    page = int(asked.parameters.get("page", "1")) + 1
    query = "&".join(f"{name}={value}" for name, value in {**asked.parameters, "page": page}.items())
    rows = {f"{asked.path}content_{900_000 + each}.html": f"第{each}局2015年政府信息公开年报" for each in range(ROWS)}
    return _list_page(rows, f"{asked.path}?{query}", page)


def _list_page(rows: Mapping[str, str], following: str, page: int) -> Answer:
    items = "".join(f'<li><a href="{address}">{title}</a></li>' for address, title in rows.items())
    return html(fill("endless.html", rows=items, following=following, page=page))


def _calendar(asked: Asked, answer: Answer) -> Answer:
    """A link to the reports of the next month, and so on from there."""
    months = int(asked.parameters.get("month", "0")) + 1
    year, month = 2019 + months // _MONTHS, 1 + months % _MONTHS
    return _with_links(answer, f'<a href="{asked.path}?month={months}">{year}年{month}月政府信息公开年报</a>')


_visits = count(1)


def _session(_: Asked, answer: Answer) -> Answer:
    """Links that carry a session, another one on each page that is given out."""
    session = f"{next(_visits):032x}".encode()
    return replace(answer, body=re.sub(rb'(href="[^"]+\.html)(?=")', rb"\1;jsessionid=" + session, answer.body))


# -------------------------------------------------------------------------------------------------------- astray


def _astray(_: Asked, answer: Answer) -> Answer:
    """The page with links, frames and attachments that lead to private addresses."""
    links = "".join(f'<a href="{address}">2023年政府信息公开工作年度报告</a>' for address in PRIVATE)
    files = "".join(f'<a href="{address}file.pdf">附件：年度报告.pdf</a>' for address in PRIVATE)
    frames = "".join(f'<iframe src="{address}"></iframe><img src="{address}">' for address in PRIVATE)
    return _with_links(answer, links + files + frames)


CIRCLES: Mapping[str, Callable[[Asked, Answer], Answer]] = {
    "redirect-loop": _redirect_loop,
    "redirect-chain": _redirect_chain,
    "redirect-anew": _redirect_anew,
    "refresh-loop": _refresh_loop,
}

TRAPS: Mapping[str, Callable[[Asked, Answer], Answer]] = {
    **CIRCLES,
    "redirect-private": lambda asked, _: _to(_private(asked)),
    "refresh-private": lambda asked, _: _refresh(_private(asked)),
    "astray": _astray,
    "pages-without-end": _pages_without_end,
    "rows-again": _rows_again,
    "calendar": _calendar,
    "session": _session,
}
