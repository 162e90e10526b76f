"""All pages, in the order of the menu. A new page is one line here, one module and one template."""

from govcrawl.archive.layout import DATABASE
from govcrawl.browse.about import ABOUT_PAGE
from govcrawl.browse.agency import AGENCY_PAGE
from govcrawl.browse.capture import CAPTURE_PAGE
from govcrawl.browse.cell import CELL_PAGE
from govcrawl.browse.compare import COMPARE_PAGE
from govcrawl.browse.dictionary import DICTIONARY_PAGE
from govcrawl.browse.diff import DIFF_PAGE
from govcrawl.browse.home import HOME_PAGE
from govcrawl.browse.issues import ISSUES_PAGE
from govcrawl.browse.page import BrowsePage
from govcrawl.browse.report import REPORT_PAGE
from govcrawl.browse.search import SEARCH_PAGE

BROWSE_PAGES: tuple[BrowsePage, ...] = (
    HOME_PAGE,
    SEARCH_PAGE,
    COMPARE_PAGE,
    AGENCY_PAGE,
    REPORT_PAGE,
    CELL_PAGE,
    CAPTURE_PAGE,
    DIFF_PAGE,
    ISSUES_PAGE,
    DICTIONARY_PAGE,
    ABOUT_PAGE,
)

MENU_PAGES = tuple(page for page in BROWSE_PAGES if page.in_menu)

REPLAY_PATTERN = "^/-/replay/(?P<capture>[^/]+)$"
"""The addresses of the sanitized pages that frames show."""

FIRST_PARTS = frozenset(("", "-", "index", "favicon", "_internal", DATABASE.removesuffix(".db")))
"""What any path of the server begins with, Datasette's own included, without its format."""


def route_of(path: str, prefix: str) -> str:
    """The path of an address without the prefix under which the server is reached."""
    return f"/{path[len(prefix) :]}" if prefix != "/" and path.startswith(prefix) else path
