"""Makes texts safe for spreadsheets: a portal's text must not be run as a formula."""

from govcrawl.models import SqlValue

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def neutral(value: SqlValue) -> SqlValue:
    """Returns the value; a text that looks like a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
