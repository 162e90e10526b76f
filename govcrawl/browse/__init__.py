"""The browse pages: Datasette over an archive, with pages of ours beside its tables.

`serve_pages` runs it. Plain `datasette archive/govcrawl.db` shows the same pages: the package installs `plugin`.
The database is opened read-only, and the server listens on loopback unless another host is named.
"""

from govcrawl.browse.serving import Site, serve_pages

__all__ = ["Site", "serve_pages"]
