"""Every folder of `fixtures/pages`: a page and what it says."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from govcrawl.pages.page import Page
from govcrawl.pages.page_reader import read_page
from govcrawl.pages.spans import raw_at

CASES = sorted((Path(__file__).parents[1] / "fixtures" / "pages").iterdir())

ASPECTS = {
    "document": lambda page: asdict(page.document),
    "extra": lambda page: dict(page.extra),
    "encoding": lambda page: page.encoding,
    "issues": lambda page: [issue.kind.value for issue in page.issues],
    "grids": lambda page: [[[cell and cell.raw for cell in row] for row in grid.rows] for grid in page.grids],
    "blocks": lambda page: [block.text for block in page.blocks],
    "tables_of_blocks": lambda page: [[block.text, block.table] for block in page.blocks],
    "tokens": lambda page: [[token.text, token.gap] for token in page.tokens],
    "attachments": lambda page: [list(attachment) for attachment in page.attachments],
    "images": lambda page: page.images,
}


def read(case: Path) -> tuple[bytes, Page]:
    (path,) = case.glob("page.*")
    body = path.read_bytes()
    return body, read_page(body, "text/html" if path.suffix == ".html" else "text/plain")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_page_says_what_is_expected(case):
    expected = json.loads((case / "expected.json").read_text())
    _, page = read(case)
    assert {aspect: ASPECTS[aspect](page) for aspect in expected} == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_all_that_has_a_place_can_be_read_from_its_place(case):
    body, page = read(case)
    for grid in page.grids:
        for cell in filter(None, (cell for row in grid.rows for cell in row)):
            assert raw_at(body, cell.locator, page.encoding) == cell.raw
    for token in page.tokens:
        source = body[token.start : token.end]
        assert b"&" in source or source.decode(page.encoding) == token.text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_tokens_and_blocks_hold_the_same_text_but_for_widgets(case):
    _, page = read(case)
    tokens = "".join(token.text for token in page.tokens)
    position = 0
    for block in page.blocks:
        text = "".join(block.text.replace("|", " ").split())  # a bar is a border between tokens
        position = tokens.find(text, position)
        assert position >= 0, f"{text} is in no token or out of order"
        position += len(text)
