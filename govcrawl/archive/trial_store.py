"""What the next run would make of records that the database does not have yet, tried in a database of its own."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from govcrawl import reading, warc
from govcrawl.archive import projection
from govcrawl.db.arrival import RECORD
from govcrawl.reading_pool import ReadingPool
from govcrawl.vocabulary import Origin
from govcrawl.warc import Problem, StoredExchange


@contextmanager
def trial_store(archive: Path) -> Iterator[Callable[[StoredExchange], Iterator[str]]]:
    """Yields a function that reads and stores a record as the next run will, and yields why it could not.

    The database lies in a folder that is removed at the end.
    """
    registry, origin = projection.registry_of(archive), warc.read_origin(archive) or Origin.LIVE
    with (
        ReadingPool() as pool,
        TemporaryDirectory() as folder,
        closing(projection.open_projection(Path(folder), origin, registry)) as connection,
    ):
        read = partial(reading.arrival_within, pool)

        def faults(stored: StoredExchange) -> Iterator[str]:
            capture = stored.capture
            for done in projection.replay(connection, (projection.meaning(stored, registry, read),)):
                if isinstance(done, Problem):
                    yield str(done)
                elif any(issue.where == RECORD for issue in done.issues):
                    yield str(Problem(capture.warc_file, capture.warc_offset, capture.url, str(done.detail)))

        yield faults
