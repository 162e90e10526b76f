"""Reads stored pages: bytes → `Page`. No network, no files, no SQL.

`page_reader` is the entry. A page is cut at the tags that shape tables (`markup`) into fragments (`fragment`), and
refused beyond a limit (`limits`). Tables become grids (`table_shape`, `implied_tags`, `grid`), prose becomes blocks
(`blocks`), the metadata block a `Document` (`metadata`), visible text tokens for the second reader (`text_words`,
`visible_text`). Offsets count bytes of the body as given, in any charset. `spans` reads the bytes of a cell again.
"""

from govcrawl.pages.page import Block, Cell, Grid, Page, Separator, Token

__all__ = ["Block", "Cell", "Grid", "Page", "Separator", "Token"]
