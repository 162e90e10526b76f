"""Shows what stands in the controls of a form as text, without moving a byte.

Some pages hold the figures of their tables in `<input value=…>`, `<select>` or `<textarea>`, as the editor of the
portal left them. A browser shows them, so they are read. Everything of a control that is not shown becomes blank, so
offsets into the page stay as they are, and the place of a figure is that of its bytes in the attribute.
"""

import re

_CONTROL = re.compile(rb"<(?:input|select|textarea)\b", re.IGNORECASE)
_TAG = rb"""(?:[^<>"']|"[^"<>]*+"|'[^'<>]*+')*+>"""
_INPUT = re.compile(rb"<input\b" + _TAG, re.IGNORECASE)
_SELECT = re.compile(
    rb"<select\b(?P<attributes>" + _TAG + rb")(?P<options>(?:[^<]++|<(?!/?select\b))*+)</select\s*+>", re.IGNORECASE
)
"""Up to the next list at most: a page of lists that are never closed would be searched to its end for each."""
_OPTION = re.compile(rb"<option\b(?P<attributes>" + _TAG + rb")(?P<text>[^<]*+)", re.IGNORECASE)
_TEXT_AREA = re.compile(rb"<textarea\b" + _TAG + rb"(?P<text>[^<]*+)</textarea\s*+>", re.IGNORECASE)
_VALUE = re.compile(
    rb"""[\s"'/]value\s*+=\s*+(?:"(?P<double>[^"<>]*+)"|'(?P<single>[^'<>]*+)'|(?P<bare>[^\s"'<>]++))""", re.IGNORECASE
)
_TYPE = re.compile(rb"""[\s"'/]type\s*+=\s*+["']?+([a-z]++)""", re.IGNORECASE)
_HIDDEN = re.compile(rb"""[\s"'/]hidden(?=[\s=>/"'])|display\s*+:\s*+none|visibility\s*+:\s*+hidden""", re.IGNORECASE)
_SELECTED = re.compile(rb"""[\s"'/]selected(?=[\s=>/"'])""", re.IGNORECASE)
_SHOWN_TYPES = frozenset({b"", b"text", b"number", b"tel", b"search", b"email", b"url", b"date"})


def with_controls_shown(body: bytes) -> bytes:
    """The page with what its form controls show as text; the same object where it has none."""
    if not _CONTROL.search(body):
        return body
    shown = _SELECT.sub(_chosen, _TEXT_AREA.sub(_written, body))
    return _INPUT.sub(_entered, shown)


def _entered(control: re.Match[bytes]) -> bytes:
    """A field with its value alone; a button, a box or a hidden field stays as it is."""
    kind = _TYPE.search(control[0])
    value = _VALUE.search(control[0])
    if not value or _HIDDEN.search(control[0]) or (kind[1].lower() if kind else b"") not in _SHOWN_TYPES:
        return control[0]
    return _only(control[0], *value.span(value.lastgroup or 0))


def _written(control: re.Match[bytes]) -> bytes:
    if _HIDDEN.search(control[0], 0, control.start("text") - control.start()):
        return control[0]
    return _only(control[0], *(place - control.start() for place in control.span("text")))


def _chosen(control: re.Match[bytes]) -> bytes:
    """A list with the text of the option that is selected: the last one marked so, else the first."""
    options = list(_OPTION.finditer(control["options"]))
    if not options or _HIDDEN.search(control["attributes"]):
        return control[0]
    marked = [option for option in options if _SELECTED.search(option["attributes"])]
    start, end = (marked[-1] if marked else options[0]).span("text")
    offset = control.start("options") - control.start()
    return _only(control[0], offset + start, offset + end)


def _only(text: bytes, start: int, end: int) -> bytes:
    """A piece of a text in its place, all around it blank."""
    return b" " * start + text[start:end] + b" " * (len(text) - end)
