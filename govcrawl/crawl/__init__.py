"""What makes Scrapy ours: the frontier in the ledger, gates before a request, the archive before anything else.

The order of a request: `scheduler` takes it from the ledger, `registry_gate` and `robots` decide whether it may be
sent, `politeness` when; `addresses` refuses hosts that resolve to private networks, `replica` sends everything to the
local portals instead. The order of a response: `warc` writes it to the archive, the spider hands it on as an item, the
pipelines read and store it. `archive` opens and closes all of this for one run, `modes` sets the paces of a live and a
replica crawl, `outcomes` names how an attempt ended, `progress` says how far the crawl is.
"""
