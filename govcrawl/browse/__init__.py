"""Datasette over an archive: every table and column described by the schema that makes them.

`serve` runs it; plain `datasette archive/govcrawl.db` shows the same, because `plugin` is installed with the package.
The database is opened read-only, and only loopback is listened on unless another host is named.
"""

from govcrawl.browse.serving import serve

__all__ = ["serve"]
