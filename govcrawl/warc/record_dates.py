"""The dates that a record may have: not before the web was archived, not after now. One rule for ours and others'."""

from datetime import UTC, datetime, timedelta

from govcrawl.warc.records import moment

FIRST = datetime(1996, 1, 1, tzinfo=UTC)
"""Before the first archive of the web there is no capture of it."""
CLOCKS_DIFFER = timedelta(days=1)
"""How far the clock of another machine may be ahead of ours."""


def misdated(date: str | None) -> str | None:
    """Returns what is wrong with the date of a record, None if nothing is."""
    try:
        at = moment(date or "")
    except (ValueError, OverflowError):
        return "the record does not say when it was made"
    if FIRST <= at <= datetime.now(UTC) + CLOCKS_DIFFER:
        return None
    return f"the record is dated {at.date()}: no page of the web was kept on that day"
