"""Control charts drawn: limits, signals, stretches and what they say in a sentence or a few."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cchc_stats.plots.axes import (
    BLUE,
    COLOURS,
    GAP,
    GREY,
    MOST_LINES,
    SIDE,
    SMALL,
    TEXT,
    VERMILLION,
    EndName,
    alone_with_layout,
    is_synthetic,
    keep_caption,
    literal,
    mark_synthetic,
    name_quarters,
    plain_frame,
    reserve_columns,
    scale_of,
    settle,
    take_axes,
    text_size,
    tick_words,
    wrap,
    write_caption,
    write_end_names,
    write_title,
)
from cchc_stats.plots.series import (
    LINE,
    Record,
    drawable,
    numbers,
    require_centre,
    sample,
    title_of,
)
from cchc_stats.plots.words import (
    MOST_LISTED,
    figure_text,
    name_of,
    number_text,
    unit_words,
    with_counts,
)
from cchc_stats.words import PlotError, label_period, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes


ROUNDING = 1e-6


def chart_sentence(table: pd.DataFrame, *, lang: str) -> str:
    """Return what one control chart shows: quarters, limits, signals, target.

    Parameters
    ----------
    table : rows of `control_chart` of one series, in the order of their quarters.
    """
    reported = table[table["value"].notna()]
    limited = reported[reported["low"].notna()]
    first, last = (label_period(reported["period"].iloc[at], lang=lang) for at in (0, -1))
    shown = _text(
        "shown" if len(reported) > 1 else "shown_one",
        lang,
        what=_subject(table.iloc[-1], lang=lang),
        n=len(reported),
        first=first,
        last=last,
    )
    rebased = table.drop_duplicates("baseline").to_dict("records")
    parts = [
        shown,
        _limits_words(reported, limited, lang=lang),
        *(
            _text(
                "anew",
                lang,
                quarter=label_period(row["baseline"], lang=lang),
                reason=row["baseline_reason"],
            )
            for row in rebased
            if row["baseline_reason"]
        ),
        *_base_words(table, lang=lang),
        _signal_words(reported, limited, lang=lang),
        _target_words(table.iloc[-1], limited, lang=lang),
    ]
    return " ".join(filter(None, parts))


def _text(code: str, lang: str, **cells: object) -> str:
    return word("chart_plot", code, lang=lang).format(**cells)


def _limits_words(reported: pd.DataFrame, limited: pd.DataFrame, *, lang: str) -> str:
    """Return the limits beside the last figure that has them, or why no figure has any."""
    if limited.empty:
        return _text("no_limits", lang, why=_reason(reported))
    row = limited.iloc[-1]
    cells = {
        name: figure_text(row[name], row["unit"], lang=lang) for name in ("centre", "low", "high")
    }
    code = "trial_limits" if row["limits"] == "trial" else "limits"
    return _text(code, lang, kind=_text(f"kind_{row['kind']}", lang), **cells)


def _signal_words(reported: pd.DataFrame, limited: pd.DataFrame, *, lang: str) -> str:
    """Return the signals, the latest by name, and other points outside: chance explains them."""
    flagged = reported[reported["signal"].fillna(False).astype(bool)]
    sentence = _text("no_signal", lang)
    if len(flagged):
        # The latest are named: it is they that somebody has to look into.
        which = _latest(flagged, lang=lang)
        if len(flagged) > MOST_LISTED:
            which = _text("earlier", lang, n=len(flagged) - MOST_LISTED, which=which)
        code = "signals" if len(flagged) > 1 else "signal"
        sentence = _text(code, lang, n=len(flagged), which=which)
    if "beyond_limits" not in reported:
        return sentence
    # With room for a float's last digits.
    far = (limited["value"] < limited["low"] - ROUNDING) | (
        limited["value"] > limited["high"] + ROUNDING
    )
    signal = limited["beyond_limits"].fillna(True) | limited["signal"].fillna(True)
    likely = limited[far & ~signal.astype(bool)]
    if likely.empty:
        return sentence
    return f"{sentence} {_text('likely', lang, which=_latest(likely, lang=lang))}"


def _base_words(table: pd.DataFrame, *, lang: str) -> list[str]:
    """Return what the limits are computed from, where that is not all quarters."""
    sentences = []
    for _, part in table.groupby("baseline", sort=False):
        row = part.iloc[-1]
        first, last = (label_period(row[name], lang=lang) for name in ("baseline", "baseline_end"))
        if pd.notna(row["shift_at"]):
            quarter = label_period(row["shift_at"], lang=lang)
            sentences.append(_text("shift", lang, quarter=quarter, first=first, last=last))
        elif row["baseline_end"] < part["period"].max() or row["baseline"] > part["period"].min():
            sentences.append(_text("frozen", lang, first=first, last=last))
    left_out = table[table["left_out"].fillna("") != ""].to_dict("records")
    if left_out:
        names = (
            f"{label_period(row['period'], lang=lang)} ({row['left_out']})" for row in left_out
        )
        sentences.append(_text("left_out", lang, which="; ".join(names)))
    return sentences


def _latest(rows: pd.DataFrame, *, lang: str) -> str:
    return "; ".join(_signal(row, lang=lang) for row in rows.tail(MOST_LISTED).to_dict("records"))


def _target_words(last: pd.Series, limited: pd.DataFrame, *, lang: str) -> str:
    """Return whether the process will meet its target, "" without one."""
    if pd.isna(last["target"]):
        return ""
    assurance = limited["assurance"].iloc[-1] if len(limited) else ""
    level = figure_text(last["target"], last["unit"], lang=lang)
    return _text(f"assurance_{assurance or 'unknown'}", lang, target=level)


def _subject(row: pd.Series, *, lang: str) -> str:
    """Return indicator, agency and group in words."""
    names = [name_of("indicator", row["indicator"], lang=lang), row["agency"]]
    if row["group"] != "all":
        names.append(name_of("group", row["group"], indicator=row["indicator"], lang=lang))
    return ", ".join(names)


def _signal(row: Record, *, lang: str) -> str:
    """Return "Quý IV/2020: 66,7% (40/60), xấu đi"."""
    quarter = label_period(row["period"], lang=lang)
    point = f"{quarter}: {with_counts(row, lang=lang)}"
    if row["verdict"] in ("", "neutral"):
        return point
    return f"{point}, {word('plot', row['verdict'], lang=lang)}"


def _reason(reported: pd.DataFrame) -> str:
    """Return why there are no limits, as the chart notes it beside its last figure."""
    notes = [note for note in reported["chart_note"].fillna("") if note]
    return notes[-1] if notes else "–"


FIGURES = ("centre", "low", "high", "target")
BASE = ("baseline", "baseline_end", "baseline_reason", "left_out", "shift_at")
COLUMNS = (*FIGURES, "kind", *BASE, "limits", "signal", "verdict")
NEEDED = (*COLUMNS, "assurance", "chart_note")
MEND = "pass the values through control_chart(values) first"
# Shape and colour say the same, so that neither is needed to read the other.
LOOKS = {
    "better": (BLUE, "o", "●"),
    "worse": (VERMILLION, "s", "■"),
    "neutral": (COLOURS[3], "D", "◆"),
}
REASON_LINES = 6
MOST_FIGURES = 6  # signals that have their figure beside them


def plot_control_chart(
    chart: pd.DataFrame, *, ax: Axes | None = None, caption: bool = True, lang: str = "vi"
) -> Axes:
    """Draw a control chart: figures over quarters between their limits, signals filled.

    Parameters
    ----------
    chart : what `control_chart` returns, the rows of one series.
    ax : where to draw; a new figure's axes if None.
    caption : whether the sentence of `plot_caption` stands below the axes as well.
    lang : "vi" or "en".

    Returns
    -------
    `ax`, or the new axes: hollow points, a line for the centre and dashed ones for the limits
    (dotted where they are a trial), each named at its end with its last figure, and an upright line
    with the reason where limits start anew, or where the level changed. A missing quarter is a
    gap. Signals are filled, their colour and shape tell whether for the better. The sentence below
    says what the chart shows and is its alt text (`plot_caption`). Nothing is computed.

    Raises
    ------
    PlotError
        No rows, a missing or doubled column, text in a figure, no figure at all, or several series.

    Examples
    --------
    >>> from cchc_stats.statistics import control_chart
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2020Q1", "2020Q2", "2020Q3", "2020Q4"],
    ...                     "indicator": "on_time_rate_settled",
    ...                     "numerator": [57, 59, 58, 40], "denominator": [60, 60, 60, 60]})
    >>> from matplotlib.figure import Figure
    >>> from cchc_stats.plots import plot_caption
    >>> ax = plot_control_chart(control_chart(own, kind="p"), ax=Figure().add_subplot())
    >>> print(plot_caption(ax))
    Tỷ lệ trả đúng hạn trên hồ sơ đã giải quyết, Sở A: 4 quý có số liệu, Quý I/2020 đến
    Quý IV/2020. Trung bình 96,7%, giới hạn tạm thời 89,7% đến 100% (biểu đồ p, chưa đủ 12 điểm).
    Từ Quý IV/2020 mức khác với trước: giới hạn tính từ Quý I/2020 đến Quý III/2020.
    Tín hiệu ở một quý: Quý IV/2020: 66,7% (40/60), xấu đi.
    """
    require_language(lang)
    table = drawable(chart, columns=NEEDED, mend=MEND)
    table = table.assign(**{name: numbers(table, name, mend=MEND) for name in FIGURES})
    _require_one_series(table)
    require_centre(table[table["value"].notna() & (table["kind"] != "")])
    table = table.sort_values("period").reset_index(drop=True)
    periods = pd.period_range(table["period"].iloc[0], table["period"].iloc[-1], freq="Q-DEC")
    laid = table.set_index("period").reindex(periods)
    ax = take_axes(ax, width=9.0, height=5.2)
    write_title(ax, title_of(table, lang=lang))
    ax.set_ylabel(literal(unit_words(table["unit"].iloc[0], lang=lang)), fontsize=TEXT)
    plain_frame(ax, grid="y")
    settle(ax)
    _scale(ax, table, lang=lang)
    _draw_limits(ax, laid)
    _draw_points(ax, laid)
    names = _end_names(laid, table, lang=lang)
    end = len(periods) - 0.5
    widest = 0.28 * ax.get_window_extent().width
    texts = [wrap(ax, name.text, width=widest, size=SMALL, lines=MOST_LINES) for name in names]
    room = max(text_size(ax, text, SMALL)[0] for text in texts) + GAP
    reserve_columns(ax, -0.5, end, left=SIDE, right=SIDE + room)
    sentence = chart_sentence(table, lang=lang)
    for _ in range(2):
        # Twice: what stands below the axes changes their size, and so the room for names.
        name_quarters(ax, periods, lean=alone_with_layout(ax), lang=lang)
        if caption:
            write_caption(ax, sentence)
        settle(ax)
    if not caption:
        keep_caption(ax, sentence)
    _write_reasons(ax, table, periods, lang=lang)
    write_end_names(ax, names, texts, [text_size(ax, text, SMALL)[1] + 3 for text in texts], end)
    _write_figures(ax, laid, lang=lang)
    if is_synthetic(chart):
        mark_synthetic(ax, lang=lang)
    return ax


def _require_one_series(table: pd.DataFrame) -> None:
    several = [name for name in LINE if len(table[name].unique()) > 1]
    if several:
        name = several[0]
        raise PlotError(
            f"{len(table[list(LINE)].drop_duplicates())} series cannot share a control chart",
            where=f"column {name}: {sample(table[name])}",
            mend=f"choose the rows of one {name}, and draw a chart for each",
        )


def _scale(ax: Axes, table: pd.DataFrame, *, lang: str) -> None:
    columns = table[["value", "centre", "low", "high", "target"]]
    # Rounded, lest the last digits of floats alike be taken for a range.
    figures = columns.to_numpy("float64", na_value=np.nan).ravel().round(9)
    height = ax.get_window_extent().height
    bottom, top, ticks = scale_of(
        figures[~np.isnan(figures)],
        unit=table["unit"].iloc[0],
        bins=int(np.clip(height / 45, 2, 8)),
    )
    ax.set_ylim(bottom, top)
    ax.set_yticks(ticks, tick_words(ticks, lang=lang))


def _floats(laid: pd.DataFrame, name: str) -> np.ndarray:
    column: np.ndarray = laid[name].to_numpy("float64", na_value=np.nan)
    return column


def _draw_limits(ax: Axes, laid: pd.DataFrame) -> None:
    """Draw centre, limits and target, each a step as wide as its quarter."""
    places = np.arange(len(laid))
    target = _floats(laid, "target")
    stated = np.flatnonzero(~np.isnan(target))
    if len(stated):
        ax.hlines(target[stated[-1]], -0.5, len(laid) - 0.5, colors=COLOURS[2], linestyles="-.",
                  linewidth=1.3, zorder=1.5)  # fmt: skip
    for baseline in laid["baseline"].dropna().unique():
        mine = np.flatnonzero((laid["baseline"] == baseline).fillna(False).to_numpy(dtype=bool))
        first, last = mine[0], mine[-1] + 1
        edges = np.append(places[first:last], last) - 0.5
        trial = (laid["limits"].iloc[mine] == "trial").any()
        for name in ("centre", "low", "high"):
            ax.stairs(
                _floats(laid, name)[first:last],
                edges,
                baseline=None,
                color=GREY,
                linewidth=1.2,
                linestyle="-" if name == "centre" else ":" if trial else "--",
                zorder=1.6,
            )


def _draw_points(ax: Axes, laid: pd.DataFrame) -> None:
    places, figures = np.arange(len(laid)), _floats(laid, "value")
    ax.plot(places, figures, color="black", linewidth=1.0, marker="o", markersize=5,
            markerfacecolor="white", zorder=2)  # fmt: skip
    for verdict, (colour, marker, _) in LOOKS.items():
        rows = np.flatnonzero((laid["verdict"] == verdict).fillna(False).to_numpy(dtype=bool))
        if len(rows):
            ax.plot(rows, figures[rows], color=colour, marker=marker, markersize=7,
                    linestyle="none", zorder=3)  # fmt: skip


def _end_names(laid: pd.DataFrame, table: pd.DataFrame, *, lang: str) -> list[EndName]:
    """Return the names of the lines, with their last figures, and of the signals there are."""
    unit = "percent" if table["unit"].iloc[0] == "percent" else ""
    names = []
    for name, colour in (("high", GREY), ("centre", GREY), ("low", GREY), ("target", COLOURS[2])):
        figures = _floats(laid, name)
        places = np.flatnonzero(~np.isnan(figures))
        if len(places):
            figure = float(figures[places[-1]])
            text = (
                f"{word('chart_plot', name, lang=lang)} {number_text(figure, unit=unit, lang=lang)}"
            )
            names.append(EndName(text, (float(places[-1]) + 0.5, figure), colour))
    for verdict, (colour, _, mark) in LOOKS.items():
        if (table["verdict"] == verdict).any():
            words = word("chart_plot", f"signal_{verdict}", lang=lang)
            names.append(EndName(f"{mark} {words}", None, colour))
    return names


def _write_reasons(ax: Axes, table: pd.DataFrame, periods: pd.PeriodIndex, *, lang: str) -> None:
    """Draw an upright line where limits start anew or the level changed, and write why on top."""
    anew = table[table["baseline_reason"].fillna("") != ""].drop_duplicates("baseline")
    stated = dict(zip(anew["baseline"], anew["baseline_reason"], strict=True))
    lines = {at: _text("shifted", lang) for at in table["shift_at"].dropna().unique()} | stated
    if not lines:
        return
    begins = sorted(lines)
    places = [(at - periods[0]).n - 0.5 for at in begins]
    ends = [*places[1:], len(periods) - 0.5]
    per_pixel = np.diff(ax.get_xlim())[0] / ax.get_window_extent().width
    texts = [
        wrap(ax, lines[at], width=(end - place) / per_pixel - GAP, size=SMALL, lines=REASON_LINES)
        for at, place, end in zip(begins, places, ends, strict=True)
    ]
    bottom, top = ax.get_ylim()
    height = max(text_size(ax, text, SMALL)[1] for text in texts) + 2 * GAP
    box = ax.get_window_extent().height
    ax.set_ylim(bottom, bottom + (top - bottom) * box / max(box - height, 0.3 * box))
    for place, text in zip(places, texts, strict=True):
        ax.axvline(place, color=GREY, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1)
        ax.annotate(text, xy=(place, 1), xycoords=("data", "axes fraction"), xytext=(4, -2),
                    textcoords="offset points", ha="left", va="top", fontsize=SMALL,
                    color=GREY)  # fmt: skip


def _write_figures(ax: Axes, laid: pd.DataFrame, *, lang: str) -> None:
    """Write the figures of signals beside them, on the side away from the centre."""
    from matplotlib.patheffects import withStroke

    rows = np.flatnonzero(laid["signal"].fillna(False).to_numpy(dtype=bool))
    if len(rows) > MOST_FIGURES:
        return
    unit = "percent" if laid["unit"].dropna().iloc[0] == "percent" else ""
    figures, centre = _floats(laid, "value"), _floats(laid, "centre")
    for place in rows:
        above = figures[place] >= centre[place]
        ax.annotate(
            number_text(figures[place], unit=unit, lang=lang),
            xy=(float(place), float(figures[place])),
            xytext=(0, 7 if above else -7),
            textcoords="offset points",
            ha="center",
            va="bottom" if above else "top",
            fontsize=SMALL,
            color=LOOKS[laid["verdict"].iloc[place]][0],
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
        )
