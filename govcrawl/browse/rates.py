"""What a rate is worth: the organs behind it, and how far those without a report could still move it. Pure.

The rate of a division is the mean over its organs, so that each counts once. An organ that owes a report and has none
that can be read could have any rate: the bounds take 0 and 1 for it. One that had nothing to divide by (no applications
at all) has no rate and is missing nowhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from govcrawl.browse.page import Content

LEVELS = 5
"""Steps of a map's colours."""


def standing(organ: Mapping[str, Any]) -> Content:
    """An organ with its `rate` and how it stands: `rate`, `nothing` (to divide by) or `missing`.

    It comes with `numerator` and `denominator`, None where a cell of theirs holds no number.
    """
    top, bottom = organ["numerator"], organ["denominator"]
    if top is None or bottom is None:
        return {**organ, "standing": "missing", "rate": None}
    if not bottom:
        return {**organ, "standing": "nothing", "rate": None}
    return {**organ, "standing": "rate", "rate": top / bottom}


def summary(organs: Iterable[Mapping[str, Any]]) -> Content:
    """`rate`, `low` and `high` of organs that `standing` gave, with the counts behind them.

    `pooled` takes all their applications together. All four are None where no report gives a rate.
    """
    found = list(organs)
    behind = [organ for organ in found if organ["standing"] == "rate"]
    missing = sum(organ["standing"] == "missing" for organ in found)
    counts = {"organs": len(found), "reports": len(behind), "missing": missing}
    if not behind:
        return {**counts, "rate": None, "low": None, "high": None, "pooled": None}
    total = sum(organ["rate"] for organ in behind)
    return {
        **counts,
        "rate": total / len(behind),
        "low": total / (len(behind) + missing),
        "high": (total + missing) / (len(behind) + missing),
        "pooled": sum(organ["numerator"] for organ in behind) / sum(organ["denominator"] for organ in behind),
    }


def scale(rates: Sequence[float]) -> list[Content]:
    """Equal steps from the lowest to the highest rate, as `{"level", "from", "to"}`; one where all rates are equal."""
    low, high = min(rates, default=0.0), max(rates, default=0.0)
    if low == high:
        return [{"level": LEVELS - 1, "from": low, "to": high}] if rates else []
    step = (high - low) / LEVELS
    return [{"level": level, "from": low + level * step, "to": low + (level + 1) * step} for level in range(LEVELS)]


def level_of(rate: float | None, steps: Sequence[Mapping[str, Any]]) -> int | None:
    """The step that a rate lies in; None for None."""
    if rate is None:
        return None
    return next((step["level"] for step in steps[:-1] if rate < step["to"]), LEVELS - 1)
