"""What the titles of rows, columns and links say: is it an annual report, of which year, is it the reports' column.

All patterns are matched against folded text (`zh.fold`: no white space, half width, simplified characters). Words that
occur in the names of organs (计划生育, 审计, 采购, 调查队, 考核办) are never taken as a sign against a report.
"""

import re

from govcrawl import zh

_SUBJECT = r"(?:政府信息|信息公开|政务公开|公开工作)"
_REPORT = (
    r"(?:年度?工作报告|年度?报告|年报|工作报告|情况(?:的)?报告|报告书?|年度?(?:工作)?总结|工作总结|公开工作情况|统计表)"
)
_BEHIND = r"""(?:[(\[【<《].{0,24}[)\]】>》]|20\d\d年?度?|全文|图文版?|文字版|["》>.。])*(?:\.(?:pdf|docx?|wps|ofd))?"""

_LOOKS = re.compile(rf"{_SUBJECT}.{{0,24}}?{_REPORT}{_BEHIND}$")
_LOOKS_CUT = re.compile(rf"(?:20\d\d.*{_SUBJECT}.*|{_SUBJECT}.*(?:{_REPORT}|年度?))\.{{2,}}$")
_NEVER = re.compile(
    r"通知$|通报$|要点|(?<!图)解读|指南|公开目录|公开制度|预算|决算|年度报表|法治政府|依法行政|工作方案|工作计划"
    r"|公示$|公告$|征求意见|意见征集|第三方|评估报告|培训班|工作会议|模板|格式|考核办法|考核结果|政府工作报告"
)

_YEARS = r"(?:20\d\d年?度?)?"
_ORGANS = (
    r"各?(?:省|市|州|区|县)?(?:级|直|属|政府)*"
    r"(?:部门|单位|机关|乡?镇(?:\(?街道?\)?)?|街镇|街道|县\(?市、?区\)?|区\(?县市?\)?)"
)
_NOUN = r"(?:年度?工作报告|年度?报告|年报)"
_COLUMN = re.compile(
    rf"(?:.{{0,16}}(?:政府信息|信息公开|政务公开|公开工作|公开)(?:工作)?|{_ORGANS})?{_YEARS}{_NOUN}"
    rf"(?:专栏|汇总|栏目|列表|公开)?{_YEARS}(?:[(\[].{{0,12}}[)\]])?"
)
_NOT_COLUMN = re.compile(r"统计年报|财务|网站|法治|企业|环境|质量|预算|决算|卫生|体检")
_YEAR_COLUMN = re.compile(rf"20\d\d年?度?(?:.{{0,8}}(?:{_NOUN}|公开))?|20\d\d年?度?{_ORGANS}|{_ORGANS}20\d\d年?度?")
_ORGAN_GROUP = re.compile(_ORGANS)

_ORGAN_BEFORE = re.compile(
    r"(?:局|委|委员会|办|办公室|厅|院|街道|镇|乡|中心)(?=20\d\d|政府信息|信息公开|关于)|政府(?=20\d\d|政府信息|关于)"
)

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_YEAR_OF_REPORT = re.compile(r"(?<!\d)(20\d\d)年?度?[^年]{0,24}?(?:公开|报告|年报)")


def looks_like_report(title: str) -> bool:
    """Whether a title by itself is that of an annual report on open government information, in any rendition.

    The words must end the title (a bracket, a year or a file ending may follow), so that notices about reports
    (…年度报告编制工作的通知) and explanations (《…年度报告》解读) are none. A title cut short with dots is judged by
    what is left.
    """
    folded = zh.fold(title)
    return bool(_LOOKS.search(folded) or _LOOKS_CUT.search(folded)) and not _NEVER.search(folded)


def is_wanted(title: str, *, dedicated: bool) -> bool:
    """Whether a row is kept: in a list of annual reports all but what is clearly something else, elsewhere by title."""
    return looks_like_report(title) or (dedicated and not _NEVER.search(zh.fold(title)))


def report_year(title: str) -> int | None:
    """The report year a title states, or None; of several years the one that the words of a report follow."""
    found = set(zh.years(title)) or {int(year) for year in _YEAR.findall(zh.fold(title))}
    if len(found) > 1:
        found = {int(match[1]) for match in _YEAR_OF_REPORT.finditer(zh.fold(title))}
    return found.pop() if len(found) == 1 else None


def names_one_report(title: str) -> bool:
    """Whether a title names an organ and a year, as that of one report does and that of a column does not."""
    return report_year(title) is not None and _ORGAN_BEFORE.search(zh.fold(title)) is not None


def names_report_column(label: str) -> bool:
    """Whether a link's or a column's name is that of the annual reports (年报, 2024年政府信息公开年度报告)."""
    folded = zh.fold(label)
    return _COLUMN.fullmatch(folded) is not None and not _NOT_COLUMN.search(folded)


def names_year_column(label: str) -> bool:
    """Whether a name is that of one year's part of a column (2023年, 2023年度年报, 2024年市级部门)."""
    return _YEAR_COLUMN.fullmatch(zh.fold(label)) is not None


def names_organ_group(label: str) -> bool:
    """Whether a name is that of a group of organs and nothing more (市级部门, 镇街, 县（市、区）)."""
    return _ORGAN_GROUP.fullmatch(zh.fold(label)) is not None
