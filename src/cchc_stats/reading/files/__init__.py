"""A file of any format becomes a document of blocks."""

from cchc_stats.reading.files.document import Document, Grid, Paragraph, tidy
from cchc_stats.reading.files.docx_document import read_docx
from cchc_stats.reading.files.open_document import read_document
from cchc_stats.reading.files.plain_text import PlainText, plain_text
from cchc_stats.reading.files.typed_rows import (
    DAY,
    FLOAT,
    QUARTER,
    TEXT,
    WHOLE,
    text_array,
    typed_rows,
)
from cchc_stats.reading.files.xlsx_document import read_xlsx

__all__ = [
    "DAY",
    "Document",
    "FLOAT",
    "Grid",
    "Paragraph",
    "PlainText",
    "QUARTER",
    "TEXT",
    "WHOLE",
    "plain_text",
    "read_document",
    "read_docx",
    "read_xlsx",
    "text_array",
    "tidy",
    "typed_rows",
]
