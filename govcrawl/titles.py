"""The grammar of titles: whether a title names an annual report on open government information, its organ and year.

One grammar serves the titles of pages, rows and links, and the names of columns and organs. All functions are pure. A
value that a title does not state for certain is None. Words that occur in the names of organs (计划生育, 审计, 采购,
调查队, 考核办) never count against a report.

A title is read in its marked form: simplified characters, no white space, `#` for every year, `@` for every date.
Patterns are matched against the marked form with its widths folded, character for character.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from govcrawl import zh
from govcrawl.vocabulary import Scope


class TitleKind(StrEnum):
    """The kind of text that a title names."""

    REPORT = "report"  # an annual report on open government information
    LIKELY = "likely"  # one if the list or the page says so: 2023年度报告, a covering letter, an announcement
    CUT = "cut"  # cut short with dots before the deciding words
    ABOUT = "about"  # a text about reports or disclosure: notice, guide, form, explanation
    NOTE = "note"  # a text that may stand in a report's place: a note why there is none, a picture of its figures
    OTHER = "other"  # a report of something else or of a part of a year, a comparison, a plan
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Title:
    """The reading of a title.

    `text` is the title in simplified characters, without white space, label and name of the site. `years` holds its
    years, except those of dates and document numbers; `year` is the report year. `organ` is the name of one organ, in
    simplified characters, and set for the kinds REPORT, LIKELY and CUT only. `owner` is the text before the subject of
    a report, without the year: an organ, a group or other words. `names_others` is true if the owner is no single organ
    (各部门), `names_several` if it is more than one (教育局、体育局). `is_letter` is true for the title of a letter or
    notice that a report comes with. `instead` describes a title of kind ABOUT, NOTE or OTHER. `has_report_words` is
    true if it contains 报告, 年报 or the like.
    """

    text: str = ""
    kind: TitleKind = TitleKind.UNCLEAR
    years: tuple[int, ...] = ()
    year: int | None = None
    organ: str | None = None
    owner: str = ""
    names_others: bool = False
    names_several: bool = False
    is_letter: bool = False
    instead: str | None = None
    has_report_words: bool = False

    @property
    def is_report(self) -> bool:
        """Whether it is the title of a report, by itself or in the context of a list or page of reports."""
        return self.kind in {TitleKind.REPORT, TitleKind.LIKELY}

    @property
    def scope(self) -> Scope:
        """The scope of the organ, from its name."""
        return scope_of(self.organ)


_ANY_YEAR = 2000
_LONGEST, _LONGEST_NAME, _LONGEST_LABEL = 300, 40, 60  # characters: of a title, an organ's name, a column's name

# ------------------------------------------------------------------------------------------------- years and dates

_YEAR = r"(?<!\d)(?:20\d\d|二[零〇○O][零〇○O一二三四五六七八九]{2})(?!\d)"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DATES = (
    rf"{_YEAR}年(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[日号])?",
    rf"{_YEAR}[-./]{_MONTH}(?:[-./]\d{{1,2}})?(?![\d年学])",
    r"(?<!\d)20\d\d[01]\d[0-3]\d(?!\d)",
    r"(?<!\d)20\d\d(?=[号期])",
    r"(?<=[〔\[(])20\d\d(?=[〕\])]\d{1,5}号)",
)
"""Texts whose year is not a report year: days, months, numbers of documents (国办发〔2014〕32号)."""
_TIMES = re.compile(
    rf"(?P<date>{'|'.join(_DATES)})"
    rf"|(?P<year>{_YEAR})(?:[-~—至到]+(?P<last>{_YEAR}|\d\d(?=[年学])))?(?P<word>学?年(?!报)|(?=[年度]))?"
)

_MARK = re.compile("[#@]")
_UNMARKED = str.maketrans("", "", "#@＃＠")
_OF_PUBLICATION = re.compile(r"#年?度?(?:发布|公布|公示|更新|上传|印发|编制|版|修订)")
_OF_REPORT = re.compile(r"(?<![和、及与至到])#[^#@]{0,24}?(?:公开|报告|年报)")

# ------------------------------------------------------------------------------------------------ what is no report


def _table(patterns: Mapping[str, str]) -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in patterns.items()}


_AT_END = r"(?:\([^()]*\)|[》\"】\])@])*$"
_ABOUT = _table({
    "notice": rf"(?:通知|通报|通告|批复|请示|倡议书){_AT_END}",
    "guide": rf"指南{_AT_END}",
    "form": rf"模板|格式|样表|表样|样式|空白|(?:申请|登记|填报)表{_AT_END}",
    "explanation": r"(?<!图)解读",
    "plan": rf"方案{_AT_END}",
    "training": rf"培训班{_AT_END}",
})  # fmt: skip
"""Kinds of texts about reports or disclosure, each with its words."""

_NOTE = _table({
    "note": rf"(?:说明|指引|须知|手册|流程图?|问答|答记者问|答复|讲话|会议|培训会?|统计){_AT_END}",
    "picture": r"图解|读懂|看懂|^[【\[(]?(?:一图|一张图|图说|图读|数说|数读|漫画|动漫|动画|视频|长图|海报)",
    "statistics of applications": r"申请.{0,4}统计",
})  # fmt: skip
"""Kinds of texts that may stand in a report's place, each with its words. Rows of these kinds are kept and read."""

_ASSESSED = r"(?:评估|测评|评议|考核|自查|整改|检查|督查|审查|验收|调研|述职)"
_ONE_MONTH = r"[\d一二三四五六七八九十]{1,2}"
_SOME_MONTHS = rf"(?!1-12月|一至十二月){_ONE_MONTH}[-~至到]{_ONE_MONTH}月"
_OTHER = _table({
    "part of a year": rf"半年|季度|季报|月报|月度|月份|周报|第[一二三四1-4]季|{_SOME_MONTHS}",
    "comparison": r"对比|比较|比对|对照(?!检查)|同比|分析(?!中心|测试|室|所)",
    "assessment": rf"第三方|{_ASSESSED}(?:工作|情况|结果|办法|的)*(?:报告|总结|结果|情况|办法)",
    "guide": r"指南",
    "training": r"培训班|工作会议",
    "rules": rf"公开目录|公开制度|(?:办法|规定|细则|条例|制度|目录|清单){_AT_END}",
    "plan": r"工作方案|工作计划|工作安排|工作思路|要点",
    "call": r"征求意见|意见征集|关于.{0,4}做好|^做好",
    "work on the report": rf"(?:报告|年报)的?(?:编制|编写|撰写|起草|填报|报送)(?:工作|情况|要求|任务|完成)?{_AT_END}",
    "finances": r"(?:预算|决算)(?!编审|评审|绩效|中心|局|处|科)|财务(?:公开|报告|报表|收支|年报)",
    "rule of law": r"法治政府|依法行政",
    "work of the government": r"政府工作报告",
    "web": r"年度报表|网站(?:工作|建设|监管|管理|[#年度])*(?:年报|报告|总结)",
    "openness of another kind": r"[党村厂校院警检狱审居财组]务公开|司法公开|办事公开|权力公开",
    "another subject": r"(?:统计|财务|企业|环境|质量|卫生|体检|审计|绩效)(?:状况|工作)?(?:年报|年度报告|公报)",
})  # fmt: skip
"""Kinds of texts that are no report on disclosure over a whole year, each with words that no organ's name contains."""

_BESIDE = re.compile(
    r"网站|网页|统计公报|财务|环境状况|质量报告|责任报告|调研报告|研究报告|审计报告|评估|述职|报表|提案|议案|白皮书"
)
"""The subjects of other reports in the same lists: websites, finances, surveys."""
_PICTURES = re.compile(
    r"^(?:【|\[)?(?:一图|图解|图说|长图|漫画|动漫|动画|视频|h5|数说)|(?:图解|图表版|漫画版|视频版)[】\])]?$",
    re.IGNORECASE,
)
"""Words for a report rendered as pictures or video."""

_LETTER = re.compile(rf"函{_AT_END}")
_NO_REPORT = {TitleKind.ABOUT: _ABOUT, TitleKind.OTHER: _OTHER, TitleKind.NOTE: _NOTE}
_PUBLIC_NOTICE = re.compile(rf"(?:公示|公告){_AT_END}")
"""Words of a public notice. A report's title before them takes precedence."""

# ------------------------------------------------------------------------------------------------- what is a report

_ANOTHER = "".join(f"(?<!{word})" for word in ("政府", "政务", "环境", "财务", "企业", "质量", "预算", "决算", "校园"))
_INFORMATION = rf"(?:政府|政务|{_ANOTHER})(?:信息|资讯)(?:主动|工作)?公开|公开政府信息|政府公开信息"
_AFFAIRS = r"政务公开|政府信息(?=(?:工作)?(?:年度|年报))|(?<![^#度局委办厅院会府室镇乡道处心])公开(?=工作)"
_SUBJECT = re.compile(rf"(?:{_INFORMATION}|{_AFFAIRS})(?:[和与及暨、/(]+(?:{_INFORMATION}|{_AFFAIRS})\)?)*")
DISCLOSURE = rf"(?:{_INFORMATION}|政务公开)"
"""The subject of the reports."""

_NOUN = r"(?:报告书?|年报|年度报(?!表)|统计表|总结|小结|汇报|情况)"
_FULL_SUBJECT = re.compile(r"(?:政府|政务)?(?:信息|资讯)(?:工作)?公开")
_STATISTICS = "统计表"
_WEAK = frozenset({"总结", "小结", "汇报", "情况", _STATISTICS})
"""Nouns that name a report only together with a `_FULL_SUBJECT` (政务公开工作总结 is another text) and, except for the
table, with a year."""

_CUT_SHORT = re.compile(r"[^\d#@]{2,30}#年?.{0,16}?(?:\.{2,}|[…⋯]+)")
_BRACKET = r"[(\[【<《〔](?:[^()\[\]【】<>《》〔〕]|\([^()]*\)|〔[^〔〕]*〕){0,40}[)\]】>》〕]"
_FILLING = (
    r"(?:工作|情况|年终|[年度的告#@]|开展|进展|实施|执行|落实|完成|基本|总体|整体|全年|总结|[》】\"和及与、]"
    rf"|{_BRACKET})"
)
"""Texts that may stand between the subject and the noun."""
_RENDITION = r"(?:全文|正文|图文版?|图片版|文字版|电子版|扫描件|盖章版|定稿|终稿|正式稿|副本|word版|pdf版|\d{1,2}$)"
_BEHIND = rf"(?:{_BRACKET}|#年?度?|@|{_RENDITION}|的?公示|的?公告|公布|发布|[》】\"':,.。、*\-])*"
_TAIL = re.compile(rf"(?P<middle>.{{0,40}}?)(?P<noun>{_NOUN})(?P<behind>{_BEHIND})")
_TAIL_CUT = re.compile(rf"{_FILLING}*[工报总统情]?")
_TOLD = re.compile("[年报总]")
_FILLED = re.compile(rf"^{_FILLING}+|{_FILLING}+$")
_ANNOUNCED = re.compile("公示|公告|公布|发布")
_BARE = re.compile(rf"(?P<before>.*?)(?:#年?度?)?(?:年度报告|年报(?!告)|(?<=度)报告)(?P<behind>{_BEHIND})")
_NEWS = re.compile(r"(?<!关于)(?:发布|公布|公开|上报|报送)[了的]?[#@度《\"]*$")
_SENT, _PUBLISHED = "报送|呈报|上报|呈送|送审|提交|报请|转报|抄送|函送", "印发|印送|公布|发布|公开|公示|刊发|刊登|下发"
_COVER = re.compile(
    rf"(?P<sender>(?:(?!关于).)*+)关于(?P<verb>{_SENT}|{_PUBLISHED}|(?=#))(?P<rest>.*?(?:报告书?|年报)[》\"】]*)"
    rf"的?(?P<noun>函|报告|请示|公告|通告|通报|通知){_AT_END}"
)
"""The title of a text that a report comes with."""
_COVERS = {
    "函": f"(?:{_SENT}|{_PUBLISHED})?",
    **dict.fromkeys(("报告", "请示"), f"{_SENT}|{_PUBLISHED}"),
    **dict.fromkeys(("公告", "通告", "通报", "通知"), _PUBLISHED),
}
"""The nouns of such texts, each with the verbs by which a list knows them. A notice 关于报送 asks others for theirs."""
_WORDS = re.compile(r"报告|年报|年度报")
_MENTIONED = re.compile(rf"{_WORDS.pattern}|总结|回顾|工作情况|(?:信息|政务)公开|公开(?:工作|年|情况)")
_HINT = re.compile(r"[报報结結况況表.…⋯]")
"""The last characters of all nouns, in both scripts, and the dots of a shortened title."""

# ------------------------------------------------------------------------------------------ what stands around a title

_CLOCK = re.compile(r"\s+\d{1,2}[:：]\d\d(?:[:：]\d\d)?")
_SITE = re.compile(r"\s*[_|｜]+\s*|(?<=报告|年报|总结)\s*[-–—]+\s*(?![\d二])|(?<=[)）])\s*[-–—]+\s*(?=\S*政府)")
"""The separators between a title and the name of a column or site."""
_GLUED = re.compile(
    r".*?(?:报告|年报)(?=\s|(?:发布|公开|印发|发文)?(?:日期|时间|机构)|来源|浏览|字号|字体|打印|索引号)"
)
"""A title in one line with the details or the text of its page."""
_LABEL = re.compile(r"^(?:标题|名称|题目|信息名称|文件名称)[:：]")
_FRONT = re.compile(
    r"(?:(?:标题|名称|题目|信息名称|文件名称):|附[件表]?\d{0,2}[:.、]|\(?\d{1,3}[).、](?!\d)|[·•●◆■★※*>]+)+"
)
_FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?|txt|rtf|zip|rar|s?html?)$", re.IGNORECASE)
_DOTS = re.compile(r"(?:[(\[【<《](?:[^)\]】>》.…⋯]++|\.(?!\.))*+)?(?:\.{2,}+|[…⋯]++)$")

# ------------------------------------------------------------------------------------------------- names of organs

PLACE = (
    r"(?:省|自治区|自治州|市|地区|盟|县|自治县|区|旗|州|镇|乡|苏木|嘎查|街道|新城|度假区|开发区|实验区|功能区|兵团|师)"
)
"""The endings of names of places."""
_ORGAN_END = (
    r"(?:[局委办厅室会院馆队处站所署社司校心部庭园场团组行]|街道|海关|监狱|[残妇文科侨社]联|工商联|科协|联社|气象台"
    r"|地震台|电视台|电台|管理段)"
)
_OFFICE_OF = r"(?:国务院|政府|管委会|管理委员会)(?:党政(?:综合)?)?办(?:公室|公厅)?"
_SCOPES: tuple[tuple[Scope, str], ...] = (
    (Scope.OFFICE, rf".*{_OFFICE_OF}|.*(?:省|市|区|县|州)府办(?:公室)?|.*政府(?:本级)?机关"),
    (Scope.GOVERNMENT, rf".*人民政府|.*{PLACE}(?:政府|管委会|管理委员会)|.{{1,20}}(?<!街道){PLACE}(?<!街道)"),
    (Scope.DEPARTMENT, rf".*{_ORGAN_END}(?:\(.*\))?|.*(?:街道办事处|公司|集团|大学|中学|小学|学院)"),
)
_DIVISION = re.compile(r".*(?:[省市州盟区县旗师]|新城|兵团)")
"""The bare name of a place above a town. It may mean the government, or all organs there."""

_LEVEL = "[省市州盟区县旗]"
_UNIT = (
    r"(?:部门|单位|机关|委办局|乡?镇|镇街|街镇|街乡|镇乡|乡街|街道?|乡|街办|功能区|开发区|园区|(?:派出|直属)机构"
    r"|县\(?市、?区\)?|市?区\(?县市?\)?|市\(?县、?区\)?|县区|县市区?|市县区?)"
)
_GROUP = (
    rf"(?:各?{_LEVEL}?(?:级|直|属|管|政府|人民政府|工作|职能|组成|派出|事业)*{_UNIT}(?:\((?:街道|镇|乡|办事处)\))?"
    r"(?:(?:人民)?政府|办事处)?|各[省市州盟区县旗镇乡级]{1,2})"
)
_GROUPS = rf"{_GROUP}(?:[、,和及与/]?{_GROUP}){{0,3}}"
_SEVERAL = re.compile(_GROUPS)
_GOVERNMENT = rf"(?:{_LEVEL}(?:人民)?政府(?:本级)?|{_LEVEL}?本级(?:政府)?)"
_OWN_GOVERNMENT = re.compile(_GOVERNMENT)
_MENU_GROUPS = rf"{_GROUPS}(?:管委会)?"
"""Groups of organs as the menu of a list names them."""
_ORGAN_GROUP = re.compile(rf"{_MENU_GROUPS}|{_GOVERNMENT}")

_MEETING = re.compile(r"(?:座谈|推进|推介|听证|培训|动员|运动|交流|发布|研讨|汇报|协调|说明|招聘|评审|表彰|联欢|大)会$")
_MAY_BE_ORGAN = re.compile(r"[一-鿿()]{2,30}")
_EVERYBODY = re.compile(r"各(?!族)|(?<![一-鿿])全[省市州盟区县旗](?!县)|所属|下属|部门|街镇|镇街|街乡|汇总|等\d|、")
_OURSELVES = re.compile(
    r"[我本该](?:[省市州盟区县旗局委办厅院镇乡所站馆校会社队处部室行团场师]|中心|公司|集团|苏木|嘎查|机关|机构|单位|部门"
    rf"|街道|级).*|{_LEVEL}?本级"
)
_NAMELESS = re.compile(
    rf"{_LEVEL}?(?:[局厅委院会办所站队处室部社]|委员会|办公室|办公厅|中心|管委会|管理委员会)|{_LEVEL}{{1,2}}"
    r"|(?:街道)?办事处|街道办?|(?:镇|乡|苏木|街道)(?:人民)?(?:政府)?|(?:人民)?政府|人民"
)
_DEEDS = re.compile(
    r"做好|召开|举办|部署|完成|填报|征集|启动|规范|督促|要求|学习|贯彻|落实|推进(?!办|局|处|科|中心)|加强|深化(?!改革)"
    r"|现将|如下|根据|按照|参照|依据|依照|遵照|对照|向社会|^请|请[于各在]|[,，。;；]"
)
"""Words of sentences, notices and news. A text with one of them before the subject is no report's title."""
_NO_NAME = re.compile(
    r"[局厅委院](?:和|及|与|暨)|[Xx×]{2}|[○〇*_]{2}|我[局委厅办院馆校镇乡县市区省州盟旗]|^[以及]{2}|关于|开展|印发|转发|报送|上报|发布(?!中心)|公布|网站|门户|平台|专栏|栏目|首页|附件|附表|报告|年报|上一篇|下一篇"
    r"|公开(?!办|科|处|室|中心|服务|领导|工作领导)|^(?:不?含(?!山)|除|包括)|[A-Za-z]{3}|[,;:!?。\"'<>《》【】\[\]/\\|#@+=]"
)
_JOINED = re.compile(r"[局厅委院](?:和|及|与|暨)")
_ASIDE = re.compile(r"[(（](?:本级|机关|局机关|本部|不?含[^()（）]*|汇总)[)）]$")
_WRAPPED = re.compile(r"[(（]([^()（）]*)[)）]")
_INSIDE = re.compile(r"[(（\[【《〔]([^()（）\[\]【】《》〔〕]*(?:[(（][^()（）]*[)）])?)[)）\]】》〕]")
_MARKED_TIME = re.compile(r"[(（][#@]年?度?[)）]|[#@](?:年?度(?!假))?")
_NAME_EDGES = re.compile(
    r"^(?:关于|现?公布|发布|公开|印发|开展|[的:：,，、.．\-—])+"
    r"|(?:关于|开展|公布|发布|公开|上报|报送|编制|年度|[的:：,，、.．\-—])+$"
)
_PIECES = re.compile(r"[【】\[\]《》〈〉<>\"“”]+")

# ------------------------------------------------------------------------------------------------- names of columns

_PAST = r"(?:历年|历届|往年|历史)"
REPORT_NOUN = r"(?:年度?工作报告|年度?报告|年报)"
"""The nouns of annual reports without their subject."""
_NOUN_OF_YEAR = rf"(?:(?:#年?度?)?{REPORT_NOUN}|#年?度(?:工作)?报告)"
_COLUMN_SUBJECT = rf"(?:{_INFORMATION}|政务公开|公开工作|(?<![^#度])(?:主动)?公开)(?:工作)?"
_COLUMN = re.compile(
    rf"(?:.{{0,16}}{_COLUMN_SUBJECT}(?:{_NOUN_OF_YEAR}|(?:工作)?报告)|(?:(?:{_GROUPS}|{_GOVERNMENT}|{_PAST})(?:工作)?)?{_NOUN_OF_YEAR})"
    r"(?:专栏|专题|汇总|汇编|栏目|列表|查询|公开)?#?年?度?(?:[(\[].{0,12}[)\]])?"
)
_NO_OWNER = re.compile(rf"[我本全]{_LEVEL}|{_PAST}|{_MENU_GROUPS}")
_MAY_BE_OWNER = re.compile(r"[一-鿿()、·\-]{2,40}")
"""The characters of an owner. Digits are excluded, since they come from months and sentences."""
_YEAR_COLUMN = re.compile(
    rf"#年?度?(?:.{{0,8}}(?:{REPORT_NOUN}|公开))?|#年?度(?:工作)?报告|#年?度?{_GROUPS}|{_GROUPS}#年?度?"
)

# --------------------------------------------------------------------------------------------- reading a name


@lru_cache(maxsize=1 << 12)
def scope_of(name: str | None) -> Scope:
    """Returns the scope of an organ from its name; `unknown` for None and for names of no known kind."""
    if name is None:
        return Scope.UNKNOWN
    plain = zh.fold(name)
    return next((scope for scope, words in _SCOPES if re.fullmatch(words, plain)), Scope.UNKNOWN)


@lru_cache(maxsize=1 << 12)
def is_organ(name: str) -> bool:
    """Whether a text is the name of one organ, or of one place for its government, and nothing else."""
    plain = zh.fold(name)
    return (
        1 < len(plain) <= _LONGEST_NAME
        and not any(sign.search(plain) for sign in (_NO_NAME, _DEEDS, _EVERYBODY))
        and not any(whole.fullmatch(plain) for whole in (_NAMELESS, _OURSELVES, _SEVERAL))
        and scope_of(name) is not Scope.UNKNOWN
    )


def may_be_organ(name: str) -> bool:
    """Whether a text ends like the name of an organ, with or without its place (镇政府, 档案馆, 区教育局).

    Unlike `is_organ`, it accepts names that many organs share.
    """
    plain = zh.fold(name)
    if not _MAY_BE_ORGAN.fullmatch(plain) or _MEETING.search(plain) or _DEEDS.search(plain):
        return False
    return scope_of(name) is not Scope.UNKNOWN or _OWN_GOVERNMENT.fullmatch(plain) is not None


def is_division(name: str) -> bool:
    """Whether a name is the bare name of a division from county level up (余杭区, 平潭综合实验区)."""
    return scope_of(name) is Scope.GOVERNMENT and _DIVISION.fullmatch(zh.fold(name)) is not None


def name_in(text: str) -> str | None:
    """Returns the name in a text, in simplified characters, without years, verbs and marks around it; None if empty."""
    return _name(_marked(text)[0].spelled) or None


# ------------------------------------------------------------------------------------------------ reading a title


class _Marked(NamedTuple):
    """A title in its marked form, folded (`key`) and as written (`spelled`). Both have the same length."""

    key: str
    spelled: str

    def part(self, start: int, end: int | None = None) -> "_Marked":
        """Returns a part of the title, cut at the same places in both spellings."""
        return _Marked(self.key[start:end], self.spelled[start:end])


class _Body(NamedTuple):
    """A title without number, label, file ending, final dots and the words of a covering letter by its `sender`."""

    key: str
    spelled: str
    is_dated: bool
    is_letter: bool
    is_cut: bool
    sender: str = ""


class _Shape(NamedTuple):
    """The parts of a report's title: the text before the subject, and other texts that may name an organ."""

    kind: TitleKind
    before: str
    others: tuple[str, ...] = ()


def title_parts(text: str) -> tuple[str, ...]:
    """Returns the parts of a `<title>` between the separators of names of columns and sites."""
    return tuple(_SITE.split(text)) if len(text) <= _LONGEST else (text,)


@lru_cache(maxsize=1 << 13)
def read_title(text: str) -> Title:
    """Reads a title. Of the parts between separators of site names, the first that is not unclear counts."""
    if len(text) > _LONGEST:
        return Title()
    read = [_read(part) for part in _SITE.split(text)]
    told = next((title for title in read if title.kind is not TitleKind.UNCLEAR), None)
    glued = _GLUED.match(text) if told is None else None
    return told or (_read(glued[0]) if glued else read[0])


def covered_title(text: str) -> Title | None:
    """Reads the report's title in that of a letter, notice or announcement, whatever its verb; None for other texts."""
    said = _read(text, any_cover=True) if len(text) <= _LONGEST else None
    return said if said and said.is_letter and said.is_report else None


def undated_summary(text: str) -> Title | None:
    """Reads a title without a year whose noun is weak (政府信息公开情况总结): the page shows if it is a report's."""
    said = read_title(text)
    if said.years or said.kind is not TitleKind.UNCLEAR:
        return None
    dated = read_title(f"{_ANY_YEAR}年{text}")
    return replace(dated, text=said.text, year=None, years=()) if dated.is_report else None


def _read(text: str, *, any_cover: bool = False) -> Title:
    whole, years = _marked(text)
    said = Title(
        text=_LABEL.sub("", zh.raw(zh.simplified(text))),
        years=tuple(dict.fromkeys(year for each in years.values() for year in each)),
        year=_report_year(whole.key, years),
        has_report_words=_WORDS.search(whole.key) is not None,
    )
    body = _body(whole, is_dated=bool(years), any_cover=any_cover)
    said = replace(said, is_letter=body.is_letter)
    for kind, table in _NO_REPORT.items():
        if instead := _matching(table, body.key):
            return replace(said, kind=kind, instead=instead)
    if shape := _shape(body):
        whose = _whose(shape, body)
        return replace(said, kind=_kind(shape, body), owner=_name(shape.before), **whose._asdict())
    if body.is_letter or _LETTER.search(body.key):
        return replace(said, kind=TitleKind.NOTE, instead="letter")
    return replace(said, kind=TitleKind.OTHER, instead="public notice") if _PUBLIC_NOTICE.search(body.key) else said


def _marked(text: str) -> tuple[_Marked, Mapping[int, tuple[int, ...]]]:
    """The marked form of a title, and its years by the places of their marks."""
    spelled = zh.raw(_CLOCK.sub("", zh.visible(zh.simplified(text)))).translate(_UNMARKED)
    key = zh.aligned(spelled)
    times = list(_TIMES.finditer(key))
    marked = _Marked(_with_marks(key, times), _with_marks(spelled, times))
    places = (mark.start() for mark in _MARK.finditer(marked.key))
    stated = {place: time for place, time in zip(places, times, strict=True) if time["year"]}
    worded = {place: time for place, time in stated.items() if time["word"] is not None}
    years = {
        place: _years_in(time)
        for place, time in (worded or stated).items()
        if not _OF_PUBLICATION.match(marked.key, place)
    }
    return marked, years


def _with_marks(text: str, times: Sequence[re.Match[str]]) -> str:
    starts = (0, *(time.end() for time in times))
    ends = (*(time.start() for time in times), len(text))
    marks = (*("#" if time["year"] else "@" for time in times), "")
    return "".join(text[start:end] + mark for start, end, mark in zip(starts, ends, marks, strict=True))


def _years_in(time: re.Match[str]) -> tuple[int, ...]:
    """The year of a match, or the first and last year of a span (2022-2023学年, 2018-19年)."""
    first, last = (int(zh.number(time[group] or "") or 0) for group in ("year", "last"))
    return (first, last % 100 + first // 100 * 100) if last else (first,)


def _report_year(key: str, years: Mapping[int, tuple[int, ...]]) -> int | None:
    """The only year of a title, else the only one before the words of a report."""
    found = set(years.values())
    if len(found) > 1:
        found = {years[match.start()] for match in _OF_REPORT.finditer(key) if match.start() in years}
    only = found.pop() if len(found) == 1 else ()
    return only[0] if len(only) == 1 else None


def _body(whole: _Marked, *, is_dated: bool, any_cover: bool) -> _Body:
    front, dots = _FRONT.match(whole.key), _DOTS.search(whole.key)
    title = whole.part(front.end() if front else 0, dots.start() if dots else None)
    if file := _FILE.search(title.key):
        title = title.part(0, file.start())
    cover = _COVER.fullmatch(title.key)
    if cover is None or not (any_cover or re.fullmatch(_COVERS[cover["noun"]], cover["verb"])):
        return _Body(*title, is_dated, is_letter=False, is_cut=dots is not None)
    sender, rest = (title.part(*cover.span(group)) for group in ("sender", "rest"))
    return _Body(*rest, is_dated, is_letter=True, is_cut=dots is not None, sender=sender.spelled)


def _matching(table: Mapping[str, re.Pattern[str]], key: str) -> str | None:
    return next((name for name, pattern in table.items() if pattern.search(key)), None)


def _shape(body: _Body) -> _Shape | None:
    """The parts of a report's title; None for any other title."""
    for subject in _SUBJECT.finditer(body.key):
        # 政府 belongs to both words in 伊宁河县人民政府信息公开.
        shared = 2 if body.key.endswith("人民", 0, subject.start()) and subject[0].startswith("政府") else 0
        before = body.spelled[: subject.start() + shared]
        shape = None if _DEEDS.search(before) else _shape_behind(before, subject, body)
        if shape:
            return shape
    return _bare_shape(body) if body.is_dated else None


def _shape_behind(before: str, subject: re.Match[str], body: _Body) -> _Shape | None:
    """The parts of a title with this subject; None if the words behind the subject are not those of a report."""
    if tail := _TAIL.fullmatch(body.key, subject.end()):
        middle, behind = body.spelled[slice(*tail.span("middle"))], body.spelled[tail.start("behind") :]
        left = _name(_FILLED.sub("", middle))
        if (left and not is_organ(left)) or not _fits(tail["noun"], before, subject, body):
            return None
        is_announced = _ANNOUNCED.search(_INSIDE.sub("", behind))
        others = (*_insides(behind), *_insides(middle), left)
        return _Shape(TitleKind.LIKELY if is_announced else TitleKind.REPORT, before, others)
    tail = _TAIL_CUT.fullmatch(body.key, subject.end()) if body.is_cut else None
    if tail and _TOLD.search(tail[0]):
        return _Shape(TitleKind.REPORT, before)
    return _Shape(TitleKind.CUT, before) if tail and body.is_dated else None


def _fits(noun: str, before: str, subject: re.Match[str], body: _Body) -> bool:
    """Whether a noun completes a report's title. A weak noun needs a full subject, a year, and no unknown name."""
    if noun not in _WEAK:
        return True
    name = _name(before)
    is_clean = not name or is_organ(name) or _OURSELVES.fullmatch(name) is not None
    return is_clean and _FULL_SUBJECT.match(subject[0]) is not None and (body.is_dated or noun == _STATISTICS)


def _bare_shape(body: _Body) -> _Shape | None:
    """The parts of a title without a subject: a year and a report, with only an organ before them."""
    bare = _BARE.fullmatch(body.key)
    if bare is None:
        return None
    before = body.spelled[: bare.end("before")]
    name = _name(before)
    others = _insides(body.spelled[bare.start("behind") :])
    return None if name and not is_organ(name) else _Shape(TitleKind.LIKELY, before, others)


def _insides(spelled: str) -> tuple[str, ...]:
    """The texts in brackets."""
    return tuple(inside[1] for inside in _INSIDE.finditer(spelled))


def _kind(shape: _Shape, body: _Body) -> TitleKind:
    """The kind of a report's title. A report sent by letter, or announced as published, is only likely."""
    is_news = _NEWS.search(shape.before) is not None and bool(_name(shape.before))
    return TitleKind.LIKELY if shape.kind is TitleKind.REPORT and (body.is_letter or is_news) else shape.kind


class _Whose(NamedTuple):
    """The organ that a title names, whether other words stand in its place, and whether those are several organs."""

    organ: str | None
    names_others: bool
    names_several: bool


def _whose(shape: _Shape, body: _Body) -> _Whose:
    """The owner of a report, from its title, else the sender of the letter that it comes with."""
    before = [name for piece in _PIECES.split(shape.before) if (name := _name(piece))]
    outside, inside = _organs(before), _organs(map(_name, shape.others))
    is_open = not outside or (len(outside) == 1 and is_division(outside[0]))
    organs = inside if inside and is_open else outside
    if len(organs) == 1 and not (outside and organs is inside and scope_of(inside[0]) is not Scope.DEPARTMENT):
        return _Whose(organs[0], names_others=False, names_several=False)
    strange = [name for name in before if not _OURSELVES.fullmatch(name)]
    several = bool(organs or _EVERYBODY.search(body.key) or any(map(_JOINED.search, strange)))
    sender = _organs([_name(body.sender)])
    if sender and not (several or strange):
        return _Whose(sender[0], names_others=False, names_several=False)
    return _Whose(None, bool(several or strange), several)


def _organs(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(is_organ, names)))


def _name(spelled: str) -> str:
    """A name without the marks, verbs and signs around it; empty if nothing is left."""
    name = _MARKED_TIME.sub("", spelled)
    if wrapped := _WRAPPED.fullmatch(name):
        name = wrapped[1]
    return _ASIDE.sub("", _NAME_EDGES.sub("", name))


# ---------------------------------------------------------------------------------------------- what is asked of it


def looks_like_report(title: str) -> bool:
    """Whether a title alone names an annual report on open government information, in any rendition.

    A title cut short with dots is judged by what is left of it.
    """
    return read_title(title).kind in {TitleKind.REPORT, TitleKind.CUT}


def is_wanted(title: str, *, dedicated: bool) -> bool:
    """Whether a row is kept. A list of annual reports keeps all but clear strangers; other lists keep reports only."""
    kind = read_title(title).kind
    return looks_like_report(title) or (dedicated and kind not in {TitleKind.ABOUT, TitleKind.OTHER})


def speaks_of_reports(text: str) -> bool:
    """Whether a text may be a report's title or contains a word for a report. Cheap for most lines."""
    if not _HINT.search(text):
        return False
    said = read_title(text)
    return said.has_report_words or said.is_report or said.kind is TitleKind.CUT


def report_year(title: str) -> int | None:
    """Returns the report year of a title, or None. Of several years, the one before the words of a report counts."""
    return read_title(title).year


def names_one_report(title: str) -> bool:
    """Whether a title names one organ and a year, and so one report instead of a column."""
    said = read_title(title)
    return said.year is not None and said.organ is not None and not is_division(said.organ)


def names_owner(title: str) -> bool:
    """Whether a report's title has an owner that is no group of organs and no word for "our region" (我市).

    Unlike `names_one_report`, it accepts owners of no known kind (中国（浙江）自由贸易试验区).
    """
    owner = zh.fold(read_title(title).owner)
    return _MAY_BE_OWNER.fullmatch(owner) is not None and _NO_OWNER.fullmatch(owner) is None


def names_report_column(label: str) -> bool:
    """Whether a label names the column of annual reports (年报, 2024年政府信息公开年度报告)."""
    return _names(_COLUMN, label) and not names_one_report(label)


def names_year_column(label: str) -> bool:
    """Whether a label names the part of a column for one year (2023年, 2023年度年报, 2024年市级部门)."""
    return _names(_YEAR_COLUMN, label)


def names_organ_group(label: str) -> bool:
    """Whether a label names a group of organs (市级部门, 镇街, 县（市、区）), or the government (区政府)."""
    return _names(_ORGAN_GROUP, label)


def _names(pattern: re.Pattern[str], label: str) -> bool:
    if len(label) > _LONGEST_LABEL:
        return False
    key = _marked(label)[0].key
    return pattern.fullmatch(key) is not None and not any(_matching(table, key) for table in _NO_REPORT.values())


def is_something_else(title: str) -> bool:
    """Whether a title names another kind of report, or a report rendered as pictures."""
    folded = zh.fold(title)
    is_other = _BESIDE.search(folded) is not None and not looks_like_report(folded)
    return is_other or _PICTURES.search(folded) is not None


def is_cut_short(title: str) -> bool:
    """Whether a title ends in dots behind a name and a year (上海市财政局2024年政府信…)."""
    return _CUT_SHORT.fullmatch(_marked(title)[0].key) is not None


def mentions_reports(text: str) -> bool:
    """Whether a text contains a word for reports or disclosure, as every link to a report does."""
    return _MENTIONED.search(zh.fold(text)) is not None


def may_be_year_column(title: str) -> bool:
    """Whether a title may name the column of a year: it contains `年报`, or is only a year."""
    folded = zh.fold(title)
    return "年报" in folded or ("报告" not in folded and names_year_column(folded))
