"""What a platform is: a name and the questions a family of portals can be asked, answered by pure functions."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from govcrawl.models import Exchange, Listing, ListPage, Portal, Request
from govcrawl.vocabulary import Role

Start = Callable[[Portal, tuple[int, ...]], tuple[Request, ...]]
Discover = Callable[[Exchange, Portal], ListPage]
Read = Callable[[Exchange, Portal], ListPage | None]
Locate = Callable[[Listing, Portal], Request]
Probe = Callable[[Request, str], Request]


def _nothing_known(_portal: Portal, _years: tuple[int, ...]) -> tuple[Request, ...]:
    return ()


def _nothing_found(_exchange: Exchange, _portal: Portal) -> ListPage:
    return ListPage()


def _printed(_exchange: Exchange, _portal: Portal) -> ListPage | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A family of portals.

    `articles` matches the addresses of documents as this family writes them, from the path on; `sure` says that no
    column of it has such an address. `start(portal, years)` asks for what the ids of a registry entry name, beside the
    paths that every portal's are asked for. `discover` gives what the family's interface adds to a page on the way:
    rows that stand in no link, requests for its lists. `read_listing` reads an answer to such a request, None for an
    answer that is a printed page. `locate` asks for a row's document where that is more than the row's address.
    `probe(search, number)`, where a list of the family can be asked for one index number, is that request.
    """

    name: str
    articles: re.Pattern[str]
    sure: bool = True
    start: Start = _nothing_known
    discover: Discover = _nothing_found
    read_listing: Read = _printed
    locate: Locate | None = None
    probe: Probe | None = None

    def document(self, row: Listing, portal: Portal) -> Request:
        """The request for a row's document."""
        return self.locate(row, portal) if self.locate else Request(portal.id, self.name, Role.DOCUMENT, row.url)


def page_of_row(platform: str) -> Locate:
    """The plainest `locate`: a row's document is the page at the row's address."""

    def locate(row: Listing, portal: Portal) -> Request:
        return Request(portal.id, platform, Role.DOCUMENT, row.url)

    return locate
