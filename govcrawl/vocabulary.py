"""The closed lists: every kind, outcome, state and role that is stored or printed, each defined once.

`docs/vocabulary.md` and the check constraints of the database are generated from these classes.
"""

from enum import StrEnum


class Origin(StrEnum):
    """What an archive was crawled from. An archive has one origin."""

    LIVE = "live"
    REPLICA = "replica"


class Role(StrEnum):
    """The purpose of a request. It decides how the response is read."""

    HOME = "home"  # a portal's front page: discovery starts here
    COLUMN = "column"  # a page on the way to the list of annual reports
    LIST = "list"  # a page of a list, whose rows link to documents
    DOCUMENT = "document"  # a page that a row links to
    ATTACHMENT = "attachment"  # a file that a document links to
    ROBOTS = "robots"  # an origin's robots.txt
    EMBEDDED = "embedded"  # what a browser requests to render a page, including the page itself


WAY_ROLES = frozenset({Role.HOME, Role.COLUMN})
"""Roles of pages on the way to a list."""

ON_THE_SPOT = frozenset({Role.ROBOTS, Role.EMBEDDED})
"""Roles of requests that a gate or a browser sends itself: never queued, never redirected, never read as a page."""


class Outcome(StrEnum):
    """How one attempt to fetch an address ended."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    BLOCKED = "blocked"  # a challenge or another refusal of access; recorded, never circumvented
    SOFT_404 = "soft_404"  # status 200, but the page says that it does not exist, or is the home page
    HTTP_ERROR = "http_error"
    TIMEOUT = "timeout"
    DNS = "dns"
    TLS = "tls"
    REFUSED = "refused"  # connection refused or reset
    TRUNCATED = "truncated"
    ROBOTS = "robots"  # robots.txt forbids the address or could not be read
    OUT_OF_REGISTRY = "out_of_registry"
    TOO_LARGE = "too_large"
    ERROR = "error"


class Wall(StrEnum):
    """What stood between a request and its page, told finer than the outcome; empty where no word of the list fits."""

    FOREIGN_BLOCK = "foreign_block"  # a page that refuses callers by their address or their place
    SILENT_DROP = "silent_drop"  # nothing answers the attempt to connect, not even a refusal
    SCRIPT_CHALLENGE = "script_challenge"  # a script or a riddle to be solved first: status 412, 521, 202 and others
    LOGIN = "login"  # a login form, or a redirect to one, where a list or a document was asked for
    EMPTY_PAGE = "empty_page"  # status 200 and nothing else
    DNS = "dns"  # the name has no address, or none that is public
    TIMEOUT = "timeout"  # the host took the connection and did not answer in time
    RESET_AFTER_HEADERS = "reset_after_headers"  # the connection was cut behind the head of the answer
    HANDSHAKE_CLOSED = "handshake_closed"  # closed (FIN) in the TLS handshake
    HANDSHAKE_RESET = "handshake_reset"  # reset (RST) in the TLS handshake
    TLCP = "tlcp"  # the server speaks TLCP (GB/T 38636-2020), which is not TLS
    SM4_ONLY = "sm4_only"  # the server wants a suite of RFC 8998 (TLS 1.3 with SM4), and no handshake came of it
    SM2_ROOT = "sm2_root"  # an SM2 certificate of an issuer that this system does not trust
    OLD_TLS = "old_tls"  # versions, keys or hashes of TLS that are out of use
    WRONG_HOST = "wrong_host"  # the certificate is for another host
    SERVER_ERROR = "server_error"  # a status from 500 on that is no challenge


class KnownBy(StrEnum):
    """How it is known from where a crawl asked (`GOVCRAWL_VANTAGE`)."""

    CLAIMED = "claimed"  # whoever ran the crawl said so; nothing checked it


class Shown(StrEnum):
    """What a response shows at the address of a document."""

    REPORT = "report"
    OTHER = "other"  # a page that is no annual report
    GONE = "gone"  # 404, 410, or a page that says that it does not exist
    MOVED = "moved"  # a redirect to another address


class Ending(StrEnum):
    """How the interval of a version at an address ended."""

    CHANGED = "changed"  # another version took its place
    REPLACED = "replaced"  # a page that is no annual report took its place
    REMOVED = "removed"  # the address answers 404, 410 or a soft 404
    MOVED = "moved"  # a redirect, or the same content appeared at another address later


class Status(StrEnum):
    """The content of a cell of a form."""

    NUMBER = "number"
    BLANK = "blank"
    SLASH = "slash"  # `/` or a dash: not applicable
    TEXT = "text"
    MISSING = "missing"  # the page has no such cell, or it cannot be identified


class CheckOutcome(StrEnum):
    """Whether an identity (勾稽关系) holds at a place."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_ASSESSABLE = "not_assessable"


class ClaimOutcome(StrEnum):
    """The result of comparing a figure in the prose with the tables."""

    AGREES = "agrees"
    CONTRADICTS = "contradicts"
    NOT_COMPARABLE = "not_comparable"  # another quantity: stock against inflow, another scope, no such cell


class Severity(StrEnum):
    """The importance of an issue for users of the figures."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Scope(StrEnum):
    """The bodies whose handling of information a report covers."""

    DEPARTMENT = "department"
    OFFICE = "office"  # the government office's own report
    GOVERNMENT = "government"  # the consolidated report of a government
    UNKNOWN = "unknown"


class Script(StrEnum):
    """The Chinese script of a page."""

    HANS = "hans"
    HANT = "hant"


class IssueKind(StrEnum):
    """What was not understood or is wrong with a page or a report."""

    NOT_A_REPORT = "not_a_report"
    SUSPECTED_MIRROR = "suspected_mirror"
    AMBIGUOUS_LAYOUT = "ambiguous_layout"
    TABLE_NOT_FOUND = "table_not_found"
    CELL_UNCLAIMED = "cell_unclaimed"  # no rule assigns this cell of a recognised table
    LABEL_UNKNOWN = "label_unknown"
    ROW_MISSING = "row_missing"
    VALUE_UNREADABLE = "value_unreadable"
    UNIT_ON_CELL = "unit_on_cell"
    RAGGED_ROW = "ragged_row"
    MIXED_FORMS = "mixed_forms"
    IDENTITY_FAILS = "identity_fails"
    READERS_DISAGREE = "readers_disagree"
    REPAIR_PROPOSED = "repair_proposed"
    BLANK_AS_ZERO = "blank_as_zero"
    CLAIM_CONTRADICTED = "claim_contradicted"
    SECTION_MISSING = "section_missing"
    SECTION_UNKNOWN = "section_unknown"
    YEAR_CONFLICT = "year_conflict"
    AGENCY_UNKNOWN = "agency_unknown"
    YEAR_UNKNOWN = "year_unknown"
    INDEX_NUMBER_INVALID = "index_number_invalid"
    INDEX_NUMBER_REPEATED = "index_number_repeated"  # another report on the same portal bears the same number
    IMAGE_ONLY = "image_only"
    ATTACHMENT_ONLY = "attachment_only"
    REFUSED_LIMIT = "refused_limit"  # the page is beyond a stated limit and was not parsed
    CHARSET_CONFLICT = "charset_conflict"
    REPLACEMENT_CHARACTERS = "replacement_characters"
    TRUNCATED = "truncated"
    PARSE_FAILED = "parse_failed"
    LIST_ROW_UNUSABLE = "list_row_unusable"  # a row of a list without address or title
    LIST_LENGTH_UNKNOWN = "list_length_unknown"  # a list has a pager, and no further page could be requested
    # Found only in several reports together, or in a report and the calendar:
    ACROSS_YEARS_FAILS = "across_years_fails"  # an identity between the reports of two years
    CLONED_FIGURES = "cloned_figures"  # the numbers of another year's or organ's report
    CLONED_TEXT = "cloned_text"
    WRONG_YEAR = "wrong_year"  # the prose or a title names another year as the report's own
    UNIT_JUMP = "unit_jump"  # an amount some 10,000 times that of the year before
    BELOW_CHILDREN = "below_children"  # a government reports less than its organs together
    PUBLISHED_LATE = "published_late"
    COPIES_DIFFER = "copies_differ"  # two copies of one report show different figures
    ASSESSMENT_COUNT = "assessment_count"  # not every identity was assessed: a fault of this software


class AliasSource(StrEnum):
    """Where a spelling of an agency's name was found."""

    REGISTRY = "registry"
    REPORT = "report"  # the title or the opening of a report
    SECOND_NAME = "second_name"  # the name in brackets behind the first: …局（…局）
    PUBLISHER = "publisher"  # what a page or a list names as its publisher
    LIST = "list"  # the title of a row in a list


class SectionKey(StrEnum):
    """The six statutory headings, and any other heading."""

    OVERVIEW = "overview"
    PROACTIVE = "proactive"
    APPLICATIONS = "applications"
    REVIEW_LITIGATION = "review_litigation"
    PROBLEMS = "problems"
    OTHER = "other"
    OTHER_HEADING = "other_heading"


class CoverageState(StrEnum):
    """The state of an agency's report of a year. Every cell of the matrix has one."""

    OK = "ok"
    NOT_DUE = "not_due"
    OVERDUE = "overdue"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    IMAGE_ONLY = "image_only"
    ATTACHMENT_ONLY = "attachment_only"
    PARSE_FAILED = "parse_failed"
    NOT_FOUND = "not_found"
    GONE = "gone"
    EXEMPT = "exempt"
    NEVER_LISTED = "never_listed"
    LIST_UNREAD = "list_unread"  # a list could not be read, or not to its end
    ELSEWHERE = "elsewhere"  # the portal links to a host that its crawl may not ask
    OUT_OF_SCOPE = "out_of_scope"


class LedgerState(StrEnum):
    """The state of a request in the ledger. Which requests are in flight is known to the running crawl only."""

    QUEUED = "queued"  # sent as soon as it is due
    DONE = "done"
    FAILED = "failed"  # given up for this round; the next round tries again


class GapAssessment(StrEnum):
    """The likely meaning of a run of unseen index numbers. It is a lead, never proof of withdrawal."""

    UNSEEN = "unseen"
    OTHER_CLASS = "other_class"
    SITE_WIDE_COUNTER = "site_wide_counter"
    SEEN_THEN_GONE = "seen_then_gone"


class SerialScope(StrEnum):
    """What the serials of an index prefix count, inferred from the numbers of its portal."""

    ORGAN = "organ"  # one organ's documents of a year
    SITE = "site"  # the documents of several organs of a year
    MONTH = "month"  # one organ's documents of a month


class Decision(StrEnum):
    """A person's decision about an issue: where the fault lies."""

    PUBLISHER = "publisher"  # the report was published with the fault
    LAYOUT = "layout"  # the layout of the page is ambiguous
    OURS = "ours"  # this software misread the page
    FINE = "fine"  # nothing is wrong


BUILT_PLATFORMS = (
    "c-column", "epoint", "generic", "gkmlpt", "hanweb-jpaas", "hanweb-jpage", "hanweb-xxgk", "jhtml", "jingzhou-zwgk",
    "list-n", "lonsun", "nfcms", "openness", "query-list", "script-list", "shanghai-nw", "site-channel", "static-dir",
    "trs-igs", "trs-static", "uuid-columns", "yichang-xxgk",
)  # fmt: skip
"""Platform names with a module in `govcrawl.platforms`; a test holds the two equal."""

PLANNED_PLATFORMS: tuple[str, ...] = ()
"""Families that the registry may name before their module exists: valid, not crawled, with a reason in coverage."""

DETECT = "detect"
"""The registry's word for a portal of unknown families: each page is tested for the families that can read it."""
