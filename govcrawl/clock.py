"""Today's date. No other module reads a clock to decide what was due."""

import os
from datetime import UTC, date, datetime

from govcrawl.errors import UsageError


def today() -> date:
    """Returns today's date in UTC, or `GOVCRAWL_TODAY` (`YYYY-MM-DD`) if set; raises UsageError if that is no date."""
    pinned = os.environ.get("GOVCRAWL_TODAY")
    try:
        return date.fromisoformat(pinned) if pinned else datetime.now(UTC).date()
    except ValueError as error:
        raise UsageError(f"GOVCRAWL_TODAY={pinned}: give a day as YYYY-MM-DD") from error
