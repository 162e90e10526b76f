"""The format of `archive/warc/`: written before anything reads a response, read back to the byte, verified, recovered.

A run opens an archive in this order: `prepare` (is the folder usable), `ArchiveLock` (is nobody else at it),
`recover` (what did the last run leave that the ledger does not know), `ArchiveWriter`. Everything else reads:
`iter_stored` and `survey` in the order of writing, `read_response` by place, `verify` all or a sample.
"""

from govcrawl.warc.decoding import MAX_BODY, Decoded, decode
from govcrawl.warc.extracts import Answer, Extract, extract
from govcrawl.warc.foreign import Foreign, foreign_origin, read_foreign
from govcrawl.warc.http_block import to_bytes, to_text
from govcrawl.warc.layout import RUNS, warc_files, warc_path
from govcrawl.warc.lock import ArchiveLock, prepare
from govcrawl.warc.reader import (
    OVERLAY,
    freshened,
    iter_file,
    iter_stored,
    overlays,
    read_info,
    read_origin,
    read_response,
    survey,
)
from govcrawl.warc.records import moment, timestamp
from govcrawl.warc.recovery import Cut, Recovery, Tail, recover
from govcrawl.warc.stored import Event, Fetched, Problem, Stored, StoredAttempt, StoredCrawl, StoredExchange
from govcrawl.warc.stretches import Stretch, stretches, survey_stretch
from govcrawl.warc.verify import everything, verify
from govcrawl.warc.writer import ArchiveWriter

__all__ = [
    "MAX_BODY",
    "OVERLAY",
    "RUNS",
    "Answer",
    "ArchiveLock",
    "ArchiveWriter",
    "Cut",
    "Decoded",
    "Event",
    "Extract",
    "Fetched",
    "Foreign",
    "Problem",
    "Recovery",
    "Stored",
    "StoredAttempt",
    "StoredCrawl",
    "StoredExchange",
    "Stretch",
    "Tail",
    "decode",
    "everything",
    "extract",
    "foreign_origin",
    "freshened",
    "iter_file",
    "iter_stored",
    "moment",
    "overlays",
    "prepare",
    "read_foreign",
    "read_info",
    "read_origin",
    "read_response",
    "recover",
    "stretches",
    "survey",
    "survey_stretch",
    "timestamp",
    "to_bytes",
    "to_text",
    "verify",
    "warc_files",
    "warc_path",
]
