"""Files that are in their place whole or not at all, also after a crash or a power cut.

What is written goes beside its place first, is made to outlive a power cut, and is then moved there in one step.
"""

import os
from collections.abc import Callable
from pathlib import Path


def put_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Have `write` fill a file beside `path` and move it there; `path` holds what it held if anything fails."""
    part = path.with_name(f"{path.name}.part")
    try:
        write(part)
        sync(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """Make a file's content, or a folder's list of names, outlive a power cut."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
