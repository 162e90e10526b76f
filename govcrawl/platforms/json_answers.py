"""Answers in JSON or JSONP, read with care: what is not as expected is an error with the address, never a guess."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from html import unescape
from typing import Any

from govcrawl import zh
from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Listing, Portal
from govcrawl.platforms.addresses import canonical
from govcrawl.platforms.markup import text_of
from govcrawl.platforms.script_values import literal_of

CHINA = timezone(timedelta(hours=8))

_CALLBACK = re.compile(r"[\s;]*+(?:/\*[^*]{0,100}+\*/)?\s*+[\w.$]{1,80}+\s*+\((.*)\)", re.DOTALL)
_TAG = re.compile(r"<[^<>]{0,300}>")


def json_of(exchange: Exchange) -> Any:
    """The value an answer holds, with or without a callback around it.

    Line breaks in strings are forgiven, and what a script may write and JSON may not: single quotes, a comma too many.
    Halves of surrogate pairs, which no UTF-8 can hold, are replaced.

    Raises:
        PlatformError: For an answer that is no JSON, or nested without end.
    """
    text = text_of(exchange.response.body)
    wrapped = _CALLBACK.fullmatch(text.rstrip().removesuffix(";").rstrip())
    written = (wrapped[1] if wrapped else text).strip()
    try:
        return _storable(json.loads(written, strict=False))
    except ValueError as error:
        value = _storable(literal_of(written)) if written[:1] + written[-1:] in {"{}", "[]"} else None
        if value is None:
            raise _no_json(exchange, error) from None
        return value
    except RecursionError as error:
        raise _no_json(exchange, error) from None


def _no_json(exchange: Exchange, error: Exception) -> PlatformError:
    return PlatformError(f"{exchange.request.url}: the answer is no JSON ({type(error).__name__}); ask later")


def _storable(value: Any) -> Any:
    """The value with every half of a surrogate pair replaced, and every row of values as a list."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if not value.isascii() else value
    if isinstance(value, Mapping):
        return {_storable(name): _storable(each) for name, each in value.items()}
    return [_storable(each) for each in value] if isinstance(value, list | tuple) else value


def within(value: Any, *path: str | int) -> Any:
    """What lies at the end of a path of keys and places; None where a step leads nowhere."""
    for step in path:
        if isinstance(value, Mapping) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def records(exchange: Exchange, value: Any, *path: str) -> list[Mapping[str, Any]]:
    """The list of objects at the end of a path; what is no object in it is left out.

    Raises:
        PlatformError: If there is no list.
    """
    found = within(value, *path)
    if not isinstance(found, list):
        raise PlatformError(f"{exchange.request.url}: no list under {'.'.join(path)!r}; not an answer of this family")
    return [each for each in found if isinstance(each, Mapping)]


def text_in(record: Mapping[str, Any], *names: str) -> str | None:
    """The first of some fields that holds text or a number, white space collapsed; None where all are empty."""
    values = (record.get(name) for name in names)
    texts = (zh.squeeze(str(value)) for value in values if isinstance(value, str | int) and not isinstance(value, bool))
    return next(filter(None, texts), None)


def number_in(record: Any, *path: str) -> int | None:
    """The whole number at the end of a path, also where it is written as a string; None where there is none."""
    value = within(record, *path)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def day_of(value: str | None) -> str | None:
    """A date as `YYYY-MM-DD`: of a text that holds one, or of seconds (or milliseconds) since 1970, told in China."""
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and 9 <= len(value) <= 13):
        return zh.date(value)
    seconds = int(value) // (1000 if len(value) > 11 else 1)
    return datetime.fromtimestamp(seconds, CHINA).date().isoformat()


def listing_of(
    record: Mapping[str, Any], names: Mapping[str, tuple[str, ...]], portal: Portal, base: str
) -> Listing | None:
    """The row that a record of a list holds, None where it has no title or no address.

    `names` says under which names of the record each field of a `Listing` stands, the first that is filled counts.
    """
    told = {field: text_in(record, *known) for field, known in names.items()}
    address, title = told.pop("url"), told.pop("title")
    url = canonical(address, portal, base) if address else None
    if not url or not title:
        return None
    return Listing(portal.id, url, plain_text(title), **{**told, "listed_on": day_of(told["listed_on"])})


def plain_text(markup: str) -> str:
    """A field's text without the markup that some interfaces leave in it (`<em>`, `&nbsp;`)."""
    return zh.squeeze(unescape(_TAG.sub("", markup)))
