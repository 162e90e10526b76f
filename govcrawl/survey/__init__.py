"""What is told about portals: the registry in words, the report of a visit, what pages tell the registry."""
