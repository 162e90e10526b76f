"""What is computed from the stored rows after a crawl: coverage, serial gaps, version intervals, checks across reports."""
