"""The figures of a report's prose in order, each with its scope and the dossiers that it counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from cchc_stats.reading.files import Paragraph, PlainText, plain_text
from cchc_stats.reading.prose.figures import Figure, FigureRule, figures_of, roles_of
from cchc_stats.reading.prose.scope import (
    LEVELS,
    TOTAL,
    NamedRow,
    Time,
    Whom,
    is_of_reform,
    is_scope,
    is_unit,
    leads_on,
    part_of_heading,
    rows_named,
    section_time,
    times_of,
)
from cchc_stats.words import YEAR_TO_DATE, fold, parse_number

# What is one thing stays one, though "và" and "," else begin another.
_TOGETHER = re.compile(
    r"\b(?:truoc|dung|som)(?: (?:thoi )?h[ae]n)?(?:,| va|,? hoac|/) ?(?:tra |giai quyet )?"
    r"(?:truoc|dung|som) (?:thoi )?h[ae]n\b"
    r"|\btruc tiep(?:,| va| hoac|/)? ?(?:qua )?(?:duong )?(?:dich vu )?(?:buu chinh|BCCI)\b"
    r"|\btiep nhan(?:,| va|/)? ?(?:da )?(?:giai quyet|xu ly)\b"
    r"|\bbo phan tiep nhan(?: (?:va|&) tra ket qua)?\b"
    r"|\btra lai(?:,| va| hoac|/) ?(?:\w+ ){0,2}rut\b"
    r"|\bnhan(?:,| va|/) ?(?:da )?tra(?: xong| ket qua)*\b"
    # No verbs: a system for it, the power to do it, the way it is done.
    r"|\b(?:he thong(?: thong tin)?|tham quyen|quy trinh|phan mem|co che) giai quyet\b",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"[,;:()\[\]=+.!?]| - | va (?!hanh chinh|(?-i:[A-Z][a-z]))| trong do\b| bao gom\b| gom\b"
    r"| con(?= (?:lai )?(?:[0-9]|dang|chua|ton))",
    re.IGNORECASE,
)
_DOSSIERS = re.compile(r" ?(?:bo )?(?:ho so|HS)(?: TTHC| thu tuc hanh chinh)?\b", re.IGNORECASE)
_ENDS = re.compile(
    r" ?(?:[,;:.()%=+]|$|va\b|trong do\b|chiem\b|dat\b|con\b|da\b|duoc\b|(?:dung|truoc|qua|tre) )",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"(?: |co|la|dat|tong|so|luong|ho so|duoc|voi|hien|cu the|ket qua|da|cac|tren)*", re.IGNORECASE
)
# A change, a mean and another year are no number of the period; a rounded one is no figure.
_NEVER = re.compile(
    r"\b(?:tang|giam|nang)(?: manh| nhe| dan| len)?(?: them| duoc| tu)? ?$"
    r"|\bso (?:voi|cung ky)\b|\b(?:cua|voi) cung ky\b"
    r"|\bbinh quan\b|\btrung binh\b|"
    r"\bmoi (?:ngay|thang)\b|\b(?:gan|hon|khoang|tren|duoi|xap xi) ?$",
    re.IGNORECASE,
)
_KINDS: tuple[tuple[str, str], ...] = (
    ("handled", r"\b(?:tiep_)?nhan\w*_(?:giai_quyet|xu_ly|tra\w*)\b"),
    (
        "carried_over",
        r"\b(?:ky|quy|thang|nam) (?:bao cao )?truoc\b|\bton (?:dau ky|cu)\b|\bso cu\b"
        r"|\bchuyen (?:qua|sang)\b(?! (?:ky|quy|thang|nam) (?:sau|toi|tiep))",
    ),
    (
        "newly_received",
        r"\bmoi (?:tiep )?nhan\b|\b(?:tiep )?nhan moi\b|\bphat sinh\b|\bso moi\b(?! (?:tiep )?nhan)"
        r"|\bmoi(?: la)? ?$"
        r"|\btiep nhan trong (?:ky|quy|thang|nam)\b",
    ),
    (
        "received_total",
        r"\btiep nhan\b|(?<!dang )\bthu ly\b|\b(?:da|duoc) nhan\b"
        r"|\b(?:phai|can) (?:giai quyet|xu ly)\b|\btham_quyen_giai_quyet\b",
    ),
    (
        "pending_total",
        r"\b(?:dang|chua|tiep tuc|con)(?: duoc| trong qua trinh)? (?:giai quyet|xu ly|thu ly)\b"
        r"|\bton(?: dong)?\b(?! (?:dau ky|cu|tu|ky|quy))|\bcon lai\b"
        r"|\bchuyen (?:sang )?(?:ky|quy|thang|nam) (?:sau|toi|tiep)\b",
    ),
    ("returned", r"\btra_lai\w*|\btra lai\b|\btu choi\b|\bbi tra\b"),
    ("withdrawn", r"\b(?:xin )?rut\b(?! ngan)"),
    ("due", r"(?<!chua )\bden han(?: (?:phai )?(?:giai quyet|xu ly|tra(?: ket qua)?))?\b"),
    (
        "settled_total",
        r"\bgiai quyet\b|\bxu ly\b|\btra ket qua\b|\bhoan thanh\b|\bda tra\b(?! lai)"
        r"|\btra(?= (?:qua|tre|cham|dung|truoc|som|trong)\b)",
    ),
    ("received_online", r"\btruc tuyen\b|\bqua mang\b"),
    ("received_in_person", r"\btruc_tiep\w*|\btruc tiep\b|\bbuu chinh\b"),
)
_HOW: tuple[tuple[str, str], ...] = (
    ("not_due", r"\bchua den han\b"),
    ("within", r"\btrong (?:thoi )?h[ae]n\b"),
    ("both", r"\b(?:truoc|dung|som)_\w*h[ae]n\b"),
    ("late", r"\b(?:qua|tre|cham) (?:thoi )?h[ae]n\b"),
    ("on_time", r"\bdung (?:thoi )?h[ae]n\b"),
    ("early", r"\b(?:truoc|som) (?:thoi )?h[ae]n\b"),
)
# "Chưa đến hạn giải quyết" settles nothing.
_NOT_DUE = re.compile(
    r"\b(?:chua (?:den|toi) (?:thoi )?han|(?:con|dang)(?: trong)? (?:thoi )?han)"
    r"(?: (?:phai )?(?:giai quyet|xu ly|tra(?: ket qua)?))?\b",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"\btrong (?:do|so)\b|[(:]|\bgom\b", re.IGNORECASE)
_WITHIN = re.compile(r"\btiep nhan trong (?:ky|quy|thang|nam)\b", re.IGNORECASE)
# "Tiếp nhận 61 hồ sơ (tồn 2, mới 59)": left from before.
_LEFT = re.compile(r"\bton(?: la)?:? ?$", re.IGNORECASE)
_IS_KIND = [(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _KINDS]
_IS_HOW = [(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _HOW]
_STAGE = {
    "carried_over": "received",
    "newly_received": "received",
    "received_total": "received",
    "settled_total": "settled",
    "pending_total": "pending",
    "returned": "returned",
    "withdrawn": "returned",
    "due": "due",
    "handled": "",
}
_COLUMN = {
    ("settled", "late"): "settled_late",
    ("pending", "late"): "pending_overdue",
    ("settled", "within"): "settled_on_time",
    ("pending", "within"): "pending_not_due",
}


class Meaning(NamedTuple):
    """What a figure of a sentence is: a column of the form `dossiers`, and of which row.

    `column` is "" where the words leave it open, `due` for those that fell due. `row` is `all` for
    the total, a level's name, or the words that name another part. `both` is of those on time
    that include the early ones, `total` of what is called a total, `inside` of what is
    among the dossiers of the figure before; `clear` and `parts` are those of its `Row`.
    """

    column: str
    row: str
    both: bool = False
    total: bool = False
    inside: bool = False
    clear: bool = True
    parts: str = ""


@dataclass
class _Speech:
    """What the sentences so far are about."""

    stage: str = ""
    row: str = TOTAL
    active: bool = False
    columns: tuple[str, ...] = ()  # those that the sentence has stated
    listed_of: str = ""  # the one whose parts a list has, "" where that is open
    listed: str = ""  # the last part that the list names with a figure and nothing else
    outside: str = ""  # that of the list around the brackets
    parts: str = ""


def meanings_of(
    masked: str,
    figures: Sequence[Figure],
    rows: Sequence[NamedRow],
    *,
    before: str = "",
    listed_of: str = "",
) -> Iterator[Meaning]:
    """Yield what each figure of a paragraph is.

    Parameters
    ----------
    masked : the paragraph without diacritics, digits that are no figures circled.
    figures, rows : its figures, and of which row each is.
    before : the stage that the paragraph before spoke of last, "" where it does not go on: of
        "Đã giải quyết 5 hồ sơ, trong đó:" and "- Đúng hạn: 5" it is "settled".
    listed_of : the one column of which it states a total, "" where none or several.
    """
    joined = _TOGETHER.sub(lambda match: re.sub("[ ,/]", "_", match[0]), masked)
    listed = rows[0].parts if rows and listed_of else ""
    speech = _Speech(before, active=bool(before), listed_of=listed_of, parts=listed)
    end = 0
    for at, figure in enumerate(figures):
        gap = joined[end : figure.start]
        last = figures[at + 1].start if at + 1 < len(figures) else len(joined)
        noun = _DOSSIERS.match(joined, figure.end, last)
        end = noun.end() if noun else figure.end
        cut = _CUT.search(joined, end, last)
        own = ""
        # Without a comma between two figures the words are those of the one that has none yet.
        if cut or last == len(joined) or not any(_near(gap)):
            stop = cut.start() if cut else last
            own, end = joined[end:stop], stop
        yield _meaning(gap, own, joined, figure, speech, rows[at])


def _meaning(
    gap: str, own: str, joined: str, figure: Figure, speech: _Speech, row: NamedRow
) -> Meaning:
    """Return what a figure is, and remember what its sentence has come to speak of.

    Parameters
    ----------
    gap : the words between the figure before and this one.
    own : those after it that are still its own.
    joined, figure : the paragraph, and the figure.
    speech : what the sentences so far are about.
    row : of which row it is.
    """
    clauses = _clauses(gap)
    noun = _DOSSIERS.match(joined, figure.end) is not None
    speech.active = speech.active or "ho so" in gap.casefold() or noun
    for clause in clauses[:-1]:
        speech.stage = _STAGE.get(_label(clause)[0], speech.stage)
    total, inside = "tong" in gap.casefold(), _INSIDE.search(gap) is not None
    of_received = inside and speech.stage == "received"
    kind, how = _kind_of(gap, own, total=total, of_received=of_received, settled=figure.is_fraction)
    speech.stage = _next_stage(speech.stage, kind, how)
    ends = noun or _ENDS.match(joined, figure.end) is not None
    counted = speech.active and figure.unit == "count" and ends
    if not counted or _NEVER.search((clauses or [""])[-1]):
        speech.active = speech.active and (counted or figure.unit == "percent")
        return Meaning("", row.name, clear=row.clear, parts=row.parts)
    _list_parts(gap, row, speech)
    column, row = _in_list(_column(kind, how, speech.stage), bool(kind or how), row, speech)
    speech.columns = (*speech.columns, column)
    return Meaning(column, row.name, how == "both", total, inside, row.clear, row.parts)


def _list_parts(gap: str, row: NamedRow, speech: _Speech) -> None:
    """Remember of which column a list of parts is, where one begins or ends before a figure."""
    if ")" in gap:
        speech.listed_of = speech.outside
    if gap.rfind("(") > gap.rfind(")"):
        # In brackets, of the figure just before them.
        speech.outside, speech.listed_of = (
            speech.listed_of,
            speech.columns[-1] if speech.columns else "",
        )
    elif row.parts and not speech.parts:
        speech.listed_of = speech.columns[0] if len(set(speech.columns)) == 1 else ""
    speech.parts = row.parts
    if re.search("[.;] ", gap) and not row.parts:
        speech.columns = ()


def _in_list(column: str, is_stated: bool, row: NamedRow, speech: _Speech) -> tuple[str, NamedRow]:
    """Return the column of a figure and its row, by the list of parts that it may stand in.

    `is_stated` is whether its own words name the column.
    """
    if not row.parts or row.name == TOTAL:
        return column, row
    if not is_stated and row.clear:
        # "Tiếp nhận 480 hồ sơ, trong đó: Hộ tịch 120 hồ sơ".
        speech.listed = row.name
        return speech.listed_of, row
    # "Gồm Hộ tịch 120 hồ sơ, Đất đai 60 hồ sơ, giải quyết 465 hồ sơ": perhaps of the total.
    return column, row._replace(clear=row.clear and row.name != speech.listed)


def _kind_of(
    gap: str, own: str, *, total: bool, of_received: bool, settled: bool
) -> tuple[str, str]:
    """Return the kind of dossiers that the words about a figure name, and how with their term."""
    kind, how = _near(gap)
    if kind == "handled" and settled:
        return "settled_total", how  # "nhận và trả 4.572/4.572 hồ sơ"
    if total and (kind == "handled" or kind == "newly_received" and _WITHIN.search(gap)):
        kind = "received_total"
    if kind == "pending_total" and of_received and _LEFT.search(gap):
        kind = "carried_over"
    kind_after, how_after = _label(own)
    if not kind and not how:
        return kind_after, how_after
    return kind, how or (how_after if kind in ("settled_total", "pending_total") else "")


def _next_stage(stage: str, kind: str, how: str) -> str:
    """Return the stage that a sentence has come to speak of."""
    stage = _STAGE.get(kind, stage)
    if how == "not_due":
        return "pending"
    if how in ("on_time", "early", "both") and stage != "returned":
        return "due" if stage == "due" and how != "early" else "settled"
    return stage


def _clauses(words: str) -> list[str]:
    return [one for one in _CUT.split(words) if one.strip()]


def _near(gap: str) -> tuple[str, str]:
    """Return what the words right before a figure name: those of the last clause that names it."""
    for clause in reversed(_clauses(gap)):
        label = _label(clause)
        if any(label):
            return label
        if not _FILLER.fullmatch(clause):
            break
    return "", ""


def _label(words: str) -> tuple[str, str]:
    """Return what kind of dossiers some words name last, and how they stand with their term."""
    words = _NOT_DUE.sub(" chua den han", words)
    match: list[tuple[int, int, str]] = []
    for rank, (name, pattern) in enumerate(_IS_KIND):
        match += [(one.end(), -rank, name) for one in pattern.finditer(words)]
    how = [(one.end(), name) for name, pattern in _IS_HOW for one in pattern.finditer(words)]
    return (max(match)[2] if match else ""), (max(how)[1] if how else "")


def _column(kind: str, how: str, stage: str) -> str:
    if stage == "returned" and how:
        return ""
    if how in ("both", "on_time"):
        return "settled_on_time"
    if how == "early":
        return "settled_early"
    if how == "not_due":
        return "pending_not_due"
    if how:
        return _COLUMN.get((stage, how), "")
    if kind in ("received_online", "received_in_person"):
        return kind if stage == "received" else ""
    return "" if kind == "handled" else kind


_STAGES = {
    "received_total": "received",
    "newly_received": "received",
    "settled_total": "settled",
    "pending_total": "pending",
}
# Column of the form -> the indicator that it is, or that counts it, and the basis of a stock.
_INDICATORS = {
    "received_total": FigureRule("dossiers_received"),
    "newly_received": FigureRule("dossiers_newly_received"),
    "received_online": FigureRule("dossiers_online_share_newly_received"),
    "settled_total": FigureRule("dossiers_settled"),
    "settled_on_time": FigureRule("on_time_rate_settled"),
    "settled_early": FigureRule("early_share_settled"),
    "settled_late": FigureRule("dossiers_settled_late"),
    "pending_total": FigureRule("dossiers_pending", basis="as_of"),
    "pending_overdue": FigureRule("dossiers_pending_overdue", basis="as_of"),
}
_SURE = 2  # figures of the form in a paragraph that is of nothing else
_PROCEDURES = re.compile(
    r"\b(?:TTHC|thu tuc hanh chinh|mot cua|bo phan tiep nhan)\b", re.IGNORECASE
)
# A part of the dossiers, or of the time: one office, one procedure, one way to apply, one month.
_OF_A_PART = re.compile(
    r"\b(?:chi cuc|trung tam|phong(?!,? ban)|linh vuc|doi voi|mot so"
    r"|(?:(?<!\bcap )xa|phuong|thi tran|don vi)(?! (?:da|dang|duoc|tiep|giai|phai|con|co)\b)"
    r"|thu tuc(?! hanh chinh)|muc (?:do )?[34③④]|toan trinh|mot phan|dich vu cong|DVC|lien thong"
    r"|thanh toan|so hoa|cung ky|kiem tra|ra soat|ngau nhien|khao sat|phat hien"
    r"|thang(?! dau nam)|tuan|tu ngay|(?:quy|nam) (?:truoc|ngoai))\b",
    re.IGNORECASE,
)
# Dossiers of another kind: complaints, applications for a post, for an award.
_OTHER_KIND = re.compile(
    r"\b(?:phan anh|kien nghi|khieu nai|to cao|vi pham|tuyen dung|thi tuyen|xet tuyen"
    r"|ung tuyen|du thi"
    r"|nang (?:ngach|hang|luong)|thi dua|khen thuong|ky luat|dau thau|du thau|tinh gian bien che"
    r"|nghi huu|bo nhiem|ly lich|vu viec|vu an|ngau nhien|phat hien|hau kiem"
    r"|qua (?:cong tac )?(?:kiem tra|ra soat|khao sat|giam sat))\b",
    re.IGNORECASE,
)
# What goes on after the noun: no other kind of dossier ("15 hồ sơ thi đua").
_GOES_ON = re.compile(
    r" ?(?:(?:bo )?ho so(?: TTHC| thu tuc hanh chinh)?)?"
    r"(?: *$| ?[,;:.()%=+]| (?:va|trong do|gom|bao gom|chiem|dat|con|da|duoc|dang|chua|moi|co)\b"
    r"| (?:truoc|dung|som|qua|tre|cham|trong|den) | (?:giai quyet|xu ly|tra|tiep nhan|chuyen|ton)\b"
    r"| (?:truc tuyen|truc tiep|qua mang|ky truoc|nop|can|phai|cac|tren|bi|la)\b)",
    re.IGNORECASE,
)
_BY_ONE_WAY = re.compile(r"\b(?:truc tuyen|qua mang|buu chinh)\b", re.IGNORECASE)


def counts_of(
    masked: str, stated: Sequence[tuple[Figure, Meaning, bool | None]]
) -> list[FigureRule | None]:
    """Return for each figure of a paragraph the indicator that it is a count of, None for most.

    It is clear where the paragraph states two figures of the form `dossiers`, speaks of procedures
    or of a total, and names before the figure no part and no month; or where the words are plainly
    "đã tiếp nhận 5 hồ sơ".

    Parameters
    ----------
    masked : the paragraph without diacritics, digits that are no figures circled.
    stated : each figure, what it counts, and whether it is of the report's total and quarter; None
        where it is of another quarter.
    """
    if "ho so" not in masked.casefold():
        return [None] * len(stated)
    columns = {meaning.column for _, meaning, _ in stated} - {""}
    sure = len(columns) >= _SURE or _PROCEDURES.search(masked) is not None
    part = _OF_A_PART.search(masked)
    apart = part.start() if part else len(masked)
    return [
        _INDICATORS.get(meaning.column)
        if (meaning.row != TOTAL and _is_of_part(figure, meaning))
        or is_total is not None
        and meaning.row in (TOTAL, *LEVELS.values())
        and _is_plain(figure, meaning, apart)
        and (sure or meaning.total or (is_total and _PLAIN.search(figure.before) is not None))
        else None
        for figure, meaning, is_total in stated
    ]


# Some of the dossiers, whosever they are.
_OF_SOME = re.compile(
    r"\b(?:muc (?:do )?[34③④]|toan trinh|mot phan|dich vu cong|DVC|lien thong|thanh toan|so hoa"
    r"|kiem tra|ra soat|ngau nhien|khao sat|phat hien|phi dia gioi)\b",
    re.IGNORECASE,
)


def _is_of_part(figure: Figure, meaning: Meaning) -> bool:
    """Return whether a count is of all dossiers of a part that is named, and of no other kind."""
    if not meaning.clear or figure.is_fraction or not _GOES_ON.match(figure.after):
        return False
    return (
        not _OF_SOME.search(figure.before)
        and not is_of_other_kind(figure)
        and not is_by_one_way(figure, meaning)
    )


_PLAIN = re.compile(r"\bda (?:duoc )?tiep nhan(?: duoc)?:? ?$", re.IGNORECASE)


def _is_plain(figure: Figure, meaning: Meaning, apart: int) -> bool:
    """Return whether a count is of all dossiers, and of no other kind."""
    if figure.is_fraction or apart < figure.start or not _GOES_ON.match(figure.after):
        return False
    return not is_of_other_kind(figure) and not is_by_one_way(figure, meaning)


def is_of_other_kind(figure: Figure) -> bool:
    """Return whether the sentence of a figure is of dossiers that are no administrative ones."""
    return _OTHER_KIND.search(figure.before) is not None


def is_by_one_way(figure: Figure, meaning: Meaning) -> bool:
    """Return whether a count is of what was applied for in one way alone.

    "Hồ sơ trực tuyến: tiếp nhận 53 hồ sơ, đã giải quyết 50 hồ sơ": what its sentence begins with,
    or what stands just before it.
    """
    if meaning.column in ("received_online", "received_in_person"):
        return False
    words = re.split("[0-9]+", figure.before)
    return any(_BY_ONE_WAY.search(part) for part in (words[0], words[-1]))


_ITEM = re.compile(r" ?([-+*•]) ?")
_OF_PARTS = re.compile(
    r"\b(?:trong do|bao gom|gom|chia ra|cu the(?: nhu sau)?|(?:cac|tung|theo) (?:linh vuc|cap"
    r"|don vi)(?: nhu sau)?)\W*$"
)


class Statement(NamedTuple):
    """A figure of prose: of which row, when, and which number of dossiers."""

    figure: Figure
    row: str
    time: Time
    meaning: Meaning


class Passage(NamedTuple):
    """A paragraph and what it states; `time` is that of its section.

    `one_way` is whether what stands above it speaks of one way to apply alone: of no total; `held`
    the part that it names, and `above` the piece that it is ("heading" or "lead").
    """

    paragraph: Paragraph
    wording: PlainText
    masked: str
    statements: list[Statement]
    time: Time
    one_way: bool = False
    above: str = ""
    held: str = ""


def passages_of(
    paragraphs: Iterable[Paragraph],
    *,
    period: pd.Period,
    agency: str = "",
    sectors: frozenset[str] = frozenset(),
) -> Iterator[Passage]:
    """Yield the paragraphs that state something, each with the figures it states.

    Items go on from the paragraph that leads them in: "Cùng kỳ năm 2023:" sets when, "Đã giải quyết
    5 hồ sơ, trong đó:" of what, and "Trong đó:" that they are parts.

    Parameters
    ----------
    paragraphs : in the order of the document.
    period : the report's quarter.
    agency : who reports, so that its own name is no part of it.
    sectors : names of sectors, folded.
    """
    lead, here = _NO_LEAD, ""
    for paragraph, section in _under_their_headings(paragraphs, period):
        text = paragraph.text.rstrip()
        item = _ITEM.match(text)
        mark = item[1] if item else ""
        lead = _above(lead, mark) if section == here else _NO_LEAD
        here = section
        leads = text.endswith((":", "trong đó", "Trong đó")) or _is_time_alone(text, mark, period)
        if not leads and not re.search(r"\d|[Kk]hông", text):
            lead = _named_alone(text, mark) or lead
            continue  # most paragraphs state no figure
        passage, whom, time = _passage(paragraph, section, lead, agency, period, sectors)
        if passage.statements or leads:
            yield passage
        if leads:
            led = time and replace(time, by=time.by.replace("sentence|", "lead|", 1))
            lead = _lead_of(passage, mark, whom)._replace(time=led)
            if not passage.statements and _has_scope(lead, period):
                lead = lead._replace(words=text.strip(" -+*•:"))


def _under_their_headings(
    paragraphs: Iterable[Paragraph], period: pd.Period
) -> Iterator[tuple[Paragraph, str]]:
    """Yield the paragraphs, each with the headings above it: numbered ones, then a bare line.

    A short line without a figure and a full stop is one; the lines of letterhead and title, which
    stand before the first sentence, are none.
    """
    section = line = before = ""
    begun = False
    for paragraph in paragraphs:
        text = paragraph.text.strip()
        if paragraph.section != section:
            section, line = paragraph.section, ""
        if leads_on(before) and is_unit(part_of_heading(text)[1]):
            continue  # whom a letter is to
        before = text
        ends = text.endswith((".", ";", ":", ",")) or _ITEM.match(text) is not None
        if not ends and len(text) < _LONGEST_NAME and text[:1].isupper() and _has_no_figure(text):
            line = text if _is_line(text, period, below=begun or section != "") else ""
        begun |= ends
        yield paragraph, f"{section} > {line}" if line and text != line else section


def _is_line(text: str, period: pd.Period, *, below: bool) -> bool:
    """Return whether a short line heads others: it is `below` the title, or can be none."""
    return (below or _OF_BEFORE.match(fold(text)) is not None) and is_scope(text, period)


# What no title of a report begins with.
_OF_BEFORE = re.compile(r"(?:cung ky|so voi|(?:quy|ky|nam) truoc)\b")


def _has_no_figure(text: str) -> bool:
    return not re.search(r"\d", text) or not _taken_apart(text)[2]


def _taken_apart(text: str) -> tuple[PlainText, str, Sequence[Figure]]:
    """Return a text without marks, the same with what is no figure masked, and its figures."""
    return _short_taken_apart(text) if len(text) <= _SHORT else _long_taken_apart(text)


def _long_taken_apart(text: str) -> tuple[PlainText, str, Sequence[Figure]]:
    wording = plain_text(text)
    masked = roles_of(wording)[1]
    return wording, masked, tuple(figures_of(masked)[0])


_SHORT = 500  # letters of a paragraph that is remembered: reports of one template repeat them
_short_taken_apart = lru_cache(maxsize=2_000)(_long_taken_apart)


def _passage(
    paragraph: Paragraph,
    section: str,
    lead: _Lead,
    agency: str,
    period: pd.Period,
    sectors: frozenset[str],
) -> tuple[Passage, Whom, Time | None]:
    """Return what a paragraph states, below what leads it in; of whom, and when it goes on."""
    wording, masked, figures = _taken_apart(paragraph.text)
    heading = section.rpartition(" > ")[2]
    default = section_time(section, period)
    times, kept = times_of(wording, masked, figures, default, lead.time)
    level, part = part_of_heading(heading)
    part = "" if Whom(agency).is_self(part) else part
    whom = Whom(agency, lead.in_parts, lead.level or level, lead.part or part, sectors)
    rows = rows_named(masked, wording, figures, whom)
    counted = [*meanings_of(masked, figures, rows, before=lead.stage, listed_of=lead.column)]
    statements = [*map(Statement, figures, (one.name for one in rows), times, counted)]
    one_way = lead.one_way or _is_one_way(fold(heading))
    above = "heading" if (level, part) != ("", "") and not (lead.level or lead.part) else "lead"
    held = whom.part or whom.level
    return (
        Passage(paragraph, wording, masked, statements, default, one_way, above, held),
        whom,
        kept,
    )


def _named_alone(text: str, mark: str) -> _Lead | None:
    """Return what a line leads in that names a part and nothing else: "- Lĩnh vực Hộ tịch"."""
    if len(text) >= _LONGEST_NAME:
        return None
    level, part = part_of_heading(text.lstrip("-+*• "))
    return _Lead(mark, level=level, part=part) if level or part else None


def _is_time_alone(text: str, mark: str, period: pd.Period) -> bool:
    """Return whether an item names a time and nothing else: "- Cùng kỳ năm 2023"."""
    words = text.lstrip("-+*• ")
    short = mark != "" and len(words) < _LONGEST_NAME and not text.endswith((".", ";", ","))
    return short and section_time(words, period).by != "" and _has_no_figure(words)


_LONGEST_NAME = 80  # characters of a line that names a part and nothing else


class _Lead(NamedTuple):
    """What a paragraph leads in for the items below it; `mark` is its own, as an item.

    `words` are those of one that only says whose or of when what follows is, "Cùng kỳ năm 2023:":
    the next paragraph is of that too, item or not, and whether those after it are is not `sure`.
    """

    mark: str = ""
    stage: str = ""
    column: str = ""
    in_parts: str = ""
    level: str = ""
    part: str = ""
    time: Time | None = None
    one_way: bool = False
    words: str = ""
    sure: bool = True


_NO_LEAD = _Lead()


def _above(lead: _Lead, mark: str) -> _Lead:
    """Return what still leads in a paragraph of the same section; `mark` is its own, as an item."""
    if mark and mark != lead.mark:
        return lead._replace(words="") if lead.sure else lead
    if not lead.words:
        return _NO_LEAD
    return lead._replace(sure=False) if lead.sure else lead._replace(time=_open_time(lead))


def _open_time(lead: _Lead) -> Time:
    return Time(None, words=lead.words, by=f"lead|{lead.words}")


def _has_scope(lead: _Lead, period: pd.Period) -> bool:
    """Return whether words that lead in are of a part, or of another time than the report."""
    of_part = bool(lead.level or lead.part or lead.one_way)
    time = lead.time
    of_report = (
        time is None or time.is_quarter and (time.period == period and time.basis != YEAR_TO_DATE)
    )
    return of_part or not of_report


def _lead_of(passage: Passage, mark: str, whom: Whom) -> _Lead:
    """Return what a paragraph leads in, by what it counts and the row that it comes to."""
    masked, counted = passage.masked, [one.meaning for one in passage.statements]
    end = Figure(len(masked), len(masked), parse_number("0"), "count", "", "")
    figures = [*(one.figure for one in passage.statements), end]
    last = rows_named(masked, passage.wording, figures, whom)[-1].name
    level, _, part = last.rpartition("|") if "|" in last else ("", "", last)
    if part in LEVELS.values():
        level, part = part, ""
    listed = _OF_PARTS.search(masked.casefold())
    columns = {one.column for one in counted if not one.parts} & {*_STAGES}
    return _Lead(
        mark,
        _STAGES.get(counted[-1].column, "") if counted else "",
        columns.pop() if len(columns) == 1 else "",
        _parts_of(listed[0], masked.casefold()) if listed else "",
        level,
        "" if part == TOTAL or is_of_reform(part) else part,
        one_way=passage.one_way or _is_one_way(masked),
    )


def _parts_of(words: str, text: str) -> str:
    """Return of which parts a list is: "each" of a division, "all" of those meant, or "some"."""
    if re.search("gom|chia", words):
        return "all"
    is_division = re.match("(?:theo|tung)", words) is not None and not _OF_SELECTED.search(text)
    return "each" if is_division and "linh vuc" in words else "some"


_OF_SELECTED = re.compile(r"\b(?:mot so|noi bat|chu yeu|dien hinh|tieu bieu|trong tam|nhieu|it)\b")


def _is_one_way(text: str) -> bool:
    """Return whether a heading or a lead-in is of one way to apply, and of nothing beside it."""
    return _BY_ONE_WAY.search(text) is not None and not _AND_ALL.search(text)


_AND_ALL = re.compile(
    r"\btruc tiep\b|[,;]| va (?!tra\b|giai\b|tiep\b)|\bdich vu cong\b", re.IGNORECASE
)
