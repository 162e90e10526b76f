"""All pages of ours, in the order of the menu. A new page is one line here, one module and one template."""

from govcrawl.browse import capture, cell, diff, issues, report
from govcrawl.browse.page import Page

PAGES: tuple[Page, ...] = (
    report.PAGE,
    cell.PAGE,
    capture.PAGE,
    diff.PAGE,
    issues.PAGE,
)
