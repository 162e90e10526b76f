"""Local portals that speak the real interfaces, for the demo and for tests; every figure on them is invented.

`Replica` builds the portals of `world.toml` from a seed: reports with known truth, lists, viewers, and the oddities
that real portals have. `running` and `serve` put it on loopback, where a crawl asks for the portals by Host header.
`/.replica/hosts`, `/.replica/manifest`, `/.replica/log` and `/.replica/reset` are for whoever checks a crawl.

Read in this order: `plan` (what is rebuilt), `figures` and `prose` (what reports say), `annual_report`, `layout` and
`markup` (how they look), `entries` (what lists hold), `hanweb_jpage`, `hanweb_xxgk`, `trs_static` (how lists are asked
for), `site`, `world`, `server`.
"""

from govcrawl.replica.server import running, serve
from govcrawl.replica.world import Replica

__all__ = ["Replica", "running", "serve"]
