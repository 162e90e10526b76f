"""What hangs on a page: the files it links to, and how many pictures it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govcrawl.pages.markup import Markup, Tag
from govcrawl.zh import squeeze

_ADDRESS_OF = {"a": "href", "iframe": "src", "embed": "src", "object": "data"}
_FILE = re.compile(
    r"\.(?:docx?|wps|pdf|ofd|xlsx?|et|ceb|rar|zip|7z|pptx?|rtf)(?:$|[?#&])|downfile\.jsp|downloadfile|/attachment/",
    re.IGNORECASE,
)
_IN_SCRIPT = re.compile(rb"\bpdfurl\b\s*[=:]\s*[\"']([^\"'\s]{4,500})[\"']", re.IGNORECASE)
_ORNAMENT = re.compile(
    r"logo|icon|ico\b|banner|qr_?code|ewm|erweima|share|print|arrow|button|btn|bg\b|spacer|blank|jiucuo|conac|beian"
    r"|\.gif|^data:image/(?:gif|svg)",
    re.IGNORECASE,
)
_MOST = 500  # links of a page; more are a catalogue


def read_attachments(markup: Markup) -> tuple[tuple[str, str], ...]:
    """The files a page links to or shows in a frame, as written, each once: (address, text of the link)."""
    found = dict[str, str]()
    for address, text in (*_linked(markup), *_scripted(markup)):
        if _FILE.search(address) and len(found) < _MOST:
            found.setdefault(address, text)
    return tuple(found.items())


def count_images(markup: Markup) -> int:
    """The pictures of a page that may be its content: those whose address does not name an ornament."""
    sources = (tag.attributes.get("src", "") for tag in markup.tags if tag.name == "img")
    return sum(1 for source in sources if source and not _ORNAMENT.search(source))


def _linked(markup: Markup) -> Iterator[tuple[str, str]]:
    for place, tag in enumerate(markup.tags):
        if tag.closing:
            continue
        if tag.name in _ADDRESS_OF:
            yield tag.attributes.get(_ADDRESS_OF[tag.name], "").strip(), _link_text(markup, place, tag)
        elif b"data-value" in tag.source:
            yield tag.attributes.get("data-value", "").strip(), ""


def _link_text(markup: Markup, place: int, tag: Tag) -> str:
    """The text up to the next end or start of a link, of a few tags at most."""
    if tag.name != "a":
        return ""
    texts = []
    for step in range(place + 1, min(place + 20, len(markup.tags))):
        texts.append(markup.texts[step])
        if markup.tags[step].name == "a":
            break
    return squeeze("".join(texts))


def _scripted(markup: Markup) -> Iterator[tuple[str, str]]:
    for tag in markup.tags:
        if tag.name == "script":
            for address in _IN_SCRIPT.findall(tag.source):
                yield address.decode("ascii", "replace"), ""
