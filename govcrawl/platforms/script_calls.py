"""What the scripts of a page ask for: the address, the fields and the way of each call, as far as the script says.

`$.ajax({url: …, data: …})` and every object like it, `$.get(url, data)`, `$.post`, `$.getJSON`, `axios.get`,
`fetch(url, …)`. A page's number that a script only knows while it runs is told by the name of its field.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlencode

from govcrawl.models import Response
from govcrawl.platforms.addresses import parameters, requery
from govcrawl.platforms.markup import base_of
from govcrawl.platforms.script_values import UNKNOWN, PageScript, ScriptValue, page_script, text_of_value
from govcrawl.web_address import join_url

MAX_CALLS = 60

_ASKING = frozenset({"get", "post", "getJSON", "fetch", "request", "load", "getScript"})
_SENDING_JSON = frozenset({"axios", "$axios", "$http"})
_ADDRESSES = ("url", "ajaxUrl", "api")
_DATA = ("data", "params", "body", "queryParams", "where")
_ADDRESS = re.compile(
    r"(?:https?:/)?/\S|[\w.-]+(?:/[\w.-]+)*(?:\.\w{2,5})?\?|[\w./-]+\.(?:jsp|do|action|json|jhtml|s?html?|php|aspx)$"
)
_WHOLE = re.compile(r"[^\s<>\"'{}]{1,200}\?[^\s<>\"'{}]{0,2000}")
_FORGOTTEN = re.compile(r"_|t|r|rnd|random|time\w*|timestamp|v|callback|jsoncallback", re.IGNORECASE)
"""Parameters that only keep an answer from being cached, or name the function to call."""

PAGE_FIELD = re.compile(
    r"(?:cur(?:r(?:ent)?)?|now|go|to|start|i|n)?_?page(?:_?(?:no|num|number|index|id|current|now))?|pn|p|cp|pno|pageStart",
    re.IGNORECASE,
)
SIZE_FIELD = re.compile(
    r"_?(?:page_?(?:size|rows|num|count|limit)|per_?page|prepage|pagenums|size|rows|limit|num_?per_?page)",
    re.IGNORECASE,
)
OFFSET_FIELD = re.compile(r"start|offset|begin|skip|(?:start|end)_?(?:record|row|index)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ScriptCall:
    """A request as a script makes it: an absolute address, and the body that is posted, empty for a GET.

    `is_json` says that the body is JSON. A number of a page that the script does not tell is 1.
    """

    url: str
    body: str = ""
    is_json: bool = False

    @property
    def fields(self) -> frozenset[str]:
        """The names of the fields in the address and in the body."""
        return frozenset(parameters(self.url)) | frozenset(
            json.loads(self.body) if self.is_json else parameters(f"?{self.body}")
        )


@lru_cache(maxsize=2)
def script_calls(response: Response) -> tuple[ScriptCall, ...]:
    """The requests that a page's scripts make, in their order, each once; those of unknown addresses are left out."""
    script, found = page_script(response), dict[ScriptCall, None]()
    for address, data, how in _written(script):
        if len(found) < MAX_CALLS and (call := _call(join_url(base_of(response), address), data, how)):
            found[call] = None
    return tuple(found)


@lru_cache(maxsize=2)
def script_addresses(response: Response) -> tuple[str, ...]:
    """Every text of a page's scripts that looks like an address, with what the script adds to it, absolute."""
    script, found = page_script(response), dict[str, None]()
    for at, word in enumerate(script.tokens):
        if word[:1] in {'"', "'", "`"} and "/" in word and script.tokens[at - 1] != "+" and len(found) < MAX_CALLS:
            value, _ = script.value_at(at)
            if (
                isinstance(value, str)
                and _WHOLE.fullmatch(value)
                and (url := _known(join_url(base_of(response), value)))
            ):
                found[url] = None
    return tuple(found)


def _written(script: PageScript) -> Iterator[tuple[str, ScriptValue, Mapping[str, ScriptValue]]]:
    """(address, data, options) of each call: of objects with an address, of functions that ask for one."""
    for at, word in enumerate(script.tokens):
        if word == "{" and script.tokens[at - 1] in {"(", ",", "=", ":", "return", "["}:
            how, _ = script.value_at(at)
            if isinstance(how, Mapping):
                address = next((one for name in _ADDRESSES if isinstance(one := how.get(name), str)), "")
                data = [how[name] for name in _DATA if name in how] or [{}] * _turns_itself(how)
                if _ADDRESS.match(address) and None not in data:
                    yield address, _with_page(next(iter(data), None), how), how
        elif word in _ASKING and script.tokens[at + 1 : at + 2] == ["("]:
            arguments, _ = script.arguments_at(at + 1)
            first, given = (*arguments, None, None)[:2]
            if isinstance(first, str) and _ADDRESS.match(first) and not (word == "post" and given is None):
                yield first, *_options(script.tokens[at - 2], word, given)


def _turns_itself(how: Mapping[str, ScriptValue]) -> bool:
    """Whether a component is told to turn its pages itself, as layui's tables are: `page: true, limit: 10`."""
    return how.get("page") is True and "limit" in how


def _with_page(data: ScriptValue, how: Mapping[str, ScriptValue]) -> ScriptValue:
    """The data of a call, with the fields that a component adds which turns its pages itself."""
    return {**data, "page": 1, "limit": how["limit"]} if _turns_itself(how) and isinstance(data, Mapping) else data


def _options(owner: str, name: str, given: ScriptValue) -> tuple[ScriptValue, Mapping[str, ScriptValue]]:
    """What goes with an address: the data of `$.get` and its like, the options of `fetch`, of `axios.get`.

    What `axios.post` is given goes out as JSON.
    """
    options = given if isinstance(given, Mapping) else {}
    if name == "fetch":
        return options.get("body"), options
    if name == "post":
        return given, {"type": "post"} | ({"contentType": "json"} if owner in _SENDING_JSON else {})
    return options.get("params", given), {}


def _call(address: str, data: ScriptValue, how: Mapping[str, ScriptValue]) -> ScriptCall | None:
    method = text_of_value(how.get("type") or how.get("method") or "get").lower()
    url = _known(address)
    if url is None or method not in {"get", "post"}:
        return None
    if method == "get":
        return _got(url, data, how)
    if isinstance(data, str) and data[:1] == "{":
        return _posted_json(url, data)
    if _is_json(how) and isinstance(data, Mapping):
        return _posted_json(url, json.dumps(_told(data), ensure_ascii=False))
    form = _known(f"?{_form(data)}")
    return None if form is None else ScriptCall(url, form[1:] or "=")


def _got(url: str, data: ScriptValue, how: Mapping[str, ScriptValue]) -> ScriptCall | None:
    added = _known(f"?{_form(data)}")
    if added is None:
        return None
    named = text_of_value(how.get("jsonp") or "callback"), text_of_value(how.get("jsonpCallback") or "callback")
    callback = {named[0]: named[1]} if how.get("dataType") == "jsonp" and named[0] not in parameters(url) else {}
    return ScriptCall(requery(url, **parameters(added), **callback) if data or callback else url)


def _posted_json(url: str, written: str) -> ScriptCall | None:
    try:
        told = json.loads(written)
    except ValueError:
        return None
    kept = {name: value for name, value in told.items() if UNKNOWN not in str(value)}
    unknown = [name for name in told if name not in kept]
    if not all(PAGE_FIELD.fullmatch(name) or _FORGOTTEN.fullmatch(name) for name in unknown):
        return None
    pages = {name: 1 for name in unknown if PAGE_FIELD.fullmatch(name)}
    return ScriptCall(url, json.dumps(kept | pages, ensure_ascii=False, separators=(",", ":")), is_json=True)


def _is_json(how: Mapping[str, ScriptValue]) -> bool:
    headers = how.get("headers")
    return "json" in f"{how.get('contentType', '')}{headers}".lower()


def _told(data: Mapping[str, ScriptValue]) -> dict[str, ScriptValue]:
    return {name: UNKNOWN if value is None else value for name, value in data.items()}


def _form(data: ScriptValue) -> str:
    """The fields of a call as a form; `UNKNOWN` where the script does not tell a value."""
    if isinstance(data, str):
        return data.lstrip("?&")
    if not isinstance(data, Mapping):
        return ""
    written = urlencode({name: text_of_value(value) for name, value in data.items()})
    return written.replace(quote(UNKNOWN), UNKNOWN)


def _known(address: str) -> str | None:
    """An address without what its script does not tell, page 1 of what it turns; None where more is missing."""
    if UNKNOWN not in address:
        return address
    path, _, query = address.partition("?")
    kept = dict[str, str]()
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if UNKNOWN not in value:
            kept[name] = value
        elif PAGE_FIELD.fullmatch(name) or OFFSET_FIELD.fullmatch(name):
            kept[name] = "0" if OFFSET_FIELD.fullmatch(name) else "1"
        elif not _FORGOTTEN.fullmatch(name) and not SIZE_FIELD.fullmatch(name):
            return None
    return None if UNKNOWN in path else f"{path}?{'&'.join(f'{name}={value}' for name, value in kept.items() if name)}"
