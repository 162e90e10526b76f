"""All pages of ours, in the order of the menu. A new page is one line here, one module and one template."""

from govcrawl.browse import (
    about,
    agency,
    capture,
    cell,
    compare,
    dictionary,
    diff,
    home,
    issues,
    report,
    search,
)
from govcrawl.browse.page import Page

PAGES: tuple[Page, ...] = (
    home.PAGE,
    search.PAGE,
    compare.PAGE,
    agency.PAGE,
    report.PAGE,
    cell.PAGE,
    capture.PAGE,
    diff.PAGE,
    issues.PAGE,
    dictionary.PAGE,
    about.PAGE,
)
