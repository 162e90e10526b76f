"""What is printed: lines on stdout and stderr in which no character acts on a terminal, nor makes a second line.

Titles, names, addresses and reasons come from portals. A control character in one of them could colour the screen,
forge a line of the log, or turn the reading direction. Here each such character becomes visible, as JSON writes it.
"""

import re
import sys
from typing import TextIO

_ACTING = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""C0, DEL and C1; marks, overrides and isolates of the reading direction; line separators; halves of characters."""
_ACTING_WITHIN_LINES = re.compile(_ACTING.pattern.replace(r"\x00-\x1f", r"\x00-\x08\x0b-\x1f"))


def escaped(text: str) -> str:
    r"""Returns a text as one line: each character that acts on a terminal as `\u001b`."""
    return _ACTING.sub(_spelled, text)


def escaped_lines(text: str) -> str:
    """Returns a text of ours in several lines: the same, but line ends and tabs stay. JSON stays the same JSON."""
    return _ACTING_WITHIN_LINES.sub(_spelled, text)


def _spelled(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def say(line: object, *, error: bool = False) -> None:
    """Prints a line on stdout, or on stderr, at once."""
    out = sys.stderr if error else sys.stdout
    write_line(out, str(line))
    out.flush()


def write_line(out: TextIO, line: str) -> None:
    """Writes a line to a stream that people or programs read."""
    out.write(f"{escaped(line)}\n")


def say_json(line: str) -> None:
    """Prints a JSON object on a line of stdout, in UTF-8 whatever the locale."""
    sys.stdout.buffer.write(escaped(line).encode() + b"\n")
    sys.stdout.buffer.flush()
