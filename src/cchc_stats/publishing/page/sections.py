"""The sections of the page in words: figures, main figures, the index, findings, claims."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from cchc_stats.forms import FORMS, find_form
from cchc_stats.index import ROOT, leaf_reason
from cchc_stats.indicators import INDICATORS, Indicator, find_indicator
from cchc_stats.plots import (
    change_words,
    figure_words,
    in_order_of_names,
    name_of,
    parts_words,
    printed,
    unit_name,
    value_words,
)
from cchc_stats.publishing.frames import text
from cchc_stats.publishing.page.quarter import (
    KEY_FIGURES,
    LEVEL,
    Quarter,
    Scored,
    with_changes,
)
from cchc_stats.publishing.tracing import trace_record
from cchc_stats.words import (
    LANGUAGES,
    SEVERITIES,
    Window,
    format_number,
    half_up,
    label_period,
    vocabulary,
    word,
)

MARK = "†"
# Notes of `measure` that cast doubt on the figure itself.
DOUBTED = ("unbalanced", "from_prose")
FINDING = ("message", "found", "expected", "where")
# Points are printed to as many decimals as any scheme rounds to.
DECIMALS = 2
# How points of these kinds enter the sum; those of scoring nodes need no sign.
SIGNS = {"bonus": "+", "deduction": "−"}


# --- figures ----------


class FigureRow(NamedTuple):
    """One figure in words.

    Attributes
    ----------
    group : the form's row it is of.
    period : quarter, year to date or end of the quarter.
    window : the days covered, where they are not the decree's; else "".
    value : the figure as reports print it, or the word for its absence.
    status : code of the status.
    interval : "94% đến 100%", "" where there is none.
    parts : "62/62", "" for a count.
    previous, change : the figure before and the change, "" where there is none.
    limits : of the change, "" where there are none.
    comparison_note : why there is none.
    note : as the values say.
    mark : "†" where the note casts doubt on the figure, see `mark_of`.
    trace : where the figure comes from, see `trace`.
    """

    group: str
    period: str
    window: str
    value: str
    status: str
    interval: str
    parts: str
    previous: str
    change: str
    limits: str
    comparison_note: str
    note: str
    mark: str
    trace: str


class IndicatorBlock(NamedTuple):
    """One indicator and its rows."""

    label: str
    formula: str
    rows: tuple[FigureRow, ...]


def form_blocks(quarter: Quarter) -> list[dict[str, Any]]:
    """Return all values by form: of the quarter, and of other periods."""
    values, lang = with_changes(quarter, "quarter_over_quarter"), quarter.lang
    forms = values["indicator"].map({one.code: one.form for one in INDICATORS})
    now = values["period"] == quarter.report.period
    return [
        {
            "code": form.code,
            "title": form.title if lang == "vi" else form.title_en,
            "now": blocks(values[mine & now], lang=lang),
            "other": blocks(values[mine & ~now], lang=lang),
        }
        for form in FORMS
        if (mine := forms == form.code).any()
    ]


def blocks(values: pd.DataFrame, *, lang: str) -> tuple[IndicatorBlock, ...]:
    """Return values with changes as one block per indicator, in their order."""
    records: dict[str, list[dict[Any, Any]]] = {}
    for record in in_order_of_names(values).to_dict("records"):
        records.setdefault(record["indicator"], []).append(record)
    in_blocks = []
    for code, rows in records.items():
        indicator = find_indicator(code)
        in_blocks.append(
            IndicatorBlock(
                label=name_of("indicator", code, lang=lang),
                formula=formula_words(indicator, lang=lang) if indicator else "",
                rows=tuple(row_of(record, lang=lang) for record in rows),
            )
        )
    return tuple(in_blocks)


def row_of(record: dict[Any, Any], *, lang: str) -> FigureRow:
    """Return one value, with its change, in words."""
    unit = record["unit"]
    own = Window.of(record["period"], record["basis"])
    start, end = record["window_start"], record["window_end"]
    stated = "" if pd.isna(start) or pd.isna(end) else str(Window(start, end))
    group = name_of("group", record["group"], indicator=record["indicator"], lang=lang)
    return FigureRow(
        group=group,
        period=label_period(record["period"], record["basis"], lang),
        window=stated if stated != str(own) else "",
        value=_value(record, lang=lang),
        status=record["status"],
        interval=interval_words(record, lang=lang),
        parts=parts_words(record, lang=lang),
        previous=""
        if pd.isna(record["previous"])
        else figure_words(record["previous"], unit, lang=lang),
        change=change_words(record, lang=lang),
        limits=limits_words(record, lang=lang),
        comparison_note=_why_no_change(record),
        note=record["note"],
        mark=mark_of(record),
        trace=trace_record(record, lang=lang),
    )


def _value(record: dict[Any, Any], *, lang: str) -> str:
    """Return a value in words; one that is left out has reported nothing less."""
    if record.get("suppressed"):
        return text("word", "left_out", lang=lang)
    return value_words(record, lang=lang)


def mark_of(record: Mapping[Any, Any]) -> str:
    """Return "†" for a figure that cannot be, does not balance, or that prose alone states.

    Examples
    --------
    >>> broken = {"status": "reported", "note": "Đất đai: số liệu không khớp: 'Tổng số' = 'Mới'"}
    >>> mark_of(broken), mark_of(broken | {"note": ""}), mark_of({"status": "implausible"})
    ('†', '', '†')
    """
    if record["status"] == "implausible":
        return MARK
    return MARK if any(words in record["note"] for words in _doubts()) else ""


@cache
def _doubts() -> tuple[str, ...]:
    notes = vocabulary()["measuring"]
    said = [notes[code].in_language(lang) for code in DOUBTED for lang in LANGUAGES]
    return tuple(words.partition("{")[0] for words in said)


def interval_words(record: dict[Any, Any], *, lang: str) -> str:
    """Return the interval of a figure, "" where there is none.

    Examples
    --------
    >>> interval_words({"unit": "percent", "low": 94.04, "high": 100.0}, lang="vi")
    '94–100%'
    >>> interval_words({"unit": "dossiers", "low": 45.8, "high": 77.23}, lang="en")
    '45.8–77.2'
    >>> interval_words({"unit": "percent", "low": 0.04, "high": 99.97}, lang="en")
    '0.04–99.97%'
    """
    if pd.isna(record["low"]):
        return ""
    low, high = (_limit(record[name], lang=lang) for name in ("low", "high"))
    return f"{low}–{high}{'%' if record['unit'] == 'percent' else ''}"


def _limit(limit: float, *, lang: str) -> str:
    """Return a limit with one decimal; with more where it would print a 0 or 100 that it is not."""
    decimals, exact = 1, round(float(limit), 9)
    while exact not in (0, 100) and decimals < 9 and half_up(exact, decimals=decimals) in (0, 100):
        decimals += 1
    return printed(exact, decimals=decimals, lang=lang)


def limits_words(record: dict[Any, Any], *, lang: str) -> str:
    """Return the limits of a change in percentage points, "" where there are none.

    Examples
    --------
    >>> limits_words({"change_low": 0.67, "change_high": 4.19}, lang="vi")
    '+0,7 đến +4,2 điểm %'
    """
    if pd.isna(record["change_low"]):
        return ""
    low, high = (_limit(record[name], lang=lang) for name in ("change_low", "change_high"))
    low, high = (one if one[0] == "−" or one == "0" else f"+{one}" for one in (low, high))
    return text("word", "limits", lang=lang).format(low=low, high=high)


def _why_no_change(record: dict[Any, Any]) -> str:
    # 0 after 0 is "no change"; that it has no percentage is not worth a line.
    nothing = not pd.isna(record["change"]) and record["change"] == record["previous"] == 0
    note = "" if pd.isna(record["comparison_note"]) else str(record["comparison_note"])
    # That counts and stocks have no limits is said once, below the table's heading.
    return "" if nothing or (not pd.isna(record["change"]) and note in _no_limits()) else note


@cache
def _no_limits() -> frozenset[str]:
    notes = vocabulary()["comparison"]
    kinds = [notes[code] for code in ("limits_stock", "limits_ratio")]
    return frozenset(label.in_language(lang) for label in kinds for lang in LANGUAGES)


def formula_words(indicator: Indicator, *, lang: str) -> str:
    """Return a formula with the words of its form's columns, "" for a column as it stands.

    Examples
    --------
    >>> formula_words(find_indicator("on_time_rate_settled"), lang="vi")
    'Trả đúng hạn ÷ Hồ sơ đã giải quyết'
    """
    form = find_form(indicator.form)
    names = indicator.columns
    if indicator.formula in names or not set(names) <= set(form.columns):
        return ""
    signs = {"/": "÷", "-": "−"}
    pieces = []
    for token in indicator.formula.split(" "):
        name = token.strip("()")
        if name in names:
            pieces.append(token.replace(name, form.labels[name].in_language(lang)))
        else:
            pieces.append(signs.get(token, token))
    return " ".join(pieces)


# --- main figures -----------


def key_sentences(quarter: Quarter) -> list[dict[str, str]]:
    """Return the main figures of the report's quarter, a sentence each, and the number of findings.

    Each is label, value, parts in brackets, the clause of its change, and where it comes from.
    """
    lang = quarter.lang
    values = with_changes(quarter, "quarter_over_quarter")
    values = values[(values["period"] == quarter.report.period) & (values["group"] == "all")]
    before = in_sentence(label_period(quarter.report.period - 1, lang=lang), lang=lang)
    sentences = []
    for code in KEY_FIGURES:
        for record in values[values["indicator"] == code].to_dict("records"):
            label = name_of("indicator", code, lang=lang)
            if record["basis"] == "year_to_date":
                period = label_period(record["period"], record["basis"], lang)
                label = f"{label}, {in_sentence(period, lang=lang)}"
            sentences.append(
                {
                    "label": label,
                    "value": _value(record, lang=lang) + mark_of(record),
                    "parts": _brackets(record, lang=lang),
                    "change": _change_clause(record, before, lang=lang),
                    "trace": trace_record(record, lang=lang),
                }
            )
    checked = text("sentence", "findings", lang=lang).format(**quarter.counts)
    label, _, words = checked.partition(": ")
    return [*sentences, {"label": label, "value": words, "parts": "", "change": "", "trace": ""}]


def _brackets(record: dict[Any, Any], *, lang: str) -> str:
    """Return "(62/62; 95%: 94–100%)", as much of it as there is.

    Only rates: what a count of events, such as turns of training, might have been answers nothing.
    """
    interval = interval_words(record, lang=lang) if record["unit"] == "percent" else ""
    parts = [parts_words(record, lang=lang), f"{LEVEL}%: {interval}" if interval else ""]
    words = "; ".join(filter(None, parts))
    return f" ({words})" if words else ""


def _change_clause(record: dict[Any, Any], previous: str, *, lang: str) -> str:
    """Return ", up 2 pp from Q2 2020", "" where there is nothing to compare with."""
    change = record["change"]
    if pd.isna(change):
        return ""
    if change == 0:
        return ", " + text("sentence", "same", lang=lang).format(previous=previous)
    by = change_words(record | {"change": abs(change)}, lang=lang).replace("+", "", 1)
    limits = limits_words(record, lang=lang)
    by = f"{by} ({LEVEL}%: {limits})" if limits else by
    way = "up" if change > 0 else "down"
    return ", " + text("sentence", way, lang=lang).format(by=by, previous=previous)


def in_sentence(label: str, *, lang: str) -> str:
    """Return a period's label as it stands within a sentence.

    Examples
    --------
    >>> in_sentence("Quý III/2020", lang="vi"), in_sentence("Q3 2020", lang="en")
    ('quý III/2020', 'Q3 2020')
    """
    return label[0].lower() + label[1:] if lang == "vi" else label


# --- the index --------------


def index_section(scored: Scored, *, lang: str) -> dict[str, Any]:
    """Return what the page says of the index: head, result, fields, leaves, losses, notes."""
    return {
        "head": _head(scored, lang=lang),
        "total": total_sentence(scored, lang=lang),
        "warning": text("word", scored.warning, lang=lang) if scored.warning else "",
        "fields": _fields(scored, lang=lang),
        "leaves": _leaves(scored, lang=lang),
        "lost": _lost(scored, lang=lang),
        "notes": [note.in_language(lang) for note in scored.scheme.notes],
    }


def total_sentence(scored: Scored, *, lang: str) -> str:
    """Return the result in a sentence; of half a score only the points known.

    Examples
    --------
    >>> from cchc_stats.index import load_scheme
    >>> from cchc_stats.publishing.page.quarter import look_at_index
    >>> said = pd.DataFrame({"agency": "Bình Định", "period": "2019Q4", "number": [7, 5],
    ...                      "code": ["F1", "F2"]})
    >>> scheme = load_scheme("par-index-2019-province-self")
    >>> scored = look_at_index(None, scheme, agency="Bình Định", period=pd.Period("2019Q4"),
    ...                        answers=said)
    >>> total_sentence(scored, lang="en")
    '12 points are known; 53 of 65 points are not known yet, so there is no result.'
    """
    result = result_words(scored.root, lang=lang)
    if scored.verdict is None:
        return result
    verdict = text("sentence", "score_class", lang=lang)
    return f"{result} {verdict.format(label=scored.verdict.in_language(lang))}"


def result_words(root: Mapping[Any, Any] | pd.Series, *, lang: str) -> str:
    """Return the sentence of a root's points; of half a score only of the points known."""
    slots = {
        name: _points(root[column], lang=lang)
        for name, column in (
            ("points", "points"),
            ("most", "applicable_max"),
            ("known", "points_known"),
            ("unknown", "unknown_max"),
        )
    }
    percent = format_number(root["percent"], decimals=DECIMALS, unit="percent", lang=lang)
    code = "score" if root["complete"] else "score_open"
    return text("sentence", code, lang=lang).format(percent=percent, **slots)


def _points(number: Any, *, lang: str) -> str:
    return format_number(number, decimals=DECIMALS, lang=lang)


def _head(scored: Scored, *, lang: str) -> list[tuple[str, str]]:
    scheme = scored.scheme
    rows = {
        "scheme": f"{scheme.title.in_language(lang)} ({scheme.name})",
        "scheme_status": text("status", scheme.status, lang=lang),
        "scheme_source": scheme.source,
    }
    return [(text("head", name, lang=lang), words) for name, words in rows.items()]


def _label(row: Any, *, lang: str) -> str:
    label = row["label"] if lang == "vi" else row["label_en"] or row["label"]
    return f"{row['code']} {label}" if row["code"][:1].isdigit() else label


def _signed(row: Any, name: str, *, lang: str) -> str:
    return SIGNS.get(row["kind"], "") + _points(row[name], lang=lang)


def _fields(scored: Scored, *, lang: str) -> list[dict[str, str]]:
    """Return the nodes below the root: points of maximum, and of an open one what is known."""
    scores = scored.scores
    rows = scores[(scores["parent"] == ROOT) & scored.own].to_dict("records")
    return [
        {
            "label": _label(row, lang=lang),
            "points": text("word", "unknown_points", lang=lang).format(
                known=_points(row["points_known"], lang=lang),
                unknown=_points(row["unknown_max"], lang=lang),
            )
            if not row["complete"]
            else _signed(row, "points", lang=lang),
            "most": _signed(row, "applicable_max", lang=lang),
            "percent": format_number(row["percent"], decimals=1, unit="percent", lang=lang),
        }
        for row in rows
    ]


def _leaves(scored: Scored, *, lang: str) -> list[dict[str, Any]]:
    """Return the leaves, each with the sentence that says why it has its points."""
    scores = scored.scores
    inner = scores["code"].isin(scores["parent"])
    return [
        {
            "label": _label(row, lang=lang),
            "state": "value" if row["complete"] else "not_reported",
            "points": _signed(row, "points", lang=lang) if row["complete"] else "–",
            "most": _signed(row, "applicable_max", lang=lang),
            "reason": leaf_reason(leaf, best=best, lang=lang),
            "trace": trace_record(row, lang=lang),
        }
        for row in scores[~inner & scored.own].to_dict("records")
        for leaf, best in [scored.checked.leaf(row)]
    ]


def _lost(scored: Scored, *, lang: str) -> list[dict[str, str]]:
    return [
        {
            "about": row["label"],
            "lost": "" if pd.isna(row["lost"]) else _points(row["lost"], lang=lang),
            "how": row["how"],
        }
        for row in scored.own_lost.to_dict("records")
    ]


# --- what the report says beside its tables --------


def head_rows(quarter: Quarter) -> list[tuple[str, str]]:
    """Return what the head of the page says of the report: names and words."""
    report, lang = quarter.report, quarter.lang
    window = str(report.window)
    if quarter.window_is_decreed:
        window = f"{window} ({text('head', 'decreed', lang=lang)})"
    rows = {
        "agency": report.agency,
        "number": report.number or text("head", "blank", lang=lang),
        "signed_on": report.signed_on.strftime("%d/%m/%Y") if report.signed_on else "",
        "period": label_period(report.period, lang=lang),
        "window": window,
        "source": report.source,
    }
    blank = text("head", "blank", lang=lang)
    return [(text("head", name, lang=lang), words or blank) for name, words in rows.items()]


def finding_groups(findings: pd.DataFrame, *, lang: str) -> list[dict[str, Any]]:
    """Return the findings by severity, the most severe first: its word and the rows as texts."""
    groups = []
    for severity in SEVERITIES:
        rows = findings[findings["severity"] == severity]
        # A note's figure stands in its message; errors and warnings set two figures apart.
        columns = ["message", "where"] if severity == "note" else list(FINDING)
        groups.append(
            {
                "severity": severity,
                "label": word("severity", severity, lang=lang),
                "columns": [(name, name) for name in columns],
                "rows": rows[columns].fillna("").to_dict("records"),
            }
        )
    return groups


def claim_words(claims: pd.DataFrame, *, lang: str) -> list[dict[str, str]]:
    """Return what the prose states as rows of words: quote, figure, what it is about, place."""
    rows = []
    for record in claims.to_dict("records"):
        indicator, group = record["indicator"], record["group"]
        about = [
            name_of("indicator", indicator, lang=lang) if indicator else "",
            "" if group in ("", "all") else _claimed_group(group, indicator, lang=lang),
        ]
        period = ""
        if pd.notna(record["period"]):
            period = label_period(record["period"], record["basis"] or None, lang)
        rows.append(
            {
                "quote": record["quote"],
                "value": _claimed(record, lang=lang),
                "about": ": ".join(part for part in about if part),
                "period": period,
                "place": record["place"],
            }
        )
    return rows


def _claimed_group(group: str, indicator: str, *, lang: str) -> str:
    """Return a group in words, by the first form that has it where no indicator names the form."""
    forms = [form for form in FORMS if group in form.rows] if not indicator else []
    if forms:
        return forms[0].row_label(group, lang=lang)
    return name_of("group", group, indicator=indicator, lang=lang)


def _claimed(record: dict[Any, Any], *, lang: str) -> str:
    if pd.isna(record["value"]):
        return text("word", "no_figure", lang=lang)
    words = format_number(float(record["value"]), lang=lang)
    if pd.notna(record["denominator"]):
        words += "/" + format_number(float(record["denominator"]), lang=lang)
    unit = record["unit"]
    if unit == "percent":
        return f"{words}%"
    return f"{words} {unit_name(unit, lang=lang)}".strip()
