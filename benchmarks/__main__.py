"""`make bench`: every ratio of the project, each measured side by side in this one run."""

import tempfile
from pathlib import Path

from benchmarks import crawling, parsing, storing


def main() -> None:
    """Print the ratios, the crawl's first: its archive gives the pages for the others."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        crawled = crawling.measure(scratch)
        bodies = crawling.bodies_in(scratch / "warm" / "archive")
        read = parsing.measure(bodies[::5])
        stored = storing.measure(bodies[::5])
        size = storing.bytes_of_facts(bodies[::5])
    print(f"Median of the rounds (lowest to highest), {len(bodies)} report pages")
    for found in (*crawled, *read, *stored):
        print(found.line())
    print(f"  {'facts with locators, bytes a report':<58} {size:6.0f}  {'':<16} aim at most 7,000")


if __name__ == "__main__":
    main()
