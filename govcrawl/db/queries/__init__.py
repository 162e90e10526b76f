"""Read-only queries for exports, comparisons, verification and summaries."""
