"""The format of `archive/warc/`: written before anything reads a response, read back to the byte, verified, recovered.

A run opens an archive in this order: `prepare` (is the folder usable), `ArchiveLock` (is nobody else at it),
`recover` (what did the last run leave that the ledger does not know), `ArchiveWriter`. Everything else reads:
`iter_stored` and `survey` in the order of writing, `read_response` by place, `verify` all or a sample.
"""

from govcrawl.warc.chunks import Chunk, chunks_of, survey_stretch
from govcrawl.warc.decoding import MAX_BODY, Decoded, decode
from govcrawl.warc.extracts import Extract, IndexedAnswer, extract
from govcrawl.warc.foreign_records import Foreign, foreign_origin, read_foreign
from govcrawl.warc.http_block import UNKNOWN_TYPE, content_type, freshened, is_status, media_type, to_bytes, to_text
from govcrawl.warc.layout import RUNS, warc_files, warc_path
from govcrawl.warc.lock import ArchiveLock, prepare
from govcrawl.warc.reader import (
    OVERLAY,
    iter_file,
    iter_stored,
    overlays,
    read_info,
    read_origin,
    read_response,
    survey,
)
from govcrawl.warc.record_dates import CLOCKS_DIFFER, misdated
from govcrawl.warc.records import moment, timestamp
from govcrawl.warc.recovery import Recovery, Tail, TornEnd, recover
from govcrawl.warc.stored_records import (
    AttemptFailure,
    ConnectionSeen,
    Event,
    Fetched,
    HeldPage,
    Problem,
    StoredAttempt,
    StoredCrawl,
    StoredExchange,
    StoredRecord,
)
from govcrawl.warc.verify import everything, verify_records
from govcrawl.warc.writer import ArchiveWriter

__all__ = [
    "CLOCKS_DIFFER",
    "MAX_BODY",
    "OVERLAY",
    "RUNS",
    "UNKNOWN_TYPE",
    "ArchiveLock",
    "ArchiveWriter",
    "AttemptFailure",
    "Chunk",
    "ConnectionSeen",
    "Decoded",
    "Event",
    "Extract",
    "Fetched",
    "Foreign",
    "HeldPage",
    "IndexedAnswer",
    "Problem",
    "Recovery",
    "StoredAttempt",
    "StoredCrawl",
    "StoredExchange",
    "StoredRecord",
    "Tail",
    "TornEnd",
    "chunks_of",
    "content_type",
    "decode",
    "everything",
    "extract",
    "foreign_origin",
    "freshened",
    "is_status",
    "iter_file",
    "iter_stored",
    "media_type",
    "misdated",
    "moment",
    "overlays",
    "prepare",
    "read_foreign",
    "read_info",
    "read_origin",
    "read_response",
    "recover",
    "survey",
    "survey_stretch",
    "timestamp",
    "to_bytes",
    "to_text",
    "verify_records",
    "warc_files",
    "warc_path",
]
