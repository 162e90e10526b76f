"""govcrawl: from Chinese disclosure portals to checked facts, in the order of the data flow.

`portal → listing → capture → document → report → fact`

- `portals` lists who publishes (data), `platforms` how a family of portals lists and shows documents (pure functions);
- `spiders` and `crawl` fetch pages politely, `warc` stores every response before anything reads it;
- `pages` parses stored bytes into documents and grids (`files` converts PDF and DOCX for it),
  `reports` reads facts, checks, claims and issues from grids;
- `reading` is the one path from stored bytes to rows, `db` the projection of the archive into SQLite;
- `browse` shows the archive, `replica` is a set of local portals for demo and tests, `cli` holds the commands.
"""

__version__ = "0.1.0"
