"""Reads an HTML page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

from govcrawl.pages.blocks import read_blocks
from govcrawl.pages.decoding import Decoding
from govcrawl.pages.fragment import Fragment
from govcrawl.pages.grid import read_grids
from govcrawl.pages.hidden_text import without_hidden
from govcrawl.pages.html_tag import Tag
from govcrawl.pages.implied_tags import built_shape
from govcrawl.pages.limits import Limits, check_bytes, check_markup
from govcrawl.pages.links import count_images, read_attachments
from govcrawl.pages.markup import Markup
from govcrawl.pages.metadata import read_metadata
from govcrawl.pages.page import Grid, Page
from govcrawl.pages.table_shape import Shape, regular_shape
from govcrawl.pages.visible_text import html_tokens
from govcrawl.zh import squeeze

_HEADINGS = frozenset({"h1", "h2", "h3"})
_MOST_HEADINGS, _MOST_TAGS, _LONGEST_HEADING = 4, 20_000, 120


def read_html(body: bytes, decoding: Decoding, limits: Limits) -> Page:
    """Reads an HTML page: its tables, blocks, tokens, metadata and attachments.

    Raises:
        LimitError: the page is beyond a limit.
    """
    markup = _cut(body, decoding.encoding, limits)
    shape = read_shape(markup, limits)
    shown = without_hidden(markup)
    blocks = read_blocks(shown, markup, shape.inside)
    meta = _meta(markup)
    described = read_metadata(blocks, meta, _title(markup), list(_headings(markup, shown)))
    return Page(
        sha256=hashlib.sha256(body).hexdigest(),
        media_type="text/html",
        encoding=decoding.encoding,
        document=described.document,
        blocks=blocks,
        grids=read_grids(markup, shape, limits),
        tokens=html_tokens(shown, markup, limits),
        meta=meta,
        extra=described.extra,
        attachments=read_attachments(markup),
        images=count_images(markup),
        issues=decoding.issues,
        body=body,
    )


def html_grids(body: bytes, encoding: str, limits: Limits) -> tuple[Grid, ...]:
    """Returns the grids of a page and nothing else, in a third of the time of `read_html`.

    Raises:
        LimitError: the page is beyond a limit.
    """
    markup = _cut(body, encoding, limits)
    return read_grids(markup, read_shape(markup, limits), limits)


def read_shape(markup: Markup, limits: Limits) -> Shape:
    """Returns the shape of the tables: as written if every table is written in full, else as a browser builds it.

    Raises:
        LimitError: there are more tables, or tables in tables, than the limits allow.
    """
    shape = regular_shape(markup, limits)
    return built_shape(markup, limits) if shape is None else shape


def _cut(body: bytes, encoding: str, limits: Limits) -> Markup:
    check_bytes(body, limits)
    markup = Markup(body, encoding)
    check_markup(markup, limits)
    return markup


def _meta(markup: Markup) -> Mapping[str, str]:
    """The content of the meta tags by name in lower case. Of a repeated name, the first content that is not empty."""
    meta: dict[str, str] = {}
    for tag in markup.kinds:
        if tag.name == "meta":
            name, content = tag.attributes.get("name", ""), tag.attributes.get("content", "")
            if name.strip() and content.strip():
                meta.setdefault(name.strip().lower(), content.strip())
    return meta


def _title(markup: Markup) -> str:
    return next((tag.content for tag in markup.tags if tag.name == "title"), "")


def _headings(markup: Markup, shown: Sequence[Fragment]) -> Iterator[str]:
    """The texts of the first headings of a page, as one line each."""
    if not any(tag.name in _HEADINGS for tag in markup.kinds):
        return
    texts = chain.from_iterable(fragment.texts for fragment in shown)
    found = islice(_headed(zip(texts, markup.every_tag(), strict=False)), _MOST_HEADINGS)
    yield from (heading for heading in found if len(heading) <= _LONGEST_HEADING)


def _headed(parts: Iterator[tuple[str, Tag]]) -> Iterator[str]:
    """The texts between the tags of headings; `parts` are a page's texts, each with the tag behind it."""
    inside: list[str] | None = None
    for text, tag in islice(parts, _MOST_TAGS):
        if inside is not None:
            inside.append(text)
        if tag.name in _HEADINGS:
            if inside and (heading := squeeze("".join(inside))):
                yield heading
            inside = None if tag.closing else []
