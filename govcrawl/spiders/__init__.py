"""One spider class for every portal, and one subclass of it for each province.

A spider says which portals and years are wanted and hands each stored response on as an item. What is asked next it
does not decide: that stands in the ledger.
"""
