"""How a state of coverage looks: a tone for its colour, and a sign, so that colour alone never tells two apart."""

from govcrawl.browse.page import Content
from govcrawl.vocabulary import CoverageState

_CUES = {
    CoverageState.OK: ("✓", "good"),
    CoverageState.NOT_DUE: ("·", "idle"),
    CoverageState.OVERDUE: ("!", "bad"),
    CoverageState.BLOCKED: ("⊘", "bad"),
    CoverageState.UNREACHABLE: ("×", "bad"),
    CoverageState.IMAGE_ONLY: ("▣", "warn"),
    CoverageState.ATTACHMENT_ONLY: ("▤", "warn"),
    CoverageState.PARSE_FAILED: ("?", "warn"),
    CoverageState.NOT_FOUND: ("–", "warn"),
    CoverageState.GONE: ("†", "bad"),
    CoverageState.EXEMPT: ("○", "idle"),
    CoverageState.NEVER_LISTED: ("…", "idle"),
    CoverageState.LIST_UNREAD: ("≡", "warn"),
    CoverageState.ELSEWHERE: ("↗", "idle"),
    CoverageState.OUT_OF_SCOPE: ("/", "idle"),
}


def legend() -> list[Content]:
    """Every state with its sign and tone, in the order of the list."""
    return [{"state": state, "sign": _CUES[state][0], "tone": _CUES[state][1]} for state in CoverageState]
