"""Tables computed from stored rows after a crawl: coverage, serial gaps, version intervals, checks across reports."""
