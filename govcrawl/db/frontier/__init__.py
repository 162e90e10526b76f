"""The frontier: the ledger of requests, refresh rounds, the revisit calendar, back-off, domain clocks."""
