"""Crawler traps: redirects in circles, lists without end, and links to addresses that a crawler must not request.

Each trap answers in place of a page, or adds to it. What it answers depends on the address alone, except for the
session links, which are new on each page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count

from govcrawl.replica.page_templates import fill_template, html_response
from govcrawl.replica.request_response import ReplicaRequest, ReplicaResponse

_HOPS = 50
"""The length of the long chain of redirects."""
_ROWS = 5
"""The rows on each page of a list without end."""

PRIVATE_ADDRESSES = (
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
"""Addresses of this machine, of private networks and of metadata services in many spellings, and other schemes."""

_PAGE = re.compile(r"(.*?)(?:_(\d+))?(\.\w+)")
_MONTHS = 12


def _hop(request: ReplicaRequest) -> int:
    return request.number("hop", 0)


def _redirect(address: str) -> ReplicaResponse:
    return ReplicaResponse(b"", status=302, headers=(("Location", address),))


def _digest(request: ReplicaRequest) -> str:
    return hashlib.sha256(f"{request.path}{sorted(request.parameters.items())}".encode()).hexdigest()[:12]


def _private_address(request: ReplicaRequest) -> str:
    return PRIVATE_ADDRESSES[int(_digest(request), 16) % len(PRIVATE_ADDRESSES)]


# ------------------------------------------------------------------------------------------------------------ redirects


def _redirect_loop(request: ReplicaRequest, _: ReplicaResponse) -> ReplicaResponse:
    return _redirect(request.path if request.parameters else f"{request.path}?again=1")


def _redirect_chain(request: ReplicaRequest, response: ReplicaResponse) -> ReplicaResponse:
    return _redirect(f"{request.path}?hop={_hop(request) + 1}") if _hop(request) < _HOPS else response


def _redirect_anew(request: ReplicaRequest, _: ReplicaResponse) -> ReplicaResponse:
    return _redirect(f"{request.path}?t={_digest(request)}")


def _refresh(address: str) -> ReplicaResponse:
    return html_response(
        f'<html><head><meta http-equiv="refresh" content="0;url={address}"></head><body></body></html>'
    )


def _refresh_loop(request: ReplicaRequest, _: ReplicaResponse) -> ReplicaResponse:
    return _refresh(f"{request.path}?hop={_hop(request) + 1}")


# ------------------------------------------------------------------------------------------ lists and links without end


def _with_links(response: ReplicaResponse, links: str) -> ReplicaResponse:
    return replace(response, body=response.body.replace(b"</body>", f"{links}</body>".encode()))


def _endless_pages(request: ReplicaRequest, _: ReplicaResponse) -> ReplicaResponse:
    """A page of a list with rows that are no reports and a next page, whatever its number."""
    found = _PAGE.fullmatch(request.path)
    stem, number, ending = found.groups("1") if found else (request.path, "1", "")
    page = int(number)
    first = 900_000 + page * _ROWS
    rows = {f"{stem}/{each}{ending}": f"工作动态（{each}）" for each in range(first, first + _ROWS)}
    return _list_page(rows, f"{stem}_{page + 1}{ending}", page + 1)


def _repeated_rows(request: ReplicaRequest, _: ReplicaResponse) -> ReplicaResponse:
    """The same rows of old reports and a link to a next page, whatever the page's number."""
    page = request.number("page", 1) + 1
    query = "&".join(f"{name}={value}" for name, value in {**request.parameters, "page": page}.items())
    rows = {
        f"{request.path}content_{900_000 + each}.html": f"第{each}局2015年政府信息公开年报" for each in range(_ROWS)
    }
    return _list_page(rows, f"{request.path}?{query}", page)


def _list_page(rows: Mapping[str, str], following: str, page: int) -> ReplicaResponse:
    items = "".join(f'<li><a href="{address}">{title}</a></li>' for address, title in rows.items())
    return html_response(fill_template("endless.html", rows=items, following=following, page=page))


def _calendar(request: ReplicaRequest, response: ReplicaResponse) -> ReplicaResponse:
    """A page with a link to the reports of the next month, which has one to the month after, and so on."""
    months = request.number("month", 0) + 1
    year, month = 2019 + months // _MONTHS, 1 + months % _MONTHS
    return _with_links(response, f'<a href="{request.path}?month={months}">{year}年{month}月政府信息公开年报</a>')


_sessions = count(1)


def _session_links(_: ReplicaRequest, response: ReplicaResponse) -> ReplicaResponse:
    """A page whose links carry a session, a new one on each page."""
    session = f"{next(_sessions):032x}".encode()
    return replace(response, body=re.sub(rb'(href="[^"]+\.html)(?=")', rb"\1;jsessionid=" + session, response.body))


# ---------------------------------------------------------------------------------------------------- private addresses


def _private_links(_: ReplicaRequest, response: ReplicaResponse) -> ReplicaResponse:
    """The page with links, frames and attachments at private addresses added."""
    links = "".join(f'<a href="{address}">2023年政府信息公开工作年度报告</a>' for address in PRIVATE_ADDRESSES)
    files = "".join(f'<a href="{address}file.pdf">附件：年度报告.pdf</a>' for address in PRIVATE_ADDRESSES)
    frames = "".join(f'<iframe src="{address}"></iframe><img src="{address}">' for address in PRIVATE_ADDRESSES)
    return _with_links(response, links + files + frames)


REDIRECT_TRAPS: Mapping[str, Callable[[ReplicaRequest, ReplicaResponse], ReplicaResponse]] = {
    "redirect-loop": _redirect_loop,
    "redirect-chain": _redirect_chain,
    "redirect-anew": _redirect_anew,
    "refresh-loop": _refresh_loop,
}

CRAWLER_TRAPS: Mapping[str, Callable[[ReplicaRequest, ReplicaResponse], ReplicaResponse]] = {
    **REDIRECT_TRAPS,
    "redirect-private": lambda request, _: _redirect(_private_address(request)),
    "refresh-private": lambda request, _: _refresh(_private_address(request)),
    "astray": _private_links,
    "pages-without-end": _endless_pages,
    "rows-again": _repeated_rows,
    "calendar": _calendar,
    "session": _session_links,
}
