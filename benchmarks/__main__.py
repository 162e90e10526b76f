"""`make bench`: every ratio of the project, each measured side by side in this one run.

`python -m benchmarks brief` prints the same lines from fewer rounds and fewer pages.
"""

import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import archiving, crawling, parsing, reading_beside, rereading, storing
from benchmarks.ratios import Ratio


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: rounds of crawls, of rebuilds, of readers beside a crawl; every how-manieth page."""

    crawls: int = crawling.ROUNDS
    rebuilds: int = rereading.ROUNDS
    readers: int = reading_beside.ROUNDS
    step: int = 5


BRIEF = Extent(crawls=1, rebuilds=1, readers=1, step=20)


def main(extent: Extent) -> None:
    """Print the ratios, the crawl's first: its archive gives the pages for the others."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        print("Median of the rounds (lowest to highest)", flush=True)
        tell(crawling.measure(scratch, extent.crawls))
        archive = scratch / "warm" / "archive"
        bodies = crawling.bodies_in(archive)
        some = bodies[:: extent.step]
        tell(rereading.measure(archive, scratch, extent.rebuilds))
        tell(archiving.measure(bodies, scratch))
        tell(reading_beside.measure(extent.readers))
        tell(storing.measure(some))
        tell(parsing.measure(some))
    print(f"{len(bodies)} report pages, {len(some)} of them read and stored by themselves")


def tell(found: Iterable[Ratio]) -> None:
    """Print what was found as soon as it is."""
    for each in found:
        print(each.line(), flush=True)


if __name__ == "__main__":
    main({"full": Extent(), "brief": BRIEF}[sys.argv[1] if len(sys.argv) > 1 else "full"])
