"""What a link on a page leads to, by its title and its address: one organ's report, a column, or neither.

A title that names an organ, a year and the report is proof enough, whatever the address looks like. Any other title is
weighed with the address: the addresses of documents as the families write them, files, pages whose name holds a number.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from govcrawl import zh
from govcrawl.models import Listing
from govcrawl.platforms.addresses import from_path
from govcrawl.titles import (
    is_cut_short,
    is_division,
    is_something_else,
    is_wanted,
    looks_like_report,
    may_be_organ,
    may_be_year_column,
    mentions_reports,
    name_in,
    names_organ_group,
    names_owner,
    names_report_column,
    names_year_column,
    read_title,
    report_year,
)

FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|rtf|xlsx?|et|zip|rar)$", re.IGNORECASE)
"""Files that a report may be published as."""

_NUMBERED = re.compile(r"\d{5}|[0-9a-f]{16}|[0-9a-f]{8}-[0-9a-f]{4}")
_PAGE = re.compile(
    r"/(?!(?:index|list|default|col|more)\w*\.)[^/?]+\.(?:s?html?|jhtml|jspx?|aspx?|php|do|xp)$", re.IGNORECASE
)
_IDENTIFYING = re.compile(r"(?:^|&)\w*id=[\w-]*\d[\w-]*(?=&|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DocumentAddresses:
    """What the addresses of documents look like on a page.

    `sure` are shapes that no column has, `likely` shapes that a column may have too.
    """

    sure: tuple[re.Pattern[str], ...]
    likely: tuple[re.Pattern[str], ...]

    def is_sure(self, url: str) -> bool:
        """Whether an address is that of a document or a file."""
        path = from_path(url)
        return FILE.search(urlsplit(url).path) is not None or any(shape.search(path) for shape in self.sure)

    def is_document(self, url: str) -> bool:
        """Whether an address is, or may be, that of a document."""
        return self.is_sure(url) or any(shape.search(from_path(url)) for shape in self.likely)

    def is_report(self, row: Listing, *, inside: bool = False) -> bool:
        """Whether a link alone shows that it leads to an annual report; in the reports' column a cut title does."""
        if is_something_else(row.title):
            return False
        if inside and is_cut_short(row.title):
            return self.is_document(row.url) or _is_page(row.url)
        return proves_report(row) or (looks_like_report(row.title) and self.is_row(row))

    def is_row(self, row: Listing) -> bool:
        """Whether a link with a title that may be a report's leads to a document and not to a column."""
        if proves_report(row) or self.is_sure(row.url):
            return True
        if self.is_document(row.url) and not names_column(row.title):
            return True
        if not _is_page(row.url):
            return False
        if not names_column(row.title):
            return looks_like_report(row.title)
        is_numbered = _NUMBERED.search(from_path(row.url)) is not None
        return report_year(row.title) is not None and (is_numbered or not may_be_year_column(row.title))


def proves_report(row: Listing) -> bool:
    """Whether a title names an organ and a year and the report, as that of one report does.

    The name of a place before `年报` is a column's as well as a report's: there the address must not be a folder's.
    """
    title = zh.fold(row.title)
    if not looks_like_report(title) or report_year(title) is None or is_something_else(title) or not names_owner(title):
        return False
    return not (is_division(read_title(title).owner) and may_be_year_column(title)) or _is_page(row.url)


def names_column(title: str) -> bool:
    """Whether a title is that of a column of reports, of one of its years, or of a group of organs in it."""
    return names_report_column(title) or names_year_column(title) or names_organ_group(title)


def is_organ_name(title: str) -> bool:
    """Whether a title is the name of one organ and nothing more."""
    return may_be_organ(title) and not names_organ_group(title)


def may_be_report(title: str) -> bool:
    """Whether a row of the reports' own list may be one: not what its title tells to be something else."""
    folded = zh.fold(title)
    if not is_wanted(folded, dedicated=True) or is_something_else(folded):
        return False
    name = name_in(folded)
    if name is None:
        return not folded or report_year(folded) is not None
    return mentions_reports(folded) or may_be_organ(name)


def _is_page(url: str) -> bool:
    """Whether an address is that of a page, and not of a folder or of a folder's index page."""
    parts = urlsplit(url)
    return _PAGE.search(parts.path) is not None or _IDENTIFYING.search(parts.query) is not None
