"""Pages of no known family: whatever their links call annual reports, and the numbered pages of the same list.

Nothing is known of addresses here, so only titles count: a link is a row if its title is a report's and cannot be a
column's as well. What leads to columns is `discovery`, with its bounds.
"""

import re
from dataclasses import replace

from govcrawl.models import Exchange, Listing, ListPage, Portal
from govcrawl.platforms.linked import LinkedLists
from govcrawl.platforms.rows import mostly_reports
from govcrawl.titles import names_report_column, report_year

NAME = "generic"

_LISTS = LinkedLists(NAME, re.compile(r"^/.+"), by_title=True, sure=False)


def discover(exchange: Exchange, portal: Portal) -> ListPage:
    """The links of a page that are titled as annual reports, and its further pages where most of its links are."""
    found = _LISTS.discover(exchange, portal)
    return ListPage(
        rows=tuple(row for row in found.rows if not _may_be_column(row)),
        requests=found.requests if mostly_reports(found.rows) else (),
    )


def _may_be_column(row: Listing) -> bool:
    """Whether a title is a column's, and nothing about the row speaks for a report of one year."""
    return names_report_column(row.title) and (row.url.endswith("/") or report_year(row.title) is None)


PLATFORM = replace(_LISTS.platform, discover=discover)
