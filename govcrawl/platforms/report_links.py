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
    GROUPS_REPORT_COLUMN,
    MAY_SPEAK_OF_REPORTS,
    ORGAN_GROUPS,
    SUBJECT_ONWARDS,
    is_wanted,
    looks_like_report,
    may_be_year_column,
    names_organ_group,
    names_report_column,
    names_year_column,
    report_year,
)

FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|rtf|xlsx?|et|zip|rar)$", re.IGNORECASE)
"""Files that a report may be published as."""

_YEAR = re.compile(r"[(\[]?20\d\d年?度?[)\]]?")
_LEADING = re.compile(r"^(?:附件\d*[:：.]?|\d{1,3}[.、]|[(\[]\d{1,3}[)\]]|[·•●■>-]+|《|关于|各级?)+")
_REGION = re.compile(r"[一-鿿]{1,8}(?:省|市|州|盟|区|县|旗)")
_OWN = re.compile(r"(?:省|市|州|区|县|旗)(?:人民)?政府(?:本级)?|(?:省|市|州|区|县)?本级(?:政府)?")
_SUBJECT_COLUMN = re.compile(r"(?:政府信息|政务|信息)公开(?:工作)?报告")
_ORGAN_NAME = re.compile(
    r"[一-鿿()]{1,26}(?:局|委|办|厅|部|署|院|(?:委员|协|商|理事|基金|联合|红十字|工)会|社|中心|大队|支队|总队|队|站|所|处|馆|台|校|学院|大学|集团|公司|银行|联|街道|镇|乡|苏木"
    r"|[省市州盟区县旗]|政府|管委会|办公[室厅]|办事处|总工会|团委|妇联|残联|科协|法院|检察院)"
)
_MAY_BE_ORGAN = re.compile(r"[一-鿿()、·\-]{2,40}")
"""What stands before the words of a report: no number of a month, no piece of a sentence with one."""
_CUT = re.compile(r"[^\d]{2,30}20\d\d年?.{0,16}?\.{2,}")
"""An organ, a year, and a title that a list cut short: 上海市财政局2024年政府信…"""
_OTHER_REPORT = re.compile(
    r"网站|网页|统计公报|财务|环境状况|质量报告|责任报告|调研报告|研究报告|审计报告|评估|述职|报表|提案|议案|白皮书"
)
"""Reports that stand beside those on open government information: of websites, finances, surveys."""
_PICTURE_VERSION = re.compile(
    r"^(?:【|\[)?(?:一图|图解|图说|长图|漫画|动漫|动画|视频|h5|数说)|(?:图解|图表版|漫画版|视频版)[】\])]?$",
    re.IGNORECASE,
)
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
        if inside and _CUT.fullmatch(zh.fold(row.title)):
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
    if not looks_like_report(title) or report_year(title) is None or is_something_else(title):
        return False
    organ = organ_before(title)
    if not _MAY_BE_ORGAN.fullmatch(organ) or ORGAN_GROUPS.fullmatch(organ) or organ in _NO_ORGAN:
        return False
    return not (_REGION.fullmatch(organ) and may_be_year_column(title)) or _is_page(row.url)


_NO_ORGAN = frozenset({"我市", "我县", "我区", "本市", "本县", "本区", "全市", "全县", "全区", "历年", "往年", "年度"})


def organ_before(title: str) -> str:
    """What a folded title names before the words of a report, without its year: the organ, where it names one."""
    return _LEADING.sub("", SUBJECT_ONWARDS.sub("", _YEAR.sub("", title)))


def names_column(title: str) -> bool:
    """Whether a title is that of a column of reports, of one of its years, or of a group of organs in it."""
    return (
        names_report_column(title) or is_report_column_name(title) or names_year_column(title) or is_organ_group(title)
    )


def is_report_column_name(title: str) -> bool:
    """Whether a link's or column's name is one of those of the annual reports."""
    folded = zh.fold(title)
    named = GROUPS_REPORT_COLUMN.fullmatch(folded) or _SUBJECT_COLUMN.fullmatch(folded)
    return names_report_column(title) or named is not None


def is_organ_group(title: str) -> bool:
    """Whether a name is that of a group of organs, or of the government itself, and nothing more."""
    folded = zh.fold(title)
    return names_organ_group(title) or ORGAN_GROUPS.fullmatch(folded) is not None or _OWN.fullmatch(folded) is not None


def is_organ_name(title: str) -> bool:
    """Whether a title is the name of one organ and nothing more."""
    folded = zh.fold(title)
    return _ORGAN_NAME.fullmatch(folded) is not None and not is_organ_group(folded)


def may_be_report(title: str) -> bool:
    """Whether a row of the reports' own list may be one: not what its title tells to be something else."""
    folded = zh.fold(title)
    if not is_wanted(folded, dedicated=True) or is_something_else(folded):
        return False
    organ = _YEAR.sub("", folded)
    return not organ or bool(MAY_SPEAK_OF_REPORTS.search(folded) or _ORGAN_NAME.fullmatch(organ))


def is_something_else(title: str) -> bool:
    """Whether a title is that of another kind of report, or of a report made into pictures."""
    folded = zh.fold(title)
    is_picture = _PICTURE_VERSION.search(folded) is not None
    return is_picture or (_OTHER_REPORT.search(folded) is not None and not looks_like_report(folded))


def _is_page(url: str) -> bool:
    """Whether an address is that of a page, and not of a folder or of a folder's index page."""
    parts = urlsplit(url)
    return _PAGE.search(parts.path) is not None or _IDENTIFYING.search(parts.query) is not None
