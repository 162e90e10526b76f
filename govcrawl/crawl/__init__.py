"""What makes Scrapy ours: the frontier in the ledger, gates before a request, the archive before anything else.

The order of a request: `scheduler` takes it from the ledger, `registry_gate` and `robots` decide whether it may be
sent, `revisits` on what condition, `politeness` when; `sending` puts it on the wire, where `addresses` refuses hosts
that resolve to private networks and `tls` servers that nobody vouches for; `replica` sends everything to the local
portals instead. The order of a response: `warc` writes it to the archive, the spider hands it on as an item, the
pipelines read and store it. A page that only a browser shows leaves this way at `rendering`: `browser` shows it, and
what it loads comes back through `browser_gate` as requests of the same way, by `asking`.

`archive` opens and closes all of this for one run, `modes` sets the paces of a live and a replica crawl, `outcomes`
names how an attempt ended, `progress` says how far the crawl is, `findings` what it learnt for the registry, `rules`
what it should have found; `stopping` ends it in time.
"""
