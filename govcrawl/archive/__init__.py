"""The archive folder as a whole: its database rebuilt, verified, imported into, and its evidence proved and packed."""
