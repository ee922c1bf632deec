"""Funnels drawn: agencies by their denominator, and who is beyond what in a sentence or a few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.plots.axes import (
    GAP,
    GREY,
    MOST_LINES,
    SIDE,
    SMALL,
    TEXT,
    EndName,
    is_synthetic,
    keep_caption,
    literal,
    mark_synthetic,
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
from cchc_stats.plots.control_chart import LOOKS
from cchc_stats.plots.series import (
    drawable,
    numbers,
    require_centre,
    require_columns,
    require_one,
    title_of,
)
from cchc_stats.plots.words import (
    figure_text,
    first_names,
    name_of,
    number_text,
    unit_words,
    with_counts,
)
from cchc_stats.statistics import funnel_curves
from cchc_stats.words import PlotError, dictionary_order, label_period, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def funnel_sentence(table: pd.DataFrame, levels: Sequence[str], *, lang: str) -> str:
    """Return what one funnel shows: how many agencies, around which rate, who is beyond what.

    Parameters
    ----------
    table : rows of `funnel` of one indicator, group and basis.
    levels : as they stand in the names of columns, the narrowest first.
    """

    def text(code: str, **cells: object) -> str:
        return word("chart_plot", code, lang=lang).format(**cells)

    counted = table[table["funnel_status"] != "not_counted"]
    row = counted.iloc[0]
    names = [name_of("indicator", row["indicator"], lang=lang)]
    if row["group"] != "all":
        names.append(name_of("group", row["group"], indicator=row["indicator"], lang=lang))
    parts = [
        text(
            "agencies",
            what=", ".join(names),
            period=label_period(row["period"], row["basis"], lang=lang),
            n=len(counted),
            centre=_centre_words(row, lang=lang),
        )
    ]
    beyond = _largest_first(counted[counted["side"] != ""])
    for status, at in (("alarm", levels[-1]), ("warning", levels[0])):
        mine = beyond[beyond["funnel_status"] == status].to_dict("records")
        if mine:
            level = number_text(float(at.replace("_", ".")), unit="percent", lang=lang)
            agencies = [_agency(each, lang=lang) for each in mine]
            parts.append(text("beyond", level=level, which=first_names(agencies, lang=lang)))
    parts += [_by_chance(len(counted), levels[0], lang=lang)][: len(beyond)]
    flat = row[f"low_{levels[0]}"] == row[f"high_{levels[0]}"]
    if beyond.empty and not flat and row["funnel_status"] != "not_judged":
        parts.append(text("none_beyond"))
    if row["funnel_note"]:
        parts.append(text("note", note=row["funnel_note"]))
    left_out = table.loc[table["funnel_status"] == "not_counted", "agency"].tolist()
    if left_out:
        parts.append(text("not_counted", which=first_names(left_out, lang=lang)))
    return " ".join(parts)


def _centre_words(row: pd.Series, *, lang: str) -> str:
    """Return what the agencies are held against."""
    if row["centre_kind"] == EXPECTED:
        return word("chart_plot", f"ratio_of_{row['counted']}", lang=lang)
    name = word("chart_plot", row["centre_kind"], lang=lang).lower()
    return f"{name} {figure_text(row['centre'], 'percent', lang=lang)}"


def _largest_first(table: pd.DataFrame) -> pd.DataFrame:
    """Return agencies by the size of their denominators, equal ones by name."""
    named = table.sort_values("agency", kind="stable", key=dictionary_order)
    return named.sort_values("denominator", ascending=False, kind="stable")


def _by_chance(agencies: int, level: str, *, lang: str) -> str:
    """Return how many agencies chance alone puts beyond the narrowest limits."""
    percent = float(level.replace("_", "."))
    expected = number_text(agencies * (100 - percent) / 100, unit="", lang=lang)
    limit = number_text(percent, unit="percent", lang=lang)
    text = word("chart_plot", "by_chance", lang=lang)
    return text.format(n=agencies, level=limit, expected=expected)


def _agency(row: dict[Any, Any], *, lang: str) -> str:
    """Return "Sở A: 90% (450/500), thấp hơn"."""
    side = word("chart_plot", row["side"], lang=lang)
    return f"{row['agency']}: {with_counts(row, lang=lang)}, {side}"


ONE = ("period", "basis", "indicator", "group")
FIGURES = ("centre", "phi", "tau_pp")
EXPECTED = "expected"  # what ratios are held against
RATIOS = ("agency", "period", "basis", "indicator", "origin", "counted", "observed", EXPECTED)
NEEDED = (
    *FIGURES,
    "centre_kind",
    "limits_method",
    "units",
    "funnel_status",
    "side",
    "verdict",
    "funnel_note",
)
MEND = "pass the values of one period through funnel(values) or standardised_ratio(values) first"
MOST_NAMED = 8  # agencies named beside the funnel; the caption tells how many more there are
WIDE = 30.0  # largest denominator over smallest from which the axis is by ratios
STYLES = ("--", ":", "-.")
END = 100.0  # where the largest denominator stands on the x axis


@dataclass(frozen=True)
class Across:
    """Where denominators stand on the x axis: from 0 to `END`, evenly or by their ratios."""

    first: float
    last: float

    @classmethod
    def of(cls, denominators: np.ndarray) -> Across:
        """Return the axis of these denominators, at least two of them."""
        return cls(float(denominators.min()), float(denominators.max()))

    @property
    def by_ratios(self) -> bool:
        """Whether small denominators would lie on one another on an even axis."""
        return self.last > WIDE * self.first

    def places(self, denominators: np.ndarray) -> np.ndarray:
        """Return where denominators stand."""
        given, ends = denominators.astype(float), np.array([self.first, self.last])
        if self.by_ratios:
            given, ends = np.log(given), np.log(ends)
        placed: np.ndarray = END * (given - ends[0]) / (ends[1] - ends[0])
        return placed

    def write_ticks(self, ax: Axes, *, lang: str) -> None:
        """Write round denominators below the axes, as finely as they have room."""
        left, right = ax.get_xlim()
        per_pixel = (right - left) / ax.get_window_extent().width
        for ticks in self._choices():
            words = tick_words(ticks, lang=lang)
            places = self.places(ticks)
            half = np.array([text_size(ax, word, TEXT)[0] + GAP for word in words]) / 2 * per_pixel
            if (np.diff(places) >= half[1:] + half[:-1]).all():
                break
        ax.set_xticks(places, words, fontsize=TEXT)

    def _choices(self) -> Iterator[np.ndarray]:
        """Yield round denominators, the finest choice first; the last are at most two."""
        from matplotlib.ticker import MaxNLocator

        least = min(0.0, np.floor(np.log10(self.first)))
        powers = 10.0 ** np.arange(least, np.ceil(np.log10(self.last)) + 1)
        if self.by_ratios:
            choices = [np.outer(powers, steps).ravel() for steps in ((1, 2, 5), (1, 3), (1,))]
        else:
            choices = [
                np.asarray(MaxNLocator(bins, steps=[1, 2, 5, 10], integer=True).tick_values(
                    self.first, self.last
                ))
                for bins in (6, 4, 3)
            ]  # fmt: skip
        for ticks in choices:
            yield ticks[(ticks >= self.first) & (ticks <= self.last)]
        yield np.array([self.first, self.last])


def plot_funnel(
    units: pd.DataFrame, *, ax: Axes | None = None, caption: bool = True, lang: str = "vi"
) -> Axes:
    """Draw a funnel: agencies by their denominators, those beyond the limits filled and named.

    Parameters
    ----------
    units : what `funnel` returns, the rows of one indicator, group and basis; or what
        `standardised_ratio` returns, of one indicator, basis and origin.
    ax : where to draw; a new figure's axes if None.
    caption : whether the sentence of `plot_caption` stands below the axes as well.
    lang : "vi" or "en".

    Returns
    -------
    `ax`, or the new axes: the denominator along x, of `standardised_ratio` the events expected and
    their ratio along y, by ratios where the largest is more than 30
    times the smallest; a line for the rate of all or the target, and for each level its limits.
    Agencies beyond them are filled, colour and shape tell whether for the better, and named, as
    many as there is room for up to eight, those beyond the widest first, then the largest. The
    sentence below names who is not counted; it is the alt text (`plot_caption`).

    Raises
    ------
    PlotError
        No rows, a missing or doubled column, no agency that counts, several funnels.

    Examples
    --------
    >>> from cchc_stats.statistics import funnel
    >>> own = pd.DataFrame({"agency": ["Sở A", "Sở B", "Sở C"], "period": "2020Q3",
    ...                     "indicator": "on_time_rate_settled",
    ...                     "numerator": [60, 980, 450], "denominator": [60, 1000, 500]})
    >>> from matplotlib.figure import Figure
    >>> ax = plot_funnel(funnel(own), ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts if text.get_text().startswith("Sở")]
    ['Sở B 98%', 'Sở C 90%']
    """
    require_language(lang)
    table = _table_of(units)
    limits = [name for name in table.columns if str(name).startswith(("low_", "high_"))]
    shown = table[table["funnel_status"] != "not_counted"]
    curves = funnel_curves(table)
    ax = take_axes(ax, width=9.0, height=5.2)
    period = label_period(table["period"].iloc[0], table["basis"].iloc[0], lang=lang)
    write_title(ax, "\n".join(part for part in (title_of(table, lang=lang), period) if part))
    ratio, expected = (word("chart_plot", name, lang=lang) for name in ("ratio", "expected_of"))
    if unit := _unit(table):
        ratio = unit_words(unit, lang=lang)
        expected = word("chart_plot", "denominator", lang=lang)
    ax.set_ylabel(literal(ratio), fontsize=TEXT)
    ax.set_xlabel(expected, fontsize=TEXT)
    plain_frame(ax, grid="y")
    settle(ax)
    across = Across.of(curves["denominator"].to_numpy())
    _scale(ax, shown, curves, limits, lang=lang)
    levels = [name.removeprefix("low_") for name in limits if name.startswith("low_")]
    _draw_curves(ax, curves, levels, across)
    _draw_units(ax, shown, across)
    names = _names(shown, curves, levels, across, lang=lang)
    widest = 0.3 * ax.get_window_extent().width
    texts = [wrap(ax, name.text, width=widest, size=SMALL, lines=MOST_LINES) for name in names]
    room = max(text_size(ax, text, SMALL)[0] for text in texts) + GAP
    sentence = funnel_sentence(table, levels, lang=lang)
    tell = write_caption if caption else keep_caption
    for _ in range(2):
        # Twice: what stands below the axes changes their size, and so the room for names.
        reserve_columns(ax, 0.0, END, left=SIDE, right=SIDE + room)
        across.write_ticks(ax, lang=lang)
        tell(ax, sentence)
        settle(ax)
    heights = [text_size(ax, text, SMALL)[1] + 3 for text in texts]
    # The lines come first: of agencies only as many are named as there is room for.
    fitting = int((np.cumsum(heights) <= ax.get_window_extent().height).sum())
    write_end_names(ax, names[:fitting], texts[:fitting], heights[:fitting], END)
    if is_synthetic(units):
        mark_synthetic(ax, lang=lang)
    return ax


def _table_of(units: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of one funnel, figures as numbers; refuse others."""
    is_ratio = isinstance(units, pd.DataFrame) and "ratio" in units
    table = _of_ratios(units) if is_ratio else drawable(units, columns=NEEDED, mend=MEND)
    limits = [name for name in table.columns if str(name).startswith(("low_", "high_"))]
    table = table.assign(**{name: numbers(table, name, mend=MEND) for name in (*FIGURES, *limits)})
    require_one(
        table,
        ONE,
        what="{n} funnels cannot share one axes",
        mend="choose the rows of one {one}, and draw a funnel for each",
    )
    if (table["funnel_status"] == "not_counted").all():
        raise PlotError(
            "nothing to show: no agency counts",
            where=f"column {'note' if is_ratio else 'funnel_note'}: {table['funnel_note'].iloc[0]}",
            mend="give agencies with numerators and denominators",
        )
    if not is_ratio:
        require_centre(table[table["funnel_status"] != "not_counted"])
    return table


def _of_ratios(ratios: pd.DataFrame) -> pd.DataFrame:
    """Return what `standardised_ratio` returns as a funnel around 1."""
    require_columns(ratios, (*RATIOS, "funnel_status", "verdict", "note"), mend=MEND)
    require_one(
        ratios,
        ("origin",),
        what="{n} funnels cannot share one axes",
        mend="choose the rows of one {one}, and draw a funnel for each",
    )
    ratio = numbers(ratios, "ratio", mend=MEND).to_numpy("float64", na_value=np.nan)
    beyond, is_counted = ratios["verdict"] != "", ~np.isnan(ratio)
    return ratios.reset_index(drop=True).assign(
        group="all",
        numerator=ratios["observed"].to_numpy(),
        denominator=numbers(ratios, EXPECTED, mend=MEND).to_numpy(),
        value=ratio,
        unit="",
        centre=1.0,
        centre_kind=EXPECTED,
        limits_method="poisson",
        units=int(np.sum(is_counted)),
        phi=np.nan,
        tau_pp=np.nan,
        funnel_status=ratios["funnel_status"].replace("not_judged", "not_counted").to_numpy(),
        side=np.where(beyond, np.where(ratio > 1, "above", "below"), ""),
        # What is said of all rows is said once; of single ones by who is not counted.
        funnel_note=ratios["note"].where(is_counted == is_counted.any(), "").to_numpy(),
    )


def _unit(table: pd.DataFrame) -> str:
    """Return the unit of the figures, "" of ratios."""
    return "" if table["centre_kind"].iloc[0] == EXPECTED else "percent"


def _scale(
    ax: Axes, shown: pd.DataFrame, curves: pd.DataFrame, limits: Sequence[str], *, lang: str
) -> None:
    columns = [shown["value"], curves["centre"], *(curves[name] for name in limits)]
    figures = np.concatenate([column.to_numpy("float64", na_value=np.nan) for column in columns])
    figures = figures[~np.isnan(figures)].round(9)
    bins = int(np.clip(ax.get_window_extent().height / 45, 2, 8))
    bottom, top, ticks = scale_of(figures, unit=_unit(shown), bins=bins)
    ax.set_ylim(bottom, top)
    ax.set_yticks(ticks, tick_words(ticks, lang=lang))


def _draw_curves(ax: Axes, curves: pd.DataFrame, levels: Sequence[str], across: Across) -> None:
    places = across.places(curves["denominator"].to_numpy())
    ax.plot(places, curves["centre"].to_numpy(), color=GREY, linewidth=1.2, zorder=1.5)
    for number, level in enumerate(levels):
        for side in ("low", "high"):
            ax.plot(places, curves[f"{side}_{level}"].to_numpy(), color=GREY, linewidth=1.1,
                    linestyle=STYLES[number % len(STYLES)], zorder=1.5)  # fmt: skip


def _draw_units(ax: Axes, shown: pd.DataFrame, across: Across) -> None:
    places = across.places(shown["denominator"].to_numpy("float64"))
    figures = shown["value"].to_numpy("float64")
    verdicts = shown["verdict"].to_numpy(object)
    inside = verdicts == ""
    ax.plot(places[inside], figures[inside], color="black", marker="o", markersize=5,
            markerfacecolor="white", linestyle="none", zorder=2)  # fmt: skip
    for verdict, (colour, marker, _) in LOOKS.items():
        rows = verdicts == verdict
        if rows.any():
            ax.plot(places[rows], figures[rows], color=colour, marker=marker, markersize=7,
                    linestyle="none", zorder=3)  # fmt: skip


def _names(
    shown: pd.DataFrame, curves: pd.DataFrame, levels: Sequence[str], across: Across, *, lang: str
) -> list[EndName]:
    """Return the names of the lines at the right end of each, and of agencies beyond limits."""
    last, unit = curves.iloc[-1], _unit(shown)
    words = word("chart_plot", shown["centre_kind"].iloc[0], lang=lang)
    centre = figure_text(last["centre"], unit, lang=lang)
    names = [EndName(f"{words} {centre}", (END, float(last["centre"])), GREY)]
    for level in levels:
        percent = number_text(float(level.replace("_", ".")), unit="percent", lang=lang)
        text = word("chart_plot", "limit_of", lang=lang).format(level=percent)
        # A funnel without width has one line, which is named already.
        ends = dict.fromkeys(float(last[f"{side}_{level}"]) for side in ("high", "low"))
        names += [EndName(text, (END, end), GREY) for end in ends if end != last["centre"]]
    beyond = _largest_first(shown[shown["side"] != ""])
    order = (beyond["funnel_status"] != "alarm").argsort(kind="stable")
    for row in beyond.iloc[order].head(MOST_NAMED).to_dict("records"):
        place = float(across.places(np.array([row["denominator"]]))[0])
        text = f"{row['agency']} {figure_text(row['value'], unit, lang=lang)}"
        names.append(EndName(text, (place, float(row["value"])), LOOKS[row["verdict"]][0]))
    return names
