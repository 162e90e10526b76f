"""The projection of the archive into SQLite, and the ledger that a crawl takes its requests from.

Everything here can be deleted and made anew from `archive/warc/`. In the order of use:

- `schema` makes and describes every table and view (`schema.toml`), `connection` opens the file;
- `registry` brings in what is known before any crawl: portals, their governments, the cells of the forms;
- `ledger` is the frontier: what is to be asked next, of whom, and what was settled;
- `store.arrive` commits everything one response means in one transaction; `crawls` keeps runs and archive ends;
- `coverage` and `gaps` say what is missing and why, `verdicts` what people decided, `digest` whether two databases hold
  the same, `summary` how a crawl went, `evidence` where each fact was read, `relations` what is promised to users.

What is stored is a function of the set of arrivals, not of their order: ids come from content, repeated sightings are
merged by rules that commute, and the digest looks at no clock.
"""
