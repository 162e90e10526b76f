"""WHAT a stored page says: bytes → Page. No network, no files, no SQL.

`page_reader` reads a page: it is cut at the tags that shape tables (`markup`) into fragments (`fragment`) and refused
beyond a limit (`limits`). Its tables become grids (`table_shape`, `implied_tags`, `grid`), its prose blocks (`blocks`),
its metadata block a `Document` (`metadata`), its visible text tokens for the second reader (`text_words`,
`visible_text`). Offsets are bytes of the body as given, whatever its charset. `spans` reads a cell's bytes again.
"""

from govcrawl.pages.page import Block, Cell, Grid, Page, Separator, Token

__all__ = ["Block", "Cell", "Grid", "Page", "Separator", "Token"]
