"""A decomposed change in words: its rates, and the sentence that says what hides behind it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cchc_stats.plots.drawing.words import number_text, printed
from cchc_stats.words import word

LEVELS = ("whole_before_pct", "whole_after_pct")
COMPONENTS = ("mix", "rate", "entry", "exit")
NOISE = 5e-10  # percentage points: what floats leave of a 0


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
    told = say(
        "caption",
        what=", ".join(part for part in (indicator, agency) if part),
        before=ends[0],
        after=ends[1],
        rate_before=rates[0],
        rate_after=rates[1],
        change=points(after - before),
        parts="; ".join(parts),
    )
    rate, mix = (sums.get(name, 0.0) for name in ("rate", "mix"))
    whole = after - before
    if min(abs(rate), abs(whole)) > NOISE and (rate > 0) != (whole > 0):
        by = "mix" if (mix > 0) == (whole > 0) and abs(mix) > NOISE else "turnover"
        told += " " + say(f"{by}_hides_{'fall' if rate < 0 else 'rise'}")
    elif min(abs(rate), abs(mix)) > NOISE and (rate > 0) != (mix > 0):
        told += " " + say("against")
    return told
