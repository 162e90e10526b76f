"""CSV that is safe to open: a portal's text must not be run as a formula, nor act on a terminal that it is printed on.

Files keep every character but those of formulas, because they are data. What is printed is also made visible.
"""

import csv
from collections.abc import Iterable
from typing import TextIO

from govcrawl.models import SqlValue
from govcrawl.terminal import escaped

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def neutral(value: SqlValue) -> SqlValue:
    """Returns the value; a text that looks like a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def print_csv(names: Iterable[str], rows: Iterable[Iterable[SqlValue]], out: TextIO) -> None:
    """Writes a header and a line for each row to a stream that may be a terminal."""
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(names)
    lines.writerows(map(_printed, row) for row in rows)


def _printed(value: SqlValue) -> SqlValue:
    safe = neutral(value)
    return escaped(safe) if isinstance(safe, str) else safe
