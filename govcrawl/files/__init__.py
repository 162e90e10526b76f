"""Reads PDF and DOCX files: file → HTML for `pages`, with the place of each cell in the file.

A file is converted once to HTML with its tables, spans and paragraphs, and is then read like any page.
`Rendition.place` leads from a cell of that HTML back to the file: a box on a page of a PDF, a cell of a DOCX table.
The libraries that open files are an optional extra, `documents`. Captures are never read through this package, so no
database depends on the installed extras.
"""

from __future__ import annotations

from importlib import import_module

from govcrawl.errors import InputError
from govcrawl.files.rendition import Rendition

__all__ = ["Rendition", "is_file", "render_file"]

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_READERS = {
    b"%PDF": (PDF, "govcrawl.files.pdf", "render_pdf"),
    b"PK\x03\x04": (DOCX, "govcrawl.files.docx", "render_docx"),
}


_BEFORE_PDF = b"\xef\xbb\xbf\0 \t\r\n\f"


def is_file(body: bytes) -> bool:
    """Whether the bytes are a PDF or an archive that may be a DOCX."""
    return _bare(body).startswith(tuple(_READERS))


def _bare(body: bytes) -> bytes:
    """A file without the marks and line breaks that a server put before a PDF, and the zeros behind it."""
    bare = body.lstrip(_BEFORE_PDF).rstrip(b"\0")
    return bare if bare.startswith(b"%PDF") else body


def render_file(body: bytes) -> Rendition:
    """Converts a PDF or DOCX file to HTML.

    Raises:
        InputError: the file is damaged, locked or too large, or the extra `documents` is not installed.
    """
    body = _bare(body)
    media_type, module, function = next(reader for magic, reader in _READERS.items() if body.startswith(magic))
    try:
        render = getattr(import_module(module), function)
    except ModuleNotFoundError as error:
        raise InputError(
            f"file not read: {media_type} needs {error.name}; install it with `pip install 'govcrawl[documents]'`"
        ) from error
    try:
        rendition: Rendition = render(body, media_type)
    except (InputError, MemoryError):
        raise
    except Exception as error:  # a file may hold anything, and the files behind it are to be read
        reason = f"{type(error).__name__}: {error}"
        raise InputError(
            f"file not read: its content is not as its kind has it ({reason}); open it in an editor"
        ) from error
    return rendition
