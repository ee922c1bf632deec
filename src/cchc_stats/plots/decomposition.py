"""Decomposed changes drawn: from one rate to the other, and what hides behind the change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from cchc_stats.indicators import find_indicator
from cchc_stats.plots.axes import (
    BLUE,
    GREY,
    TEXT,
    VERMILLION,
    height_for,
    is_synthetic,
    lay_out_rows,
    literal,
    mark_synthetic,
    settle,
    take_axes,
    write_caption,
    write_title,
)
from cchc_stats.plots.series import numbers, require_columns, require_one
from cchc_stats.plots.words import name_of, number_text, printed, unit_words
from cchc_stats.words import (
    IN_PERIOD,
    PlotError,
    dictionary_order,
    label_period,
    require_language,
    word,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D


LEVELS = ("whole_before_pct", "whole_after_pct")
COMPONENTS = ("mix", "rate", "entry", "exit")
NOISE = 5e-10  # percentage points: what floats leave of a 0
PRINTED = 0.05  # percentage points from which an effect prints as more than 0
MOST_NAMED = 3  # groups that the caption names


def level_words(before: float, after: float, *, lang: str) -> list[str]:
    """Return the two rates with as many decimals as it takes to tell them apart."""
    texts = [number_text(level, unit="percent", lang=lang) for level in (before, after)]
    for decimals in (2, 3, 4):
        if texts[0] != texts[1] or abs(after - before) <= NOISE:
            break
        texts = [
            printed(level, decimals=decimals, unit="percent", lang=lang)
            for level in (before, after)
        ]
    return texts


def change_sentence(
    table: pd.DataFrame, indicator: str, agency: str, ends: Sequence[str], *, lang: str
) -> str:
    """Return what the plot shows: the change, its components, and what hides behind it."""

    def say(code: str, **words: str) -> str:
        return word("decomposition_plot", code, lang=lang).format(**words)

    def points(effect: float) -> str:
        return number_text(effect, unit="percentage_points", lang=lang, signed=True)

    first = table.iloc[0]
    before, after = (float(first[name]) for name in LEVELS)
    sums = table.groupby("component")["effect_pp"].sum().astype("float64").to_dict()
    parts = [
        say(f"by_{component}", effect=points(sums[component]))
        for component in COMPONENTS
        if component in sums
    ]
    rates = level_words(before, after, lang=lang)
    caption = say(
        "caption",
        what=", ".join(part for part in (indicator, agency) if part),
        before=ends[0],
        after=ends[1],
        rate_before=rates[0],
        rate_after=rates[1],
        change=points(after - before),
        parts="; ".join(parts),
    )
    hidden = _hidden(table, sums, after - before, lang=lang)
    return f"{caption} {hidden}" if hidden else caption


def _hidden(table: pd.DataFrame, sums: dict[Any, float], total: float, *, lang: str) -> str:
    """Return what the change hides, "" for nothing: of what prints as 0 nothing is said."""
    rate, mix = (sums.get(name, 0.0) for name in ("rate", "mix"))
    code = ""
    if min(abs(rate), abs(total)) >= PRINTED and (rate > 0) != (total > 0):
        ways = _ways(table)
        if len(ways[-1 if rate > 0 else 1]):
            return _mixed(ways, lang=lang)
        by = "mix" if (mix > 0) == (total > 0) and abs(mix) >= PRINTED else "turnover"
        code = f"{by}_hides_{'fall' if rate < 0 else 'rise'}"
    elif min(abs(rate), abs(mix)) >= PRINTED and (rate > 0) != (mix > 0):
        code = "against"
    return word("decomposition_plot", code, lang=lang) if code else ""


def _ways(table: pd.DataFrame) -> dict[int, pd.DataFrame]:
    """Return the groups that are there in both quarters, by the way that their rates went."""
    there = table[table["component"] == "rate"].drop_duplicates("group")
    moved = (there["rate_after_pct"] - there["rate_before_pct"]).to_numpy("float64", na_value=0.0)
    way = np.where(np.abs(moved) > NOISE, np.sign(moved), 0.0)
    return {one: there[way == one] for one in (1, -1, 0)}


def _mixed(ways: dict[int, pd.DataFrame], *, lang: str) -> str:
    """Return how many groups rose, fell and stayed, those of the fewer moves by name."""
    fewer = 1 if len(ways[1]) < len(ways[-1]) else -1
    parts = []
    for way, code in ((1, "rose"), (-1, "fell"), (0, "stayed")):
        rows = ways[way]
        if rows.empty:
            continue
        names = ""
        if (way == fewer or way == 0) and len(rows) <= MOST_NAMED:
            names = f" ({'; '.join(_moved(row, lang=lang) for row in rows.to_dict('records'))})"
        text = word("decomposition_plot", code, lang=lang)
        parts.append(text.format(n=len(rows)) + names)
    return word("decomposition_plot", "groups", lang=lang).format(parts=", ".join(parts))


def _moved(row: dict[Any, Any], *, lang: str) -> str:
    name = name_of("group", row["group"], indicator=row["indicator"], lang=lang)
    ends = float(row["rate_before_pct"]), float(row["rate_after_pct"])
    if abs(ends[1] - ends[0]) <= NOISE:
        return name
    return f"{name}: " + " → ".join(level_words(*ends, lang=lang))


MEND = "decompose_change(values, before, after) gives them"
SERIES = ("agency", "basis", "indicator", "origin", "before", "after")
RATES = ("rate_before_pct", "rate_after_pct")
COLUMNS = (*SERIES, "group", "component", "factor", "effect_pp", *RATES, *LEVELS, "note")
COLOURS = {"better": BLUE, "worse": VERMILLION, "neutral": GREY}


@dataclass(frozen=True)
class _Step:
    """One step: its name, its effect in percentage points and the level that it starts from."""

    name: str
    effect: float
    start: float

    @property
    def marker(self) -> str:
        """Points the way the step goes, so that the sign is read without colour."""
        return ">" if self.effect > NOISE else "<" if self.effect < -NOISE else "|"


def plot_decomposition(
    effects: pd.DataFrame,
    *,
    by: Literal["component", "group"] = "component",
    top: int | None = 10,
    ax: Axes | None = None,
    lang: str = "vi",
) -> Axes:
    """Draw why one rate changed: a waterfall from the rate before to the rate after.

    Parameters
    ----------
    effects : what `decompose_change` returns, of one agency and indicator.
    by : what a step is: "component", the mix (of each factor, where there are several), the rates,
        what came and what went; "group", all that a group did together, the largest on top.
    top : how many groups have a step of their own, the others being added up in one; None for all.
    ax : where to draw; a new figure's axes if None.
    lang : "vi" or "en".

    Returns
    -------
    `ax`, or the new axes, in percent: a row for the rate before, one per step, one for the rate
    after. Arrow, sign and colour say which way a step goes; the colour tells better from worse by
    the indicator's `better`. The caption (see `plot_caption`) tells all components, and says so
    where the mix hides that the rates within groups went the other way; where some rose and some
    fell, how many did.

    Raises
    ------
    PlotError
        No rows; a missing or doubled column; text in a figure; several agencies, indicators or
        pairs of quarters; no effect; another word for `by`, a `top` below 1; more rows than
        the axes have room for.

    Examples
    --------
    >>> from cchc_stats.statistics import decompose_change
    >>> own = pd.DataFrame({"agency": "Sở A", "indicator": "on_time_rate_settled",
    ...                     "period": ["2020Q2", "2020Q2", "2020Q3", "2020Q3"],
    ...                     "group": ["Đất đai", "Hộ tịch", "Đất đai", "Hộ tịch"],
    ...                     "numerator": [40, 20, 18, 80], "denominator": [80, 20, 40, 80]})
    >>> from matplotlib.figure import Figure
    >>> figure = Figure(figsize=(9, 4), layout="constrained")
    >>> effects = decompose_change(own, "2020Q2", "2020Q3")
    >>> ax = plot_decomposition(effects, ax=figure.add_subplot())
    >>> [text.get_text() for text in ax.texts][:4]
    ['60%', '▲ +24,5 điểm %', '▼ −2,8 điểm %', '81,7%']
    """
    require_language(lang)
    _require_steps(by, top)
    table = _one_change(effects)
    first = table.iloc[0]
    before, after = (float(first[name]) for name in LEVELS)
    totals = _by_component(table) if by == "component" else _by_group(table, top)
    steps = _steps(_named(totals, by, first["indicator"], lang), before)
    basis = None if first["basis"] == IN_PERIOD else first["basis"]
    ends = [label_period(first[name], basis or None, lang) for name in ("before", "after")]
    names = [ends[0], *(step.name for step in steps), ends[1]]
    levels = level_words(before, after, lang=lang)
    remarks = [levels[0], *(_remark(step, lang=lang) for step in steps), levels[1]]
    record = find_indicator(first["indicator"])
    verdicts = [_verdict(step.effect, record.better if record else "none") for step in steps]
    colours = ["black", *(COLOURS[verdict] for verdict in verdicts), "black"]
    ax = take_axes(ax, width=9.0, height=height_for(names, remarks) + 0.5)
    agency = "" if first["agency"] == "all" else first["agency"]
    indicator = name_of("indicator", first["indicator"], lang=lang)
    write_title(ax, "\n".join(filter(None, (indicator, agency, " → ".join(ends)))))
    ax.set_xlabel(literal(unit_words("percent", lang=lang)), fontsize=TEXT)
    ax.set_xticks([0], ["0"], fontsize=TEXT)
    settle(ax)
    lay_out_rows(
        ax,
        names,
        remarks,
        np.array([before, after, *(step.start + step.effect for step in steps)]),
        unit="percent",
        lang=lang,
        colours=colours,
        handles=_handles(steps, verdicts, lang=lang),
    )
    _draw(ax, steps, before, after, colours)
    if is_synthetic(effects):
        mark_synthetic(ax, lang=lang)
    write_caption(ax, change_sentence(table, indicator, agency, ends, lang=lang))
    return ax


def _require_steps(by: str, top: int | None) -> None:
    if by not in ("component", "group"):
        raise PlotError(f"no steps by {by!r}", where="by=", mend="use component or group")
    if top is not None and (isinstance(top, bool) or not isinstance(top, int) or top < 1):
        raise PlotError(f"top={top!r} leaves no step", where="top=", mend="give 1 or more, or None")


def _one_change(effects: pd.DataFrame) -> pd.DataFrame:
    """Return the effects of one change, typed, or refuse what is none or several."""
    if not isinstance(effects, pd.DataFrame) or effects.empty:
        raise PlotError("there are no effects to draw", where="effects", mend=MEND)
    require_columns(effects, COLUMNS, mend=MEND)
    require_one(
        effects,
        SERIES,
        what="{n} changes cannot share a plot",
        mend="choose the rows of one agency, indicator and pair of quarters",
        most=3,
    )
    figures = {name: numbers(effects, name, mend=MEND) for name in ("effect_pp", *LEVELS)}
    table = effects.assign(**figures)
    if table[["effect_pp", *LEVELS]].isna().any(axis=None):
        notes = [note for note in table["note"].dropna().unique() if note]
        raise PlotError(
            "nothing to show: the effects are not known",
            where=notes[0] if notes else "column effect_pp",
            mend="choose an agency and quarters that have all their figures",
        )
    return table


def _by_component(table: pd.DataFrame) -> list[tuple[str, str, float]]:
    """Return component, factor and effect of each step, in the order of the rows."""
    several = len(table.loc[table["component"] == "mix", "factor"].unique()) > 1
    steps = []
    for component in COMPONENTS:
        own = table[table["component"] == component]
        for factor, part in own.groupby("factor", sort=False):
            factors = str(factor) if component == "mix" and several else ""
            steps.append((component, factors, float(part["effect_pp"].sum())))
    return steps


def _by_group(table: pd.DataFrame, top: int | None) -> list[tuple[str, str, float]]:
    """Return the group and its effect, the largest first; what is left over added up."""
    table = table.sort_values("group", kind="stable", key=dictionary_order)
    sums = table.groupby("group", sort=False)["effect_pp"].sum()
    sums = sums.iloc[np.argsort(-sums.abs().to_numpy("float64"), kind="stable")]
    # One group that is left over needs no row for the rest: it takes that row itself.
    shown = len(sums) if top is None or len(sums) <= top + 1 else top
    steps = [(str(group), "", float(effect)) for group, effect in sums.iloc[:shown].items()]
    rest = sums.iloc[shown:]
    if len(rest):
        steps.append(("", str(len(rest)), float(rest.sum())))
    return steps


def _named(
    totals: Sequence[tuple[str, str, float]], by: str, indicator: str, lang: str
) -> list[tuple[str, float]]:
    """Return the steps with their names in words."""
    named = []
    for code, more, effect in totals:
        if by == "component":
            name = word("decomposition_plot", code, lang=lang)
            name = f"{name}: {more}" if more else name
        elif code:
            name = name_of("group", code, indicator=indicator, lang=lang)
        else:
            name = word("decomposition_plot", "rest", lang=lang).format(n=more)
        named.append((name, effect))
    return named


def _steps(named: Sequence[tuple[str, float]], before: float) -> list[_Step]:
    """Return the steps, each from where the one before it ends."""
    starts = before + np.cumsum([0.0, *(effect for _, effect in named)])
    return [
        _Step(name, effect, float(start))
        for (name, effect), start in zip(named, starts, strict=False)
    ]


def _remark(step: _Step, *, lang: str) -> str:
    if step.marker == "|":
        return word("plot", "no_change", lang=lang)
    arrow = "▲ " if step.effect > 0 else "▼ "
    return arrow + number_text(step.effect, unit="percentage_points", lang=lang, signed=True)


def _verdict(effect: float, better: str) -> str:
    if abs(effect) <= NOISE or better not in ("higher", "lower"):
        return "neutral"
    return "better" if (effect > 0) == (better == "higher") else "worse"


def _draw(
    ax: Axes, steps: Sequence[_Step], before: float, after: float, colours: Sequence[str]
) -> None:
    """Draw the two levels, the steps between them, and the thin lines that hand a level on."""
    level = {"marker": "D", "color": "black", "markersize": 7, "linestyle": "none", "zorder": 4}
    ax.plot([before], [0], **level)  # type: ignore[arg-type]
    ax.plot([after], [len(steps) + 1], **level)  # type: ignore[arg-type]
    for place, step in enumerate(steps, start=1):
        end, colour = step.start + step.effect, colours[place]
        ax.barh(
            place, step.effect, left=step.start, height=0.42, color=colour, alpha=0.35, zorder=2
        )
        ax.plot([end], [place], marker=step.marker, color=colour, markersize=8, zorder=3)
        ax.plot([step.start] * 2, [place - 1, place], color=GREY, linewidth=0.8, zorder=1)
    last = steps[-1].start + steps[-1].effect if steps else before
    ax.plot([last] * 2, [len(steps), len(steps) + 1], color=GREY, linewidth=0.8, zorder=1)


def _handles(steps: Sequence[_Step], verdicts: Sequence[str], *, lang: str) -> list[Line2D]:
    """Return what the legend explains: which way is better, where there is one."""
    from matplotlib.lines import Line2D

    looks = dict.fromkeys(
        (verdict, step.marker)
        for step, verdict in zip(steps, verdicts, strict=True)
        if verdict != "neutral"
    )
    return [
        Line2D([], [], color=COLOURS[verdict], marker=marker, markersize=7, linestyle="none",
               label=word("plot", verdict, lang=lang))
        for verdict, marker in sorted(looks)
    ]  # fmt: skip
