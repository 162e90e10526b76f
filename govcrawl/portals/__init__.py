"""WHO is crawled: one TOML file a province, one line a portal, read once and checked before anything else runs.

`load()` gives the `Registry` where one works: every portal by id, by province and by host, with the user's overlay
laid over what is shipped. `shipped()` gives it with an overlay that is handed in, as an archive keeps one. A host that
is not in it, nor a sibling of one that is, is never asked for anything. The files are package data, so an installed
wheel has them without the repository.
"""

from govcrawl.portals.domains import registered_domain
from govcrawl.portals.registry import Registry, load_registry, shipped

__all__ = ["Registry", "load_registry", "registered_domain", "shipped"]
