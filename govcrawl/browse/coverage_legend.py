"""How the states of coverage look: a tone for the colour, and a sign, so that colour alone never tells two apart."""

from dataclasses import dataclass

from govcrawl.vocabulary import CoverageState

NOT_EXPECTED_STATES = (
    CoverageState.EXEMPT,
    CoverageState.OUT_OF_SCOPE,
    CoverageState.NEVER_LISTED,
    CoverageState.LIST_UNREAD,
    CoverageState.ELSEWHERE,
    CoverageState.NOT_DUE,
)
"""States of the years for which no report is expected: they do not count against the reports in hand."""


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A state of coverage as the heat maps show it."""

    state: str  # a word of `CoverageState`
    sign: str  # one character
    tone: str  # colour: `good`, `warn`, `bad` or `idle`


_LOOKS = {
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


def coverage_legend() -> list[LegendEntry]:
    """Every state with its sign and tone, in the order of the vocabulary."""
    return [LegendEntry(state, *_LOOKS[state]) for state in CoverageState]
