"""The SQLite database: a projection of the archive, and the ledger that a crawl takes its requests from.

Everything here can be deleted and rebuilt from `archive/warc/`. The modules in the order of use:

- `schema` creates and describes every table and view (`schema.toml`), `connection` opens the file;
- `store.registry` inserts what is known before any crawl: portals, their governments, the cells of the forms;
- `frontier.ledger` is the frontier: which requests are queued, for which domain, and which are settled;
- `store.arrive` commits everything that one response means in one transaction;
- `derived` computes coverage, serial gaps, version intervals and checks across reports;
- `queries` reads the database for pages, exports and verification; `digest` compares the content of two databases.

What is stored is a function of the set of arrivals, not of their order: ids come from content, repeated sightings are
merged by rules that commute, and the digest depends on no clock.
"""
