"""Rates of organs and of divisions, with the bounds that missing reports leave open. Pure.

The rate of a division is the mean over its organs, so that each counts once. An organ that owes a report and has none
that can be read could have any rate: the bounds take 0 and 1 for it. An organ with nothing to divide by (no
applications at all) has no rate and counts as missing nowhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

COLOUR_STEPS = 5
"""Steps of a map's colours."""


@dataclass(frozen=True, slots=True)
class OrganRate:
    """The rate of an organ; `numerator` and `denominator` are None where one of their cells holds no number."""

    numerator: float | None
    denominator: float | None

    @property
    def standing(self) -> str:
        """`rate`, `nothing` (to divide by) or `missing` (no report that can be read)."""
        if self.numerator is None or self.denominator is None:
            return "missing"
        return "rate" if self.denominator else "nothing"

    @property
    def rate(self) -> float | None:
        """The rate, from 0 to 1; None unless there is one."""
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator

    @property
    def low(self) -> float | None:
        """The lowest rate that is possible."""
        return 0.0 if self.standing == "missing" else self.rate

    @property
    def high(self) -> float | None:
        """The highest rate that is possible."""
        return 1.0 if self.standing == "missing" else self.rate


@dataclass(frozen=True, slots=True)
class RateSummary:
    """The rate of many organs; the four rates are null where no report gives one."""

    organs: int  # organs that owe a report
    reports: int  # reports that give a rate
    missing: int  # organs without a report that can be read
    rate: float | None  # mean over organs
    low: float | None  # lowest mean that is possible
    high: float | None  # highest mean that is possible
    pooled: float | None  # rate of all their applications together


@dataclass(frozen=True, slots=True)
class ColourStep:
    """A step of a map's colours."""

    level: int  # 0 for the lowest rates
    from_: float  # lowest rate of the step
    to: float  # highest rate of the step


def rate_summary(organs: Iterable[OrganRate]) -> RateSummary:
    """The rate of some organs and its bounds, with the counts behind them."""
    found = list(organs)
    pairs = [(each.numerator, each.denominator) for each in found if each.numerator is not None and each.denominator]
    reports, missing = len(pairs), sum(each.standing == "missing" for each in found)
    if not reports:
        return RateSummary(len(found), 0, missing, rate=None, low=None, high=None, pooled=None)
    total = sum(numerator / denominator for numerator, denominator in pairs)
    return RateSummary(
        organs=len(found),
        reports=reports,
        missing=missing,
        rate=total / reports,
        low=total / (reports + missing),
        high=(total + missing) / (reports + missing),
        pooled=sum(numerator for numerator, _ in pairs) / sum(denominator for _, denominator in pairs),
    )


def colour_scale(rates: Sequence[float]) -> list[ColourStep]:
    """Equal steps from the lowest to the highest rate; one where all rates are equal, none without rates."""
    low, high = min(rates, default=0.0), max(rates, default=0.0)
    if low == high:
        return [ColourStep(COLOUR_STEPS - 1, low, high)] if rates else []
    step = (high - low) / COLOUR_STEPS
    return [ColourStep(level, low + level * step, low + (level + 1) * step) for level in range(COLOUR_STEPS)]


def colour_level(rate: float | None, scale: Sequence[ColourStep]) -> int | None:
    """The level of the step that a rate lies in; None for None."""
    if rate is None:
        return None
    return next((step.level for step in scale[:-1] if rate < step.to), COLOUR_STEPS - 1)
