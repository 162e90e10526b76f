"""What goes wrong on portals: each fault by its name, and the scenarios that say which requests it strikes.

`bodies`, `crawler_traps` and `spam_mirrors` change what is answered, `wire` how it is sent. `by_name` puts them all
together, `scenarios` injects them.
"""
