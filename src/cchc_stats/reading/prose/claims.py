"""What the prose of a report states: every digit has a role, every figure is a claim."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from cchc_stats.reading.files import (
    FLOAT,
    QUARTER,
    TEXT,
    Paragraph,
    PlainText,
    plain_text,
    typed_rows,
)
from cchc_stats.reading.prose.figures import Figure, FigureRule, figures_of, patterns, roles_of
from cchc_stats.reading.prose.scope import TOTAL, Time, section_time, times_of
from cchc_stats.reading.prose.statements import (
    Meaning,
    Passage,
    Statement,
    counts_of,
    is_of_other_kind,
    passages_of,
)
from cchc_stats.reading.report import CLAIMS
from cchc_stats.words import AS_OF, IN_PERIOD, Number, fold, parse_number

ACCOUNT = ("start", "end", "text", "role")
CLAIM = "claim"
QUALITATIVE = "qualitative"
UNREAD = "unread"

_LONGEST_LEAD = 80  # characters of a quote before its figure
_LONGEST_RATE = 45
_OF_DOSSIERS = ("dossiers_", "on_time_rate", "late_rate", "early_share")
# Counted in one way only: a percentage beside the count is its share.
_SHARES = ("electronic_documents_share", "dossiers_online_share_newly_received")
# "Đúng hạn 148.761 hồ sơ (98,33%)", and "98,33% hồ sơ được giải quyết đúng hạn".
_HOW = r"(?:truoc|dung|som|qua|tre|cham)(?: thoi)? h[ae]n\b"
_IN_TIME = re.compile(
    r"\btruoc(?: (?:thoi )?h[ae]n)?(?:,| va|,? hoac|/) ?dung (?:thoi )?h[ae]n\b"
    r"|\bdung(?: (?:thoi )?h[ae]n)?(?:,| va|,? hoac|/) ?truoc (?:thoi )?h[ae]n\b"
)
_TERM = rf"(?:(?:truoc|dung|som)(?: (?:thoi )?h[ae]n)?(?:,| va| hoac|/) ?)?{_HOW}"
_RATE = re.compile(rf"\b{_TERM}(?:(?!\b{_TERM})[^%;])*$", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)")
_BESIDE_TERM = re.compile(rf"\b{_TERM}(?: la| co| dat)?:? ?$", re.IGNORECASE)
# "Trễ hạn 0 hồ sơ, đạt 100%": what is reached is no rate of the late ones.
_REACHED_BESIDE_LATE = re.compile(r"^(?:qua|tre|cham)\b.*[0-9][^0-9(]*\bdat\b", re.IGNORECASE)
_RATE_AFTER = re.compile(
    rf" ?(?:so )?(?:ho so )?(?:da |duoc |giai quyet |xu ly |tra |ket qua )*{_TERM}", re.IGNORECASE
)


# "Cao hơn mức 90% được giao": what is set, and not what is reached.
_LEVEL_OF_GOAL = re.compile(r"\b(?:muc|nguong|ty le|con so|moc)(?: la| tu)? ?$", re.IGNORECASE)


def account_of(paragraph: Paragraph) -> pd.DataFrame:
    """Return what each digit of a paragraph is.

    Parameters
    ----------
    paragraph : `text` as printed.

    Returns
    -------
    Frame `start, end, text, role` in the order of the text: `text` is `paragraph.text[start:end]`.
    Every digit 0-9 stands in exactly one row. `role` is `claim` for a figure; `date`, `time`,
    `period`, `year`, `document` (a number of one), `law`, `standard`, `level` (of online services),
    `section`, `phone`, `number`, `url` or `name` for what is none; `unread` for a number that
    cannot be read.

    Examples
    --------
    >>> line = Paragraph(1, "Ngày 05/5/2020 có 62 TTHC mức độ 3", "", "đoạn 1")
    >>> account_of(line)[["text", "role"]].values.tolist()
    [['05/5/2020', 'date'], ['62', 'claim'], ['mức độ 3', 'level']]
    """
    wording = plain_text(paragraph.text)
    taken, masked = roles_of(wording)
    figures, unread = figures_of(masked)
    # "Không có" is a figure without a digit.
    taken += [
        (one.start, one.end, CLAIM)
        for one in figures
        if re.search(r"\d", masked[one.start : one.end])
    ]
    taken += [(start, end, UNREAD) for start, end in unread]
    rows = [(*wording.span(start, end), role) for start, end, role in sorted(taken)]
    frame = pd.DataFrame(
        [(start, end, paragraph.text[start:end], role) for start, end, role in rows],
        columns=list(ACCOUNT),
    )
    return frame.astype({"start": "int64", "end": "int64", "text": "str", "role": "str"})


def claims_of(
    paragraphs: Iterable[Paragraph],
    *,
    period: pd.Period,
    basis: str = IN_PERIOD,
    agency: str = "",
    sectors: Iterable[str] = (),
) -> pd.DataFrame:
    """Return every figure that prose states, and what it states of a share in words alone.

    Parameters
    ----------
    paragraphs : `text` and `place` each.
    period : the quarter of the report, for what names no other; under "Phương hướng …" it is the
        one after.
    basis : the basis of what names none: neither by its words ("tính đến", "từ đầu năm") nor, being
        a stock, by its indicator.
    agency : who reports, so that its own name is no part of it.
    sectors : names of sectors that stand for themselves: "Hộ tịch 120 hồ sơ".

    Returns
    -------
    Frame of `CLAIMS`, a row per figure in the order of the text; after those of its paragraph, one
    per "trực tuyến còn thấp", of unit "qualitative" and no value. `quote` is the figure with the
    words beside it, as printed; "gần" and "hơn" stay there. `value` is never divided: "3/4" is
    value 3, denominator 4. `unit`: percent, percentage_points (a rise or fall of a rate), count,
    working_days, days, months, years, hours, points, dong, rank. `indicator` and `group` are ""
    where the words of the sentence do not make them clear: a rate on time without its denominator
    has none, and neither has an aim: its quote begins with the word that makes it one. A count has
    no decimals, so "1,234 hồ sơ" is 1234.

    Examples
    --------
    >>> line = Paragraph(1, "Số đơn vị có mạng WAN: 01 đơn vị;", "", "đoạn 1")
    >>> claims_of([line], period=pd.Period("2020Q3"))[["value", "indicator", "basis"]].values
    array([[1.0, 'units_wan', 'as_of']], dtype=object)
    """
    paragraphs = list(paragraphs)
    stated: dict[int, list[tuple[object, ...]]] = {}
    names = frozenset(map(fold, sectors))
    for passage in passages_of(paragraphs, period=period, agency=agency, sectors=names):
        stated[id(passage.paragraph)] = [*_claims(passage, period, basis)]
    rows = [
        row for one in paragraphs for row in (*stated.get(id(one), ()), *_words(one, period, basis))
    ]
    figures = dict.fromkeys(("value", "denominator"), FLOAT)
    return typed_rows(rows, dict.fromkeys(CLAIMS, TEXT) | figures | {"period": QUARTER})


def _claims(passage: Passage, period: pd.Period, basis: str) -> Iterator[tuple[object, ...]]:
    wording = passage.wording
    about = patterns().procedure.search(wording.plain)
    procedure = wording.printed(*about.span("name")).strip() if about else ""
    counts = counts_of(
        passage.masked,
        [(one.figure, one.meaning, _is_total(one, period)) for one in passage.statements],
    )
    ruled: list[tuple[Figure, FigureRule | None]] = []
    for (one, row, time, counted), count in zip(passage.statements, counts, strict=True):
        start = one.start - len(one.before)
        aimed = _aimed(one)
        rule = None if aimed else _rule_of(one) or count or _share_of(one, ruled)
        rule = None if _is_of_other(passage, one, row, counted, rule) else rule
        ruled.append((one, rule))
        quote = (
            wording.printed(start + aimed.start(), one.end)
            if aimed
            else _quote(wording, one, _rate_of(one) if rule is None else None)
        )
        aim = wording.printed(start + aimed.start(), start + aimed.end()) if aimed else ""
        time = _time_of(time, counted, aim, period)
        when = _when(time, rule, basis, is_stock=counted.column.startswith(_PENDING))
        yield (
            quote,
            one.number.value,
            one.number.denominator,
            one.unit,
            rule.name if rule else "",
            # A figure of a paragraph about one procedure is that procedure's.
            procedure or _group(one, rule, row),
            *when[:2],
            passage.paragraph.place,
            when[2],
            _set_by(passage, time, row),
        )


_PENDING = "pending_"  # columns of a stock, whether or not an indicator counts it


def _time_of(time: Time, meaning: Meaning, aim: str, period: pd.Period) -> Time:
    """Return when a figure holds: an aim in no quarter, what came and went "đến nay" in none."""
    if aim:
        return Time(None, words=re.split(r"[0-9,;(]", aim)[0].strip() or aim)
    is_flow = meaning.column != "" and not meaning.column.startswith(_PENDING)
    if time.until_now and is_flow and period.quarter > 1:
        # It is of the quarter or of the year.
        return replace(time, words=time.by.partition("|")[2])
    return time


def _set_by(passage: Passage, time: Time, row: str) -> str:
    """Return the lines that state what set the time and the part of a figure (see `Report`)."""
    lines = [f"period|{time.by}"] if time.by else []
    if row != TOTAL:
        piece = passage.above if passage.held and passage.held in row else "sentence"
        lines.append(f"part|{piece}|{row.replace('|', ', ')}")
    return "\n".join(lines)


def _is_of_other(
    passage: Passage, figure: Figure, row: str, meaning: Meaning, rule: FigureRule | None
) -> bool:
    """Return whether a figure is of dossiers that no row of the form counts, by its words."""
    apart = passage.one_way or row != TOTAL and not meaning.clear
    apart = apart or figure.unit == "count" and is_of_other_kind(figure)
    return apart and rule is not None and rule.name.startswith(_OF_DOSSIERS)


def _is_total(one: Statement, period: pd.Period) -> bool | None:
    """Return whether a figure is of the report's total and quarter, None of another quarter."""
    if one.time.basis == IN_PERIOD and one.time.period != period:
        return None
    return one.row == TOTAL and one.time.is_quarter


def _when(
    time: Time, rule: FigureRule | None, basis: str, *, is_stock: bool = False
) -> tuple[pd.Period | None, str, str]:
    """Return the period and the basis of a claim, and the words that take it out of every one."""
    is_stock = is_stock or (rule is not None and rule.basis == AS_OF)
    # "Hiện nay … 99%" of what happens over a period is no stock.
    stated = "" if rule and time.basis == AS_OF else time.basis
    own = (rule.basis if rule else "") or stated or basis
    if time.words and not (is_stock and time.basis == AS_OF and time.period is not None):
        return time.period if time.basis == "" else None, own, time.words
    return time.period, own, ""


def _group(figure: Figure, rule: FigureRule | None, row: str) -> str:
    """Return the row that a figure is of: that of one level or sector is not of all."""
    of_part = rule.name.startswith(_OF_DOSSIERS) if rule else _rate_of(figure)
    if row != TOTAL and of_part:
        return row
    return rule.group if rule else ""


def _words(paragraph: Paragraph, period: pd.Period, basis: str) -> Iterator[tuple[object, ...]]:
    """Yield the words of an indicator without a figure."""
    text = paragraph.text.casefold()
    rules = [one for one in patterns().words if any(part in text for part in one.has)]
    if not rules:
        return
    wording = plain_text(paragraph.text)
    masked = roles_of(wording)[1]
    default = section_time(paragraph.section, period)
    for rule in rules:
        for match in rule.pattern.finditer(masked):
            at = match.start("quote")
            figure = Figure(at, at, parse_number("0"), "count", "", "")
            (time,), _ = times_of(wording, masked, [figure], default)
            named, own, words = _when(time, FigureRule(rule.indicator), basis)
            quote = wording.printed(*match.span("quote"))
            by = f"period|{time.by}" if time.by else ""
            scope = (rule.indicator, "all", named, own, paragraph.place, words, by)
            yield (quote, None, None, QUALITATIVE, *scope)


def _aimed(figure: Figure) -> re.Match[str] | None:
    """Return the words that make a figure a goal, None where it is not."""
    if striven := patterns().striven.search(figure.before):
        return striven
    if figure.unit != "percent":
        return None
    if patterns().given.match(figure.after) and (level := _LEVEL_OF_GOAL.search(figure.before)):
        return level
    return next((match for goal in patterns().goals if (match := goal.search(figure.before))), None)


def _rule_of(figure: Figure) -> FigureRule | None:
    """Return the one indicator that the words make clear, None where there is none or two."""
    never = patterns().never
    if figure.unit == "percent" and never.holds(figure.before, figure.after):
        return None
    # What is before its day is on time.
    before, after = (_IN_TIME.sub("dung han", words) for words in (figure.before, figure.after))
    rules: dict[tuple[str, str], FigureRule] = {}
    for rule in patterns().indicators:
        fits = not rule.units or figure.unit in rule.units
        if fits and (figure.is_fraction or not rule.fraction):
            if (rule.name, rule.group) in rules:
                continue
            if rule.holds(before, after):
                rules[rule.name, rule.group] = rule
    return next(iter(rules.values())) if len(rules) == 1 else None


def _share_of(figure: Figure, earlier: list[tuple[Figure, FigureRule | None]]) -> FigureRule | None:
    """Return the rule of the count or of the one fraction that a percent is the share of.

    "3/4 đơn vị và 01 đơn vị gián tiếp, đạt tỷ lệ 75%": arithmetic decides what words do not.
    Or that of the count just before it: "văn bản điện tử 1.315, đạt 95,3%".
    """
    if figure.unit != "percent" or not earlier:
        return None
    last, counted = earlier[-1]
    between = figure.before[last.end - figure.start :]
    if counted and counted.name in _SHARES and patterns().beside.fullmatch(between):
        return counted
    sentence = figure.start - len(figure.before)
    fractions = [one for one in earlier if one[0].start >= sentence and one[0].is_fraction]
    if len(fractions) != 1 or not patterns().share.search(figure.before):
        return None
    one, rule = fractions[0]
    return rule if _is_share(figure.number, one.number) else None


def _is_share(share: Number, of: Number) -> bool:
    """Return whether a percentage is that of a fraction, as far as it is printed.

    75% is 3/4, and so is 66,7% 2/3.
    """
    if not of.denominator or of.value is None or share.value is None:
        return False
    half = 0.5 / 10 ** (share.decimals or 0)
    return bool(abs(100 * of.value / of.denominator - share.value) <= half + 1e-9)


def _rate_of(figure: Figure) -> tuple[int, int] | None:
    """Return where the words stand that make a percentage a rate on time or late, and it ends."""
    if figure.unit != "percent":
        return None
    if after := _RATE_AFTER.match(figure.after):
        return figure.start, figure.end + after.end()
    # After brackets a share is of what stood before them: "giải quyết 5 hồ sơ (trễ 1), đạt 80%".
    words = _BRACKETS.sub(lambda match: re.sub("[^%;]", " ", match[0]), figure.before)
    before = _RATE.search(words[-_LONGEST_RATE:])
    if before and not _REACHED_BESIDE_LATE.search(before[0]):
        closed = "(" in before[0] and figure.after.startswith(")")
        return figure.start - len(before[0]), figure.end + closed
    return None


def _quote(wording: PlainText, figure: Figure, rate: tuple[int, int] | None) -> str:
    """Return a figure with the words beside it, as printed; a rate with what it is of."""
    if rate:
        return wording.printed(*rate)
    first = max(0, figure.start - _LONGEST_LEAD)
    before = wording.plain[first : figure.start]
    lead = patterns().lead.search(before)
    if lead and lead[0].casefold().startswith("tu "):
        # "Văn bản điện tử 1.315" is no "từ 1.315".
        word = wording.printed(first + lead.start(), first + lead.start() + 2).casefold()
        lead = lead if unicodedata.normalize("NFC", word) in ("tu", "từ") else None
    start = first + lead.start() if lead else figure.start
    if listed := re.search(r"\b(?:[^\W0-9]+,? ){0,4}[^\W0-9]+ ?: ?$", before):
        start = min(start, first + listed.start())
    if figure.is_fraction and (term := _BESIDE_TERM.search(before)):
        start = min(start, first + term.start())  # "đúng hạn 57/60 hồ sơ"
    words = patterns().tail.match(wording.plain, figure.end)
    if start == figure.start and figure.unit == "count" and not (words and words[0]):
        # Nothing follows that is counted: "quá hạn 04,".
        named = re.search(r"\b(?:[^\W0-9]+ ){1,4}$", before)
        start = first + named.start() if named else start
    return wording.printed(start, words.end() if words else figure.end)
