"""Local portals with the interfaces of real ones, for the demo and for tests; every figure on them is invented.

`Replica` builds the portals of `plan.toml` from a seed: reports whose truth is known, lists, viewers, and the oddities
of real portals. `running` and `serve_replica` serve it on loopback, where a crawl asks for the portals by Host header.
`/.replica/hosts`, `/.replica/manifest`, `/.replica/log` and `/.replica/reset` are for whoever checks a crawl.

`plan` says what is replicated, `annual_reports` makes reports, `lists` lists them, `faults` spoils responses. `portal`
puts one portal together, `replica` all of them; `server` serves them, `manifest` tells what is true of them.
"""

from govcrawl.replica.replica import Replica
from govcrawl.replica.server import running, serve_replica

__all__ = ["Replica", "running", "serve_replica"]
