"""`make bench`: every ratio of the project, each measured side by side in this one run."""

import tempfile
from pathlib import Path

from benchmarks import crawling, parsing


def main() -> None:
    """Print the ratios, the crawl's first: its archive gives the pages for the others."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        crawled = crawling.measure(scratch)
        bodies = crawling.bodies_in(scratch / "warm" / "archive")
        read = parsing.measure(bodies)
    print(f"Median of the rounds (lowest to highest), {len(bodies)} report pages")
    for found in (*crawled, *read):
        print(found.line())


if __name__ == "__main__":
    main()
