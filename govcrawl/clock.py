"""Today's date. Nothing else in the project reads a clock to decide what was due."""

import os
from datetime import UTC, date, datetime

from govcrawl.errors import UsageError


def today() -> date:
    """Today in UTC; `GOVCRAWL_TODAY=YYYY-MM-DD` pins it. Raises UsageError for anything else in that variable."""
    pinned = os.environ.get("GOVCRAWL_TODAY")
    try:
        return date.fromisoformat(pinned) if pinned else datetime.now(UTC).date()
    except ValueError as error:
        raise UsageError(f"GOVCRAWL_TODAY={pinned}: give a day as YYYY-MM-DD") from error
