"""What a crawl asks for next and when: the ledger of requests, refresh rounds, revisits, back-off, domain clocks."""
