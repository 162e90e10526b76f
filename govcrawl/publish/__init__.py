"""What leaves an archive: exports, releases, facts as of a day, comparisons, the coverage report, generated docs."""
