"""(package docstring)."""
