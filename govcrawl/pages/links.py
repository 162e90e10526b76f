"""The attachments of a page and the number of its content images."""

from __future__ import annotations

import re
from collections.abc import Sequence

from govcrawl.pages.html_tag import Tag
from govcrawl.pages.markup import Markup
from govcrawl.zh import squeeze

_ADDRESS_OF = {"a": "href", "iframe": "src", "embed": "src", "object": "data"}
_FILE = re.compile(
    rb"\.(?:docx?|wps|pdf|ofd|xlsx?|et|ceb|rar|zip|7z|pptx?|rtf)(?=[?#&\"'\s>]|$)|downfile\.jsp|downloadfile|/attachment/",
    re.IGNORECASE,
)
_IN_SCRIPT = re.compile(rb"\bpdfurl\b\s*[=:]\s*[\"']([^\"'\s]{4,500})[\"']", re.IGNORECASE)
_ORNAMENT = re.compile(
    r"logo|icon|ico\b|banner|qr_?code|ewm|erweima|share|print|arrow|button|btn|bg\b|spacer|blank|jiucuo|conac|beian"
    r"|\.gif|^data:image/(?:gif|svg)",
    re.IGNORECASE,
)
_MOST = 500  # files of one page; a page with more is a catalogue


def read_attachments(markup: Markup) -> tuple[tuple[str, str], ...]:
    """Returns the files that a page links to or frames, each once, as (address as written, text of the link)."""
    addresses = {tag: address for tag in markup.kinds if (address := _file_of(tag))}
    if not addresses:
        return ()
    tags, texts = list(markup.every_tag()), list(markup.every_text())
    found = dict[str, str]()
    for place, tag in enumerate(tags):
        if tag in addresses and len(found) < _MOST:
            found.setdefault(addresses[tag], _link_text(tags, texts, place) if tag.name == "a" else "")
    return tuple(found.items())


def count_images(markup: Markup) -> int:
    """Counts the images of a page whose address does not name an ornament (logo, icon, button)."""
    pictures = {tag for tag in markup.kinds if tag.name == "img" and _is_content(tag.attributes.get("src", ""))}
    return sum(1 for tag in markup.every_tag() if tag in pictures) if pictures else 0


def _is_content(address: str) -> bool:
    return bool(address) and not _ORNAMENT.search(address)


def _file_of(tag: Tag) -> str:
    """The address of the file that a tag leads to, or an empty string."""
    if tag.name == "script" and (found := _IN_SCRIPT.search(tag.source)):
        return found[1].decode("ascii", "replace")
    attribute = _ADDRESS_OF.get(tag.name, "data-value" if b"data-value" in tag.source else "")
    if not attribute or not _FILE.search(tag.source):
        return ""
    address = tag.attributes.get(attribute, "").strip()
    return address if _FILE.search(address.encode()) else ""


def _link_text(tags: Sequence[Tag], texts: Sequence[str], place: int) -> str:
    """The text behind a tag up to the next start or end of a link, at most 20 tags on."""
    said = []
    for step in range(place + 1, min(place + 20, len(tags))):
        said.append(texts[step])
        if tags[step].name == "a":
            break
    return squeeze("".join(said))
