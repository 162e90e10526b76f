"""The expected errors, with one root. Each class says when it is raised and what the user should do.

A message is one line: what, where, what to do. This module logs nothing. `exit_code` is the exit code of a command that
ends with the error: 1 for a broken data rule or a run stopped early, 2 for wrong usage or unreadable input.
"""


class GovcrawlError(Exception):
    """Root of all expected errors: a command prints its message as one line and exits with `exit_code`."""

    exit_code = 1


class UsageError(GovcrawlError):
    """Raised if an argument of a command does not exist or is out of range; correct the call."""

    exit_code = 2


class InputError(GovcrawlError):
    """Raised if an input file cannot be read at all; the other inputs are still read."""

    exit_code = 2


class RegistryError(GovcrawlError):
    """Raised if an entry of `portals/*.toml` is invalid; the message names the file and the entry to correct."""

    exit_code = 2


class FormError(GovcrawlError):
    """Raised if a file of `forms/` is inconsistent: a fault of this software; the message names file and key."""


class ArchiveError(GovcrawlError):
    """Raised if the archive folder is missing, unwritable, of another origin or held by another process."""

    exit_code = 2


class ArchiveWriteError(GovcrawlError):
    """Raised if a record could not be written whole (a full disk); the crawl stops, nothing indexed is lost."""


class RecordError(GovcrawlError):
    """Raised if a stored record cannot be read back or its digest differs; `verify` lists such records."""


class PlatformError(GovcrawlError):
    """Raised if a platform cannot read a response (a list without its markers); stored as an issue."""


class LimitError(GovcrawlError):
    """Raised before any tree is built if a page is beyond a stated limit; the page gets the issue `refused_limit`."""
