"""How a page's script makes a row of a record: the markup that it writes, with the fields in it.

`'<li><a href="/detail.html?id=' + row.id + '">' + row.bt + '</a></li>'` says what the address of a row is and which
field is its title, whatever the interface calls them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from govcrawl.models import Response
from govcrawl.platforms.json_answers import text_in
from govcrawl.platforms.markup import fragment
from govcrawl.platforms.script_values import page_script, text_of_value

_LINK = re.compile(r"<a\b", re.IGNORECASE)
_FIELD = re.compile(r"\{(\w{1,60})\}")


@dataclass(frozen=True, slots=True)
class RowTemplate:
    """The address and the title of a row, texts with `{field}` where a field of the record stands; empty if unknown."""

    address: str = ""
    title: str = ""


@lru_cache(maxsize=2)
def row_template(response: Response) -> RowTemplate:
    """The first row that a page's scripts make of a record's fields; an empty one where they make none."""
    script = page_script(response).with_members()
    for at, word in enumerate(script.tokens):
        if word[:1] in {'"', "'", "`"} and _LINK.search(word) and script.tokens[at - 1] != "+":
            markup = text_of_value(script.value_at(at)[0])
            for link in fragment(markup).xpath("//a[contains(@href, '{')]"):
                names = (link.attrib.get("title", ""), link.xpath("string()").get(""))
                return RowTemplate(link.attrib["href"].strip(), next(filter(_FIELD.search, names), "").strip())
    return RowTemplate()


def filled_template(text: str, record: Mapping[str, Any]) -> str | None:
    """A template with the fields of a record put in; None where it has none of them, or the record not all."""
    told = {name: text_in(record, name) for name in _FIELD.findall(text)}
    if not told or None in told.values():
        return None
    return _FIELD.sub(lambda match: str(told[match[1]]), text)
