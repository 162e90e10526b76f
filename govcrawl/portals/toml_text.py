"""The text of one registry file as data; an id that is given twice is told by its name, which TOML itself does not."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from govcrawl.errors import RegistryError

Files = Mapping[str, bytes]
"""Registry files by their names."""

_LINE_ID = re.compile(r'^\s*"?([0-9a-z-]+)"?\s*=\s*\{', re.MULTILINE)


def parsed(name: str, content: bytes) -> dict[str, Any]:
    """What a file holds; RegistryError, which names the file, where it is no TOML."""
    try:
        text = content.decode("utf-8")
        if doubled := [line_id for line_id, times in Counter(_LINE_ID.findall(text)).items() if times > 1]:
            raise RegistryError(f"{name}: {doubled[0]}: the id is given twice; remove one of the lines")
        return tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RegistryError(f"{name}: not valid TOML: {error}") from error
