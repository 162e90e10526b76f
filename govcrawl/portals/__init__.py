"""WHO is crawled: one TOML file a province, one line a portal, read once and checked before anything else runs.

`load()` gives the `Registry`: every portal by id, by province and by host. A host that is not in it is never asked
for anything. The files are package data, so an installed wheel has them without the repository.
"""

from govcrawl.portals.domains import registered_domain
from govcrawl.portals.registry import Registry, load_registry

__all__ = ["Registry", "load_registry", "registered_domain"]
