"""Prose in reading order: a page's text cut at block-level boundaries and line breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from govcrawl.pages.markup import Tag
from govcrawl.pages.page import Block
from govcrawl.pages.visible import is_widget
from govcrawl.zh import squeeze

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
LINES = HEADINGS | frozenset(
    ("address", "article", "aside", "blockquote", "body", "br", "button", "caption", "center", "dd", "details", "dir")
    + (
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "head",
        "header",
        "hr",
        "html",
        "legend",
    )
    + ("li", "main", "menu", "nav", "ol", "option", "p", "pre", "section", "select", "summary", "table", "tbody", "td")
    + ("tfoot", "th", "thead", "title", "tr", "ul")
)
"""Elements whose start and end tags end a line of text."""


def read_blocks(texts: Sequence[str], tags: Sequence[Tag], inside: Mapping[int, int | None]) -> tuple[Block, ...]:
    """The blocks of a page: `texts[i]` stands before `tags[i]`, `inside` tells where a table begins or ends."""
    blocks: list[Block] = []
    held: list[str] = []
    table: int | None = None
    weight = _Weight()
    for place, tag in enumerate(tags):
        text = texts[place]
        if text:
            held.append(text)
            weight.add(text)
        if tag.name in LINES:
            if held:
                _append(blocks, "".join(held), table, weight)
                held.clear()
            weight.line(tag)
            if place in inside:
                table = inside[place]
        elif tag.bold or weight.name == tag.name:
            weight.inline(tag)
    _append(blocks, "".join([*held, texts[-1]]), table, weight)
    return tuple(blocks)


def _append(blocks: list[Block], text: str, table: int | None, weight: _Weight) -> None:
    shown = squeeze(text)
    if shown and not is_widget(shown):
        blocks.append(Block(shown, table, weight.heading and bool(weight.text)))


class _Weight:
    """Whether the text of the line so far is all bold or stands in a heading.

    `name` is the element that makes text bold now, `depth` how many of that name are open since.
    """

    def __init__(self) -> None:
        self.name = ""
        self.depth = 0
        self.opened_here = False
        self.title = ""
        self.text = False
        self.light = False

    @property
    def heading(self) -> bool:
        return bool(self.title) or not self.light

    def add(self, text: str) -> None:
        if not self.light and not text.isspace():
            self.text = True
            self.light = not self.name

    def inline(self, tag: Tag) -> None:
        """A bold tag, or another of the name that made text bold."""
        if not self.name and not tag.closing:
            self.name, self.depth, self.opened_here = tag.name, 1, True
        elif self.name == tag.name:
            self.depth += -1 if tag.closing else 1
            if self.depth == 0:
                self.name = ""

    def line(self, tag: Tag) -> None:
        """A new line begins; bold that was opened in the old one ends with the element it stood in."""
        self.text = self.light = False
        if tag.name in HEADINGS:
            self.title = "" if tag.closing else tag.name
        if tag.closing and self.opened_here and self.name not in LINES:
            self.name = ""
        if tag.name == self.name or (tag.bold and not tag.closing):
            self.inline(tag)
        elif tag.name != "br":
            self.opened_here = False
