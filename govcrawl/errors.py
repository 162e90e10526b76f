"""Every expected error has one root; each class says when it is raised and what the user should do.

A message is one line: what, where, what to do. Nothing here logs; whoever catches decides. `exit_code` is what the
process ends with when the error reaches the command line: 1 for a data rule broken or a run stopped early,
2 for wrong usage or unreadable input.
"""


class GovcrawlError(Exception):
    """Root of all expected errors: a command prints its message as one line and exits with `exit_code`."""

    exit_code = 1


class UsageError(GovcrawlError):
    """Raised when a command is given something that does not exist or is out of range; correct the call."""

    exit_code = 2


class InputError(GovcrawlError):
    """Raised when an input file cannot be read at all; the other inputs are still read."""

    exit_code = 2


class RegistryError(GovcrawlError):
    """Raised when an entry of `portals/*.toml` is invalid; the message names the file and the entry to mend."""

    exit_code = 2


class FormError(GovcrawlError):
    """Raised when a file of `forms/` is inconsistent; a fault of ours, the message names file and key."""


class ArchiveError(GovcrawlError):
    """Raised when the archive folder is missing, unwritable, of another origin or held by another process."""

    exit_code = 2


class ArchiveWriteError(GovcrawlError):
    """Raised when a record could not be written whole (a full disk); the crawl stops, nothing indexed is lost."""


class RecordError(GovcrawlError):
    """Raised when a stored record cannot be read back or its digest differs; `verify` lists such records."""


class PlatformError(GovcrawlError):
    """Raised when a response is not what its platform speaks (a list without its markers); kept as an issue."""


class LimitError(GovcrawlError):
    """Raised when a page is beyond a stated limit, before any tree is built; the page gets `refused_limit`."""
