"""`trace`: where a number comes from, in one sentence."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from cchc_stats.forms import LEVELS, find_form
from cchc_stats.index import (
    CheckedScores,
    explain,
    leaf_reason,
    node_name,
    out_of,
    percent,
    scored_leaf,
    sentence,
)
from cchc_stats.indicators import find_indicator
from cchc_stats.plots import name_of
from cchc_stats.reading import Report
from cchc_stats.values import complete_values
from cchc_stats.words import (
    ALL,
    IN_PERIOD,
    UNITS,
    YEAR_TO_DATE,
    ValuesError,
    Window,
    assessor_name,
    exact,
    format_number,
    half_up,
    label_period,
    require_language,
    word,
)

Record = Mapping[Hashable, Any]
_SCORE = ("code", "max_points")  # what only rows of scores have
_DECIMALS, _MOST_DECIMALS = 2, 9
_SAME = Fraction(1, 10**9)


def trace(
    row: pd.Series | pd.DataFrame | Record, *, report: Report | None = None, lang: str = "vi"
) -> str:
    """Return where a number comes from, in one sentence (số này lấy từ đâu).

    Parameters
    ----------
    row : one row of a values frame (`measure`, `quarter_over_quarter`, `year_over_year`) or of
        scores (`score`): a Series, a frame of one row, or a mapping of its columns. Or one row of
        a report's `places` (a cell of a table) or of its `claims`.
    report : the report that a cell or a claim is of, for who sends it and the days it states.
    lang : "vi" or "en"; places are given as the report prints them.

    Returns
    -------
    Of a value: what it is, of whom and when, the figure with numerator and denominator, and its
    `source`; of a comparison also the earlier figure and the change. A value that is not there is
    named by its status: not reported, not applicable, or a denominator of 0. Of a score: the points
    of the maximum, the reason (see `explain`) and the source of its figure; a node above the leaves
    is the sum of what is below it. Figures are rounded half up to two decimals, more where two
    would print a 0 that is none. An empty `source` is said to be empty. Of a cell or a claim: where
    it stands, what it counts, its agency, period, basis, days, level and row, which words of the
    document set each, and whether it is the whole or a part of it.

    Raises
    ------
    ValuesError
        No row, several rows, a row of neither frame, or one without the column `source`; a value
        that `complete_values` refuses.
    CchcError
        A language that there are no labels in.

    Examples
    --------
    >>> trace({"agency": "Sở A", "period": "2020Q3", "indicator": "electronic_documents_share",
    ...        "numerator": 1315, "denominator": 1380, "origin": "computed",
    ...        "source": "bao-cao: Phụ lục 1, mục 5"})
    'Tỷ lệ văn bản điện tử trên tổng số văn bản đi của Sở A, Quý III/2020 (trong kỳ): 95,29 % = \
1.315/1.380, tính từ bao-cao: Phụ lục 1, mục 5'
    """
    require_language(lang)
    record = _record(row)
    if "set_by" in record:
        scoped = _claim_parts if "quote" in record else _cell_parts
        return "; ".join(" ".join(part.split()) for part in scoped(record, report, lang) if part)
    is_score = all(name in record for name in _SCORE)
    if not is_score and "indicator" not in record:
        raise ValuesError(
            "the row is none of values or of scores: it has neither indicator, nor code and "
            "max_points",
            where=f"columns: {', '.join(map(str, record)) or 'none'}",
            mend="give a row of what measure, quarter_over_quarter or score returns",
        )
    if "source" not in record:
        raise ValuesError(
            "the row does not say where its number comes from: column source is missing",
            where="row=",
            mend="give the row as measure or score returns it, with all its columns",
        )
    if is_score:
        CheckedScores.of(pd.DataFrame([record]))
    else:
        record = complete_values(pd.DataFrame([record])).to_dict("records")[0]
    return trace_record(record, lang=lang)


def _cell_parts(cell: Record, report: Report | None, lang: str) -> Iterator[str]:
    """Yield what a cell of a report's tables is, and what set each part of its scope."""
    form = find_form(str(cell["form"]))
    yield word("trace", "cell", lang=lang).format(text=cell["text"], place=cell["place"])
    title = form.title if lang == "vi" else form.title_en
    column = form.labels[str(cell["column"])].in_language(lang)
    yield word("trace", "column", lang=lang).format(form=title, column=column)
    yield from _scope_parts(cell, report, lang)
    level, code = str(cell["level"]), str(cell["code"])
    if level != ALL or "level" in form.key:
        named = LEVELS[level].in_language(lang) if level in LEVELS else level
        yield _said("level", named, cell, report, lang)
    if form.row and code != ALL:
        yield _said("row", form.row_label(code, lang=lang), cell, report, lang)
    is_whole = level == ALL and code in ("", ALL)
    yield word("trace", "whole" if is_whole else "part", lang=lang)


def _claim_parts(claim: Record, report: Report | None, lang: str) -> Iterator[str]:
    """Yield what a figure of prose is, and what set each part of its scope."""
    yield word("trace", "claim", lang=lang).format(text=claim["quote"], place=claim["place"])
    known = find_indicator(str(claim["indicator"] or ""))
    if known:
        label = known.label.in_language(lang)
        yield word("trace", "indicator", lang=lang).format(value=label)
    else:
        yield word("trace", "no_indicator", lang=lang)
    yield from _scope_parts(claim, report, lang)
    part = _set_by(claim).get("part")
    group = str(claim["group"] or "")
    if part or group not in ("", ALL):
        form = find_form(known.form) if known else None
        label = form.row_label(group, lang=lang) if form else group
        yield _said("row", part[1] if part else label, claim, report, lang, key="part")
        yield word("trace", "part", lang=lang)
    elif known:
        yield word("trace", "whole", lang=lang)


def _scope_parts(record: Record, report: Report | None, lang: str) -> Iterator[str]:
    """Yield whose and when a figure of a report is."""
    sender = report.agency if report is not None else word("trace", "sender", lang=lang)
    yield _said("agency", str(record.get("agency") or sender), record, report, lang)
    if record.get("scope"):
        yield word("trace", "no_period", lang=lang).format(value=record["scope"])
        return
    basis = str(record["basis"] or "")
    about = f" ({word('basis', basis, lang=lang)})" if basis else ""
    period = label_period(record["period"], basis or None, lang) + about
    yield _said("period", period, record, report, lang)
    if (window := _days(record, report)) is not None:
        code = "window_decree" if window == _decree(record["period"], basis) else "window_stated"
        days = word("trace", code, lang=lang).format(days=window)
        yield word("trace", "window", lang=lang).format(value=days)


def _days(record: Record, report: Report | None) -> Window | None:
    """Return the days of a figure: those of its row in a form, else of its report or the decree."""
    basis = str(record["basis"] or "")
    if report is None and "form" in record:
        return None  # its row may state others
    table = report.tables.get(str(record.get("form", ""))) if report is not None else None
    if table is not None and "window_start" in table and 0 <= record["row"] < len(table):
        days = [table[name].iloc[int(record["row"])] for name in ("window_start", "window_end")]
        if not pd.isna(days).any():
            return Window(*(day.date() for day in days))
    if report is not None and record["period"] == report.period and basis == IN_PERIOD:
        return report.window
    return _decree(record["period"], basis)


def _decree(period: pd.Period, basis: str) -> Window | None:
    return Window.of(period, basis) if basis in (IN_PERIOD, YEAR_TO_DATE) else None


def _set_by(record: Record) -> dict[str, tuple[str, str]]:
    """Return which piece of the document sets each part of a scope, with its words."""
    lines = [line.split("|", 2) for line in str(record["set_by"] or "").splitlines()]
    return {part: (piece, words) for part, piece, words in lines}


def _said(
    code: str, value: str, record: Record, report: Report | None, lang: str, *, key: str = ""
) -> str:
    """Return a part of a scope with what sets it; the head sets what nothing nearer does."""
    head = ("head", "") if report is not None and code in report.from_head else None
    found = _set_by(record).get(key or code, head)
    by = ""
    if found:
        piece = word("trace_piece", found[0], lang=lang).format(words=found[1])
        by = f" {word('trace', 'by', lang=lang).format(piece=piece)}"
    return word("trace", code, lang=lang).format(value=value, by=by)


def trace_record(record: Record, *, lang: str) -> str:
    """Return the sentence of a record of a complete values frame, or of scores; nothing is checked.

    For a page of some hundred figures, whose frame has been completed before.
    """
    is_score = all(name in record for name in _SCORE)
    parts = _score_parts(record, lang=lang) if is_score else _value_parts(record, lang=lang)
    return "; ".join(" ".join(part.split()) for part in parts if part)


def _record(row: object) -> dict[Hashable, Any]:
    """Return a row as a mapping of its columns."""
    if isinstance(row, pd.DataFrame) and len(row) == 1:
        row = row.iloc[0]
    if isinstance(row, pd.DataFrame):
        raise ValuesError(
            f"one row is traced at a time, not {len(row)}",
            where="row=",
            mend="choose one, such as values.iloc[0]",
        )
    if isinstance(row, pd.Series):
        doubled = row.index[row.index.duplicated()].unique()
        if len(doubled):
            raise ValuesError(
                f"column {', '.join(map(str, doubled))} stands more than once in the row",
                where="row=",
                mend="keep one column of each name",
            )
        row = row.to_dict()
    if not isinstance(row, Mapping):
        raise ValuesError(
            f"a row is a Series, a frame of one row or a mapping, not a {type(row).__name__}",
            where="row=",
            mend="give values.iloc[0]",
        )
    return dict(row)


def _value_parts(value: Record, *, lang: str) -> Iterator[str]:
    """Yield what a value is, where it is from, what it is compared with, and its note."""
    indicator, group = value["indicator"], value["group"]
    what = name_of("indicator", indicator, lang=lang)
    if group != "all":
        what += f" ({name_of('group', group, indicator=indicator, lang=lang)})"
    figure = _figure(value, lang=lang)
    clause = word("trace", "value", lang=lang).format(
        what=what, agency=value["agency"], when=_when(value, lang=lang), figure=figure
    )
    origin = "according" if value["origin"] == "reported" else value["origin"]
    if origin == "computed" and pd.isna(value["value"]):
        origin = "according"
    yield f"{clause}, {_source(value['source'], origin, lang=lang)}"
    if "previous" in value and "change" in value:
        yield _comparison(value, lang=lang)
    if value["note"]:
        yield word("trace", "note", lang=lang).format(note=value["note"])


def _source(source: str, code: str, *, lang: str) -> str:
    if not source:
        return word("trace", "no_source", lang=lang)
    return word("trace", code, lang=lang).format(source=source)


def _when(value: Record, *, lang: str) -> str:
    """Return the period, and in brackets its basis and days."""
    days = [value[name] for name in ("window_start", "window_end") if pd.notna(value[name])]
    printed = list(dict.fromkeys(f"{day:%d/%m/%Y}" for day in days))
    about = [word("basis", value["basis"], lang=lang), "-".join(printed)]
    name = label_period(value["period"], value["basis"], lang)
    return f"{name} ({', '.join(filter(None, about))})"


def _figure(value: Record, *, lang: str) -> str:
    """Return a value with its unit and its counts, or why there is none."""
    top, bottom = (value[name] for name in ("numerator", "denominator"))
    counts = ""
    if pd.notna(top) and pd.notna(bottom):
        counts = "/".join(_number(exact(part), "", lang=lang) for part in (top, bottom))
    if pd.isna(value["value"]):
        status = "not_reported" if value["status"] == "reported" else value["status"]
        figure = word("trace", status, lang=lang)
        return f"{figure} ({counts})" if counts and status == "undefined" else figure
    indicator = find_indicator(value["indicator"])
    unit = value["unit"] or (indicator.unit if indicator else "")
    figure = _number(_exactly(value, unit), unit, lang=lang)
    # A sum of rates over their number tells nobody anything.
    mean = indicator is not None and indicator.kind == "mean"
    return f"{figure} = {counts}" if counts and not mean else figure


def _exactly(value: Record, unit: str) -> Fraction:
    """Return a value as the quotient of its counts where it is that, else as it stands."""
    given = exact(value["value"])
    top, bottom = (value[name] for name in ("numerator", "denominator"))
    if pd.isna(top) or pd.isna(bottom) or bottom == 0:
        return given
    quotient = (100 if unit == "percent" else 1) * exact(top) / exact(bottom)
    return quotient if abs(quotient - given) <= _SAME * max(Fraction(1), abs(given)) else given


def _number(x: Fraction, unit: str, *, lang: str) -> str:
    decimals = _DECIMALS
    while x and decimals < _MOST_DECIMALS and not half_up(x, decimals=decimals):
        decimals += 1
    if unit == "percent":
        return percent(x, lang=lang, decimals=decimals)
    if unit in UNITS:
        return format_number(x, decimals=decimals, unit=unit, lang=lang)
    return f"{format_number(x, decimals=decimals, lang=lang)} {unit}".strip()


def _comparison(value: Record, *, lang: str) -> str:
    """Return what a value was before, and by how much it changed; or why that is left out."""
    note = value.get("comparison_note")
    note = "" if pd.isna(note) else note
    if pd.isna(value["change"]) or pd.isna(value["previous"]):
        return word("trace", "not_compared", lang=lang).format(note=note) if note else ""
    unit = str(value["unit"])
    change = exact(value["change"])
    if not change:
        printed = word("plot", "no_change", lang=lang)
    elif unit == "percent":
        printed = _number(change, "percentage_points", lang=lang)
    else:
        printed = f"{'+' if change > 0 else ''}{_number(change, unit, lang=lang)}"
    clause = word("trace", "compared", lang=lang).format(
        when=label_period(value["previous_period"], value["basis"], lang),
        previous=_number(exact(value["previous"]), unit, lang=lang),
        change=printed,
    )
    return f"{clause} ({note})" if note else clause


def _score_parts(record: Record, *, lang: str) -> Iterator[str]:
    """Yield whose points they are and why, and where the figure behind them is from."""
    # The words for an example scheme come last, not amid the sentence.
    plain = dict(record)
    if "scheme_status" in plain:
        plain["scheme_status"] = ""
    leaf = bool(record["rule"])
    if leaf:
        reason = f"{node_name(plain, lang=lang)}: {leaf_reason(scored_leaf(plain), lang=lang)}"
    else:
        sums = explain(pd.DataFrame([plain]), str(record["code"]), lang=lang)
        reason = f"{sums.rstrip(':')} {word('trace', 'items_below', lang=lang)}"
    yield word("trace", "score", lang=lang).format(
        agency=record["agency"],
        when=label_period(record["period"], lang=lang),
        assessor=assessor_name(str(record["assessor"]), lang=lang),
        told=reason,
    )
    if leaf:
        yield from _leaf_parts(record, reason, lang=lang)
    status = record["scheme_status"]
    if status in ("example", "provisional"):
        yield sentence("scheme", status, lang=lang).strip("()")
    said = [word("scheme_note", one) for one in ("example", "provisional")]
    if (note := record.get("note")) and note not in said:
        yield word("trace", "note", lang=lang).format(note=note)


def _leaf_parts(record: Record, reason: str, *, lang: str) -> Iterator[str]:
    """Yield the points of the maximum where the reason does not say them, and the evidence."""
    if record["kind"] == "score" and pd.notna(record["points"]):
        decimals = None if pd.isna(record.get("rounding", pd.NA)) else int(record["rounding"])
        most = exact(record["max_points"])
        scored = out_of(exact(record["points"]), most, lang=lang, decimals=decimals)
        if scored not in reason and exact(record["applicable_max"]):
            yield word("trace", "of_maximum", lang=lang).format(scored=scored)
    if record["source"] or pd.notna(record["points"]):
        yield _evidence(record, lang=lang)


def _evidence(record: Record, *, lang: str) -> str:
    if record["source"] or pd.notna(record["value"]):
        return _source(record["source"], "according", lang=lang)
    return word("trace", "no_evidence", lang=lang)
