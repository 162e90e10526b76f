"""What the next run would make of records that the database does not have yet, tried in a database of its own."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from govcrawl import reading, warc
from govcrawl.archive import projection
from govcrawl.db.arrival import RECORD, Arrival
from govcrawl.db.connection import Connection
from govcrawl.readers import Readers
from govcrawl.vocabulary import Origin
from govcrawl.warc import Problem, StoredExchange


class TrialStore:
    """Reads and stores records as the next run will, and tells which of them it could not."""

    def __init__(self, archive: Path, connection: Connection, readers: Readers) -> None:
        self._registry = projection.registry_of(archive)
        self._connection = connection
        self._readers = readers

    def faults(self, stored: StoredExchange) -> Iterator[str]:
        """Yields why a record cannot be read or stored; nothing if it can."""
        meaning = projection.meaning(stored, self._registry, partial(reading.arrival_within, self._readers))
        for done in projection.replay(self._connection, (meaning,)):
            if isinstance(done, Problem):
                yield str(done)
            else:
                yield from _why_not_stored(done)


@contextmanager
def trial_store(archive: Path) -> Iterator[TrialStore]:
    """Yields a trial of an archive; its database lies in a folder that is removed at the end."""
    origin = warc.read_origin(archive) or Origin.LIVE
    with Readers() as readers, TemporaryDirectory() as folder:
        connection = projection.open_projection(Path(folder), origin, projection.registry_of(archive))
        with closing(connection):
            yield TrialStore(archive, connection, readers)


def _why_not_stored(arrival: Arrival) -> Iterator[str]:
    capture = arrival.capture
    assert capture
    for issue in arrival.issues:
        if issue.where == RECORD:
            yield f"{capture.warc_file} at byte {capture.warc_offset} ({capture.url}): {arrival.detail}"
