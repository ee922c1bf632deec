"""A file of any format becomes a document of blocks."""

from cchc_stats.reading.files.document import (
    Cell,
    Document,
    Grid,
    Paragraph,
    PlainText,
    column_letters,
    look,
    plain_text,
    tidy,
    within,
)
from cchc_stats.reading.files.opening import read_document, reader_of
from cchc_stats.reading.report import (
    DAY,
    FLOAT,
    INTEGER,
    QUARTER,
    TEXT,
    text_array,
    typed_rows,
)

__all__ = [
    "Cell",
    "DAY",
    "Document",
    "column_letters",
    "look",
    "within",
    "FLOAT",
    "Grid",
    "Paragraph",
    "PlainText",
    "QUARTER",
    "TEXT",
    "INTEGER",
    "plain_text",
    "read_document",
    "reader_of",
    "text_array",
    "tidy",
    "typed_rows",
]
