"""How far a list goes, and what is wrong with it: the rules that end a walk through pages for every platform.

The first page of a list asks for all others at once, so that one page that fails hides none behind it. Each of them
carries the first page's digest: a server that answers a later page with the first one again is in error (a repeated
group is not the end of the list), and so is an empty page before the end.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from govcrawl import zh
from govcrawl.errors import PlatformError
from govcrawl.models import Request

MAX_PAGES = 2000
"""More pages than any list of reports has; a pager that names more is broken or a trap."""

NEXT_LINK = re.compile(r"下一?页|后一?页|>|>>|next(?:page)?", re.IGNORECASE)
PAGE_LINK = re.compile(
    rf"(?:第?\d{{1,5}}页?|\[\d{{1,5}}\]|[首尾末]页|最后一?页|上一?页|前一?页|<|<<|last|prev|{NEXT_LINK.pattern})",
    re.IGNORECASE,
)
"""What a link of a pager is called, to the next page and to any, in the words of `pager_name`."""

_ARROWS = str.maketrans("»›«‹", ">><<")

MAX_ROWS = 20_000
"""More rows than any server gives at once; an answer with more is a flood and is not read."""


@dataclass(frozen=True, slots=True)
class PagePosition:
    """Which page of its list a request asks for: its number from 1, the rows a page holds, the first page's digest."""

    page: int = 1
    size: int = 0
    group: str = ""

    def context(self) -> dict[str, str]:
        """The place as entries of a request's context."""
        return {"page": str(self.page), "size": str(self.size), "group": self.group}


def pager_name(text: str) -> str:
    """A link's name, folded, its arrows apart: elsewhere they are quotes, and all quotes fold to one."""
    return zh.fold(text.translate(_ARROWS))


REPEATS = "repeats the first page"
"""What the error says where a list goes round in a circle."""


def place(request: Request) -> PagePosition:
    """The place that a request carries; the first page for one that carries none."""
    context = dict(request.context)
    return PagePosition(int(context.get("page", "1")), int(context.get("size", "0")), context.get("group", ""))


def group_of(rows: Iterable[str]) -> str:
    """A digest of a page's rows, by which a repeated page is known."""
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]


def refuse_flood(request: Request, rows: int) -> None:
    """Raise PlatformError for an answer that holds more rows than `MAX_ROWS`."""
    if rows > MAX_ROWS:
        raise PlatformError(f"{request.url}: {rows} rows at once, more than {MAX_ROWS}; not read")


def refuse_repetition(request: Request, group: str) -> None:
    """Raise PlatformError where a later page of a list holds the rows of its first page again."""
    here = place(request)
    if here.page > 1 and here.group == group:
        raise PlatformError(f"{request.url}: page {here.page} of list {request.key} {REPEATS}; ask later")


def further_pages(request: Request, count: int) -> range:
    """The numbers of the pages that the first page of a list asks for; none where the request is for another.

    Raises:
        PlatformError: For a list that claims more than `MAX_PAGES` pages.
    """
    if count > MAX_PAGES:
        raise PlatformError(
            f"{request.url}: list {request.key} claims {count} pages, more than {MAX_PAGES}; not walked"
        )
    return range(2, count + 1) if place(request).page == 1 else range(0)
