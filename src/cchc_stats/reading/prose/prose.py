"""What the prose of a report states: every digit has a role, every figure is a claim."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

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
from cchc_stats.reading.prose.counts import counts_told
from cchc_stats.reading.prose.figures import Figure, figures_of, roles_of
from cchc_stats.reading.prose.levels import WHOLE, rows_named
from cchc_stats.reading.prose.patterns import Rule, patterns
from cchc_stats.reading.report import CLAIMS
from cchc_stats.words import (
    AS_OF,
    IN_PERIOD,
    YEAR_TO_DATE,
    PeriodError,
    fold,
    parse_basis,
    parse_period,
)

ACCOUNT = ("start", "end", "text", "role")
CLAIM = "claim"
QUALITATIVE = "qualitative"
UNREAD = "unread"

_LONGEST_LEAD = 80  # characters of a quote before its figure
_LONGEST_RATE = 45
_OUTLOOK = re.compile(r"\bphuong huong\b|\b(?:thoi gian|ky) toi\b")
_OF_DOSSIERS = ("dossiers_", "on_time_rate", "late_rate", "early_share")
# Counted in one way only: a percentage beside the count is its share.
_SHARES = ("electronic_documents_share", "dossiers_online_share_newly_received")
# "Đúng hạn 148.761 hồ sơ (98,33%)", and "98,33% hồ sơ được giải quyết đúng hạn".
_HOW = r"(?:truoc|dung|som|qua|tre|cham)(?: thoi)? h[ae]n\b"
_TERM = rf"(?:(?:truoc|dung|som)(?: (?:thoi )?h[ae]n)?(?:,| va| hoac|/) ?)?{_HOW}"
_RATE = re.compile(rf"\b{_TERM}(?:(?!\b{_TERM})[^%;])*$", re.IGNORECASE)
_RATE_AFTER = re.compile(
    rf" ?(?:so )?(?:ho so )?(?:da |duoc |giai quyet |xu ly |tra |ket qua )*{_TERM}", re.IGNORECASE
)


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
    >>> said = Paragraph(1, "Ngày 05/5/2020 có 62 TTHC mức độ 3", "", "đoạn 1")
    >>> account_of(said)[["text", "role"]].values.tolist()
    [['05/5/2020', 'date'], ['62', 'claim'], ['mức độ 3', 'level']]
    """
    said = plain_text(paragraph.text)
    taken, masked = roles_of(said)
    figures, unread = figures_of(masked)
    taken += [(one.start, one.end, CLAIM) for one in figures]
    taken += [(start, end, UNREAD) for start, end in unread]
    rows = [(*said.span(start, end), role) for start, end, role in sorted(taken)]
    frame = pd.DataFrame(
        [(start, end, paragraph.text[start:end], role) for start, end, role in rows],
        columns=list(ACCOUNT),
    )
    return frame.astype({"start": "int64", "end": "int64", "text": "str", "role": "str"})


def claims_of(
    paragraphs: Iterable[Paragraph], *, period: pd.Period, basis: str = IN_PERIOD
) -> pd.DataFrame:
    """Return every figure that prose states, and what it says of a share in words alone.

    Parameters
    ----------
    paragraphs : `text` and `place` each.
    period : the quarter of the report, for what tells no other; under "Phương hướng …" it is the
        one after.
    basis : the basis of what tells none: neither by its words ("tính đến", "từ đầu năm") nor, being
        a stock, by its indicator.

    Returns
    -------
    Frame of `CLAIMS`, a row per figure in the order of the text; after those of its paragraph, one
    per "trực tuyến còn thấp", of unit "qualitative" and no value. `quote` is the figure with the
    words beside it, as printed; "gần" and "hơn" stay there. `value` is never divided: "3/4" is
    value 3, denominator 4. `unit`: percent, percentage_points (a rise or fall of a rate), count,
    working_days, days, months, years, hours, points, dong, rank. `indicator` and `group` are ""
    where the words of the sentence do not make them clear: a rate on time that does not say of
    what has none, and neither has a figure that is aimed at: its quote begins with the word that
    says so. A count is whole, so "1,234 hồ sơ" is 1234.

    Examples
    --------
    >>> said = Paragraph(1, "Số đơn vị có mạng WAN: 01 đơn vị;", "", "đoạn 1")
    >>> claims_of([said], period=pd.Period("2020Q3"))[["value", "indicator", "basis"]].values
    array([[1.0, 'units_wan', 'as_of']], dtype=object)
    """
    rows = [
        row
        for one in paragraphs
        for row in (*_claims(one, period, basis), *_words(one, period, basis))
    ]
    figures = dict.fromkeys(("value", "denominator"), FLOAT)
    return typed_rows(rows, dict.fromkeys(CLAIMS, TEXT) | figures | {"period": QUARTER})


def _claims(paragraph: Paragraph, period: pd.Period, basis: str) -> Iterator[tuple[object, ...]]:
    if not re.search(r"\d", paragraph.text):
        return  # most paragraphs state no figure
    period = _of_outlook(paragraph.section, period)
    said = plain_text(paragraph.text)
    masked = roles_of(said)[1]
    figures, _ = figures_of(masked)
    rows = rows_named(masked, said, figures)
    about = patterns().procedure.search(said.plain)
    procedure = said.printed(*about.span("name")).strip() if about else ""
    counts = counts_told(masked, said, figures, period)
    ruled: list[tuple[Figure, Rule | None]] = []
    for one, row, count in zip(figures, rows, counts, strict=True):
        aimed = _aimed(one)
        rule = None if aimed else _rule_of(one) or count or _share_of(one, ruled)
        group = rule.group if rule else ""
        if row != WHOLE and (rule.name.startswith(_OF_DOSSIERS) if rule else _rate_of(one)):
            group = row  # what is told of one level or sector is not the whole's
        ruled.append((one, rule))
        sentence = said.plain[one.start - len(one.before) : one.start]
        named, told = _time_of(sentence, period)
        if rule and told == AS_OF:
            told = ""  # "hiện nay … 99%" of what happens over a period is no stock
        yield (
            said.printed(one.start - len(one.before) + aimed.start(), one.end)
            if aimed
            else _quote(said, one, _rate_of(one) if rule is None else None),
            one.number.value,
            one.number.denominator,
            one.unit,
            rule.name if rule else "",
            # A figure of a paragraph about one procedure is that procedure's.
            procedure or group,
            named,
            (rule.basis if rule else "") or told or basis,
            paragraph.place,
        )


def _words(paragraph: Paragraph, period: pd.Period, basis: str) -> Iterator[tuple[object, ...]]:
    """Yield what is said of an indicator without a figure."""
    text = paragraph.text.casefold()
    rules = [one for one in patterns().words if any(part in text for part in one.has)]
    if not rules:
        return
    period = _of_outlook(paragraph.section, period)
    said = plain_text(paragraph.text)
    masked = roles_of(said)[1]
    for rule in rules:
        for found in rule.pattern.finditer(masked):
            sentence = re.split(r"[.;] ", said.plain[: found.start("quote")])[-1]
            named, told = _time_of(sentence, period)
            told = basis if told in ("", AS_OF) else told
            quote = said.printed(*found.span("quote"))
            yield (
                quote,
                None,
                None,
                QUALITATIVE,
                rule.indicator,
                "all",
                named,
                told,
                paragraph.place,
            )


def _of_outlook(section: str, period: pd.Period) -> pd.Period:
    """Return the period after the report's under "Phương hướng, nhiệm vụ …": that is to come."""
    return period + 1 if _OUTLOOK.search(fold(section)) else period


def _aimed(figure: Figure) -> re.Match[str] | None:
    """Return the words that tell that a figure is a goal, None where it is not."""
    if striven := patterns().striven.search(figure.before):
        return striven
    goals = patterns().goals if figure.unit == "percent" else ()
    return next((found for goal in goals if (found := goal.search(figure.before))), None)


def _rule_of(figure: Figure) -> Rule | None:
    """Return the one indicator that the words make clear, None where there is none or two."""
    never = patterns().never
    if figure.unit == "percent" and never.holds(figure.before, figure.after):
        return None
    found: dict[tuple[str, str], Rule] = {}
    for rule in patterns().indicators:
        fits = not rule.units or figure.unit in rule.units
        if fits and (figure.is_fraction or not rule.fraction):
            if (rule.name, rule.group) in found:
                continue
            if rule.holds(figure.before, figure.after):
                found[rule.name, rule.group] = rule
    return next(iter(found.values())) if len(found) == 1 else None


def _share_of(figure: Figure, earlier: list[tuple[Figure, Rule | None]]) -> Rule | None:
    """Return the rule of the one fraction of the sentence that a percent is the share of.

    "3/4 đơn vị và 01 đơn vị gián tiếp, đạt tỷ lệ 75%": the arithmetic tells what the words do not.
    Or that of the count just before it: "văn bản điện tử 1.315, đạt 95,3%".
    """
    if figure.unit == "percent" and earlier and (counted := earlier[-1][1]):
        between = figure.before[earlier[-1][0].end - figure.start :]
        if counted.name in _SHARES and patterns().beside.fullmatch(between):
            return counted
    sentence = figure.start - len(figure.before)
    fractions = [one for one in earlier if one[0].start >= sentence and one[0].is_fraction]
    if figure.unit != "percent" or len(fractions) != 1:
        return None
    (one, rule), value = fractions[0], figure.number.value
    above, below = one.number.value, one.number.denominator
    if not patterns().share.search(figure.before) or not below or above is None or value is None:
        return None
    # As far as it is printed: 75% is 3/4, and so is 66,7% 2/3.
    printed = abs(100 * above / below - value) <= 0.5 / 10 ** (figure.number.decimals or 0) + 1e-9
    return rule if printed else None


def _time_of(sentence: str, period: pd.Period) -> tuple[pd.Period, str]:
    """Return the period and the basis ("" where none) told before a figure in its sentence."""
    told: list[tuple[int, pd.Period, str]] = []
    for rule in patterns().times:
        for match in rule.pattern.finditer(sentence):
            groups = match.groupdict()
            if year := groups.get("told"):
                same = int(year) == period.year
                named = period if same else pd.Period(year=int(year), quarter=4, freq="Q-DEC")
                told.append((match.end(), named, YEAR_TO_DATE))
            elif name := groups.get("name"):
                told += [(match.end(), *known) for known in _named(name, period)]
            else:
                told.append((match.end(), period, rule.basis))
    if not told:
        return period, ""
    _, named, basis = max(told, key=lambda one: one[0])
    return named, basis


def _named(name: str, period: pd.Period) -> list[tuple[pd.Period, str]]:
    """Return the quarter and the basis of "quý III" or "6 tháng đầu năm", of the report's year."""
    try:
        dated = name if re.search("[0-9]{4}$", name) else f"{name} năm {period.year}"
        return [(parse_period(dated), parse_basis(dated))]
    except PeriodError:
        return []  # "8 tháng đầu năm" ends no quarter: the report's own period stands


def _rate_of(figure: Figure) -> tuple[int, int] | None:
    """Return where the words stand that make a percentage a rate on time or late, and it ends."""
    if figure.unit != "percent":
        return None
    if after := _RATE_AFTER.match(figure.after):
        return figure.start, figure.end + after.end()
    if before := _RATE.search(figure.before[-_LONGEST_RATE:]):
        closed = "(" in before[0] and figure.after.startswith(")")
        return figure.start - len(before[0]), figure.end + closed
    return None


def _quote(said: PlainText, figure: Figure, rate: tuple[int, int] | None) -> str:
    """Return a figure with the words beside it, as printed; a rate with what it is of."""
    if rate:
        return said.printed(*rate)
    first = max(0, figure.start - _LONGEST_LEAD)
    before = said.plain[first : figure.start]
    lead = patterns().lead.search(before)
    if lead and lead[0].casefold().startswith("tu "):
        # "Văn bản điện tử 1.315" is no "từ 1.315".
        word = said.printed(first + lead.start(), first + lead.start() + 2).casefold()
        lead = lead if unicodedata.normalize("NFC", word) in ("tu", "từ") else None
    start = first + lead.start() if lead else figure.start
    if listed := re.search(r"\b(?:[^\W0-9]+,? ){0,4}[^\W0-9]+ ?: ?$", before):
        start = min(start, first + listed.start())
    words = patterns().tail.match(said.plain, figure.end)
    if start == figure.start and figure.unit == "count" and not (words and words[0]):
        # Nothing follows that is counted: "quá hạn 04,".
        named = re.search(r"\b(?:[^\W0-9]+ ){1,4}$", before)
        start = first + named.start() if named else start
    return said.printed(start, words.end() if words else figure.end)
