"""What a platform is: a name and the four questions a family of portals can be asked, answered by pure functions."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from govcrawl.models import Exchange, Listing, ListPage, Portal, Request
from govcrawl.vocabulary import Role

Start = Callable[[Portal, tuple[int, ...]], tuple[Request, ...]]
Read = Callable[[Exchange, Portal], ListPage]
Locate = Callable[[Listing, Portal], Request]
Probe = Callable[[Request, str], Request]


@dataclass(frozen=True, slots=True)
class Platform:
    """A family of portals.

    `start(portal, years)` asks for what the registry knows of a portal; `discover` reads a page on the way to a list;
    `read_listing` reads a list's answer; `locate` asks for a row's document; `articles` matches the addresses of
    documents as this family writes them, from the path on. `sure` says that no column of it has such an address.
    `probe(search, number)`, where a list of the family can be asked for one index number, is that request.
    """

    name: str
    start: Start
    discover: Read
    read_listing: Read
    locate: Locate
    articles: re.Pattern[str]
    sure: bool = True
    probe: Probe | None = None


def page_of_row(platform: str) -> Locate:
    """The plainest `locate`: a row's document is the page at the row's address."""

    def locate(row: Listing, portal: Portal) -> Request:
        return Request(portal.id, platform, Role.DOCUMENT, row.url)

    return locate
