"""A page as PDF with real text, the record and the label in its metadata."""

from __future__ import annotations

import io

from huohua.errors import MissingDependencyError

KEY = "/huohua"


def pdf(document: str, *, title: str, record: str, packet: str) -> bytes:
    """Return an SVG document as PDF.

    Args:
        document: the page as SVG.
        title: of the work.
        record: the record of the work, one line of JSON.
        packet: an XMP packet about it.

    Raises:
        MissingDependencyError: one of the libraries is not installed.
    """
    try:
        import cairosvg
        import pypdf
    except (ImportError, OSError) as error:  # an OSError where the system lacks libcairo
        raise MissingDependencyError(
            "PDF pages need CairoSVG, pypdf and the system's libcairo2.",
            advice='Install them with: pip install "huohua[text]", and on Debian apt-get install libcairo2; '
            "or save the page as .svg or .png.",
        ) from error
    drawn = cairosvg.svg2pdf(bytestring=document.encode("utf-8"))
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(drawn))
    writer.metadata = None  # no time of making, so that the same recipe gives the same bytes
    writer.add_metadata({"/Title": title, "/Creator": "Huohua", KEY: record})
    writer.xmp_metadata = packet.encode("utf-8")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def record_in(content: bytes) -> str:
    """Return the record in a PDF, "" where there is none.

    Raises:
        MissingDependencyError: the library is not installed.
    """
    try:
        import pypdf
    except ImportError as error:
        raise MissingDependencyError(
            "Reading PDF pages needs pypdf.", advice='Install it with: pip install "huohua[text]"'
        ) from error
    try:
        metadata = pypdf.PdfReader(io.BytesIO(content)).metadata
    except (pypdf.errors.PyPdfError, ValueError, KeyError, RecursionError):
        return ""
    return str(metadata[KEY]) if metadata is not None and KEY in metadata else ""
