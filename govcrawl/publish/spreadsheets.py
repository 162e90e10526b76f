"""Texts made safe for spreadsheets: a portal's text must not be run as a formula."""

from govcrawl.models import SqlValue

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def neutral(value: SqlValue) -> SqlValue:
    """The value as a spreadsheet may be given it: a text that looks like a formula is marked as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
