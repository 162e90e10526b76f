"""The walk organ × category: where an address names both, every organ that a list links to has a list of its own.

On such portals the category of annual reports has one number for all organs, so that the lists of the other organs
are this list's address with another organ in it.
"""

import re
from collections.abc import Iterator
from itertools import islice

from govcrawl.models import Exchange, Portal, Request
from govcrawl.platforms.addresses import canonical
from govcrawl.platforms.crawl_context import Stage, Trail, column_request
from govcrawl.platforms.discovery import MAX_DEPTH, column_links

MAX_ORGANS = 300
"""More organs than any county or prefecture has."""


def lists_of_other_organs(exchange: Exchange, portal: Portal, organ: re.Pattern[str]) -> Iterator[Request]:
    """The same category's column of each organ that a column links to.

    `organ` matches the part of an address that names the organ: its first group what stands before the number.
    """
    here, trail = canonical(exchange.response.url, portal) or "", Trail.of(exchange.request)
    if not organ.search(here) or trail.depth >= MAX_DEPTH:
        return
    linked = (organ.search(link.url) for link in column_links(exchange.response, portal))
    organs = dict.fromkeys(found[2] for found in linked if found)
    for number in islice(organs, MAX_ORGANS):
        url = organ.sub(rf"\g<1>{number}", here, count=1)
        if url != here:
            yield column_request(exchange.request, url, trail.onward(Stage.REPORTS))
