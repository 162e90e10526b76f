"""govcrawl: from Chinese disclosure portals to checked facts, in the order the data goes.

`portal → listing → capture → document → report → fact`

- `portals` says who publishes (data), `platforms` how a family of sites lists and shows documents (pure functions);
- `spiders` and `crawl` walk them politely, `warc` keeps every response before anything reads it;
- `pages` turns stored bytes into documents and grids (`files` writes PDF and DOCX out for it),
  `reports` grids into facts, checks, claims and issues;
- `reading` is the one path from stored bytes to rows, `db` the projection of the archive into SQLite;
- `browse` shows it, `replica` is a province of local portals to try and test it all, `cli` holds the commands.
"""

__version__ = "0.1.0"
