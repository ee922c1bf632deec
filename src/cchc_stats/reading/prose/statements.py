"""The figures of a report's prose in order, each with its scope and the dossiers that it counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from cchc_stats.reading.files import Paragraph, PlainText, plain_text
from cchc_stats.reading.prose.dossiers import Said, dossiers_said
from cchc_stats.reading.prose.figures import Figure, figures_of, roles_of
from cchc_stats.reading.prose.scope import Time, Whom, rows_named, section_time, times_of

_ITEM = re.compile(r" ?[-+*•]")
_OF_PARTS = re.compile(r"\b(?:trong do|bao gom|gom|cu the|chia ra|cu the nhu sau)\W*$")
_STAGES = {
    "received_total": "received",
    "newly_received": "received",
    "settled_total": "settled",
    "pending_total": "pending",
}


class Statement(NamedTuple):
    """A figure of prose: of which row, when, and which number of dossiers."""

    figure: Figure
    row: str
    time: Time
    said: Said


class Passage(NamedTuple):
    """A paragraph and what it states; `time` is that of its section."""

    paragraph: Paragraph
    said: PlainText
    masked: str
    statements: list[Statement]
    time: Time


def passages_of(
    paragraphs: Iterable[Paragraph], *, period: pd.Period, agency: str = ""
) -> Iterator[Passage]:
    """Yield the paragraphs that state something, each with the figures it states.

    Items go on from the paragraph that leads them in: "Cùng kỳ năm 2023:" says when, "Đã giải quyết
    5 hồ sơ, trong đó:" of what, and "Trong đó:" that they are parts.

    Parameters
    ----------
    paragraphs : in the order of the document.
    period : the report's quarter.
    agency : who reports, so that its own name is no part of it.
    """
    stage, lead, in_parts = "", None, False
    for paragraph in paragraphs:
        text = paragraph.text.rstrip()
        if not _ITEM.match(text):
            stage, lead, in_parts = "", None, False
        leads = text.endswith((":", "trong đó", "Trong đó"))
        if not leads and not re.search(r"\d|[Kk]hông", text):
            continue  # most paragraphs state no figure
        said = plain_text(paragraph.text)
        masked = roles_of(said)[1]
        figures, _ = figures_of(masked)
        if not figures and not leads:
            continue
        default = section_time(paragraph.section, period)
        times, kept = times_of(said, masked, figures, default, lead)
        rows = rows_named(masked, said, figures, Whom(agency, in_parts))
        counted = [*dossiers_said(masked, figures, rows, before=stage)]
        statements = [*map(Statement, figures, rows, times, counted)]
        yield Passage(paragraph, said, masked, statements, default)
        if leads:
            stage = _STAGES.get(counted[-1].column, "") if counted else ""
            lead, in_parts = kept, _OF_PARTS.search(masked.casefold()) is not None
