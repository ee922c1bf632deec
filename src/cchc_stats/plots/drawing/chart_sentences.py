"""What a control chart and a funnel show, in a sentence or a few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cchc_stats.plots.drawing.words import name_of, number_text, parts_words
from cchc_stats.words import label_period, word

MOST = 4  # of quarters or agencies told by name
NOISE = 1e-6

Row = dict[Any, Any]


def chart_sentence(table: pd.DataFrame, *, lang: str) -> str:
    """Return what one control chart shows: quarters, limits, signals, target.

    Parameters
    ----------
    table : rows of `control_chart` of one series, in the order of their quarters.
    """

    def text(code: str, **cells: object) -> str:
        return word("chart_plot", code, lang=lang).format(**cells)

    known = table[table["value"].notna()]
    last = table.iloc[-1]
    limited = known[known["low"].notna()]
    parts = [
        text(
            "shown" if len(known) > 1 else "shown_one",
            what=_subject(last, lang=lang),
            n=len(known),
            first=label_period(known["period"].iloc[0], lang=lang),
            last=label_period(known["period"].iloc[-1], lang=lang),
        )
    ]
    if limited.empty:
        parts.append(text("no_limits", why=_reason(known)))
    else:
        row = limited.iloc[-1]
        cells = {
            name: figure(row[name], row["unit"], lang=lang) for name in ("centre", "low", "high")
        }
        code = "trial_limits" if row["limits"] == "trial" else "limits"
        parts.append(text(code, kind=text(f"kind_{row['kind']}"), **cells))
    parts += [
        text(
            "anew", quarter=label_period(row["baseline"], lang=lang), reason=row["baseline_reason"]
        )
        for row in table.drop_duplicates("baseline").to_dict("records")
        if row["baseline_reason"]
    ]
    flagged = known[known["signal"].fillna(False).astype(bool)].to_dict("records")
    if flagged:
        # The latest are told: it is they that somebody has to look into.
        which = "; ".join(_signal(row, lang=lang) for row in flagged[-MOST:])
        if len(flagged) > MOST:
            which = text("earlier", n=len(flagged) - MOST, which=which)
        parts.append(text("signals" if len(flagged) > 1 else "signal", n=len(flagged), which=which))
    else:
        parts.append(text("no_signal"))
    if "beyond_limits" in table:
        # With room for a float's last digits.
        far = (limited["value"] < limited["low"] - NOISE) | (
            limited["value"] > limited["high"] + NOISE
        )
        likely = limited[far & ~limited["beyond_limits"].fillna(True).astype(bool)]
        if len(likely):
            quarters = [_signal(row, lang=lang) for row in likely.tail(MOST).to_dict("records")]
            parts.append(text("likely", which="; ".join(quarters)))
    if pd.notna(last["target"]):
        told = limited["assurance"].iloc[-1] if len(limited) else ""
        level = figure(last["target"], last["unit"], lang=lang)
        parts.append(text(f"assurance_{told or 'unknown'}", target=level))
    return " ".join(parts)


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
    centre = text("target" if row["centre_kind"] == "target" else "pooled").lower()
    parts = [
        text(
            "agencies",
            what=", ".join(names),
            period=label_period(row["period"], row["basis"], lang=lang),
            n=len(counted),
            centre=f"{centre} {figure(row['centre'], 'percent', lang=lang)}",
        )
    ]
    beyond = counted[counted["side"] != ""].sort_values(
        "denominator", ascending=False, kind="stable"
    )
    for status, at in (("alarm", levels[-1]), ("warning", levels[0])):
        mine = beyond[beyond["funnel_status"] == status].to_dict("records")
        if mine:
            level = number_text(float(at.replace("_", ".")), unit="percent", lang=lang)
            told = [_agency(each, lang=lang) for each in mine]
            parts.append(text("beyond", level=level, which=listed(told, lang=lang)))
    flat = row[f"low_{levels[0]}"] == row[f"high_{levels[0]}"]
    if beyond.empty and not flat and row["funnel_status"] != "not_judged":
        parts.append(text("none_beyond"))
    if row["funnel_note"]:
        parts.append(text("note", note=row["funnel_note"]))
    left_out = table.loc[table["funnel_status"] == "not_counted", "agency"].tolist()
    if left_out:
        parts.append(text("not_counted", which=listed(left_out, lang=lang)))
    return " ".join(parts)


def figure(x: Any, unit: str, *, lang: str) -> str:
    """Return a figure as the sentences print it."""
    return number_text(x, unit="percent" if unit == "percent" else "", lang=lang)


def listed(names: Sequence[str], *, lang: str) -> str:
    """Return names one after another, the first four and how many more there are."""
    shown = "; ".join(names[:MOST])
    if len(names) <= MOST:
        return shown
    more = word("chart_plot", "more", lang=lang).format(n=len(names) - MOST)
    return f"{shown} {more}"


def _subject(row: pd.Series, *, lang: str) -> str:
    """Return indicator, agency and group in words."""
    names = [name_of("indicator", row["indicator"], lang=lang), row["agency"]]
    if row["group"] != "all":
        names.append(name_of("group", row["group"], indicator=row["indicator"], lang=lang))
    return ", ".join(names)


def _signal(row: Row, *, lang: str) -> str:
    """Return "Quý IV/2020: 66,7% (40/60), xấu đi"."""
    quarter = label_period(row["period"], lang=lang)
    told = f"{quarter}: {figure(row['value'], row['unit'], lang=lang)}"
    if parts := parts_words(row, lang=lang):
        told = f"{told} ({parts})"
    if row["verdict"] in ("", "neutral"):
        return told
    return f"{told}, {word('plot', row['verdict'], lang=lang)}"


def _agency(row: Row, *, lang: str) -> str:
    """Return "Sở A: 90% (450/500), thấp hơn"."""
    told = f"{row['agency']}: {figure(row['value'], row['unit'], lang=lang)}"
    if parts := parts_words(row, lang=lang):
        told = f"{told} ({parts})"
    return f"{told}, {word('chart_plot', row['side'], lang=lang)}"


def _reason(known: pd.DataFrame) -> str:
    """Return why there are no limits, as the chart notes it beside its last figure."""
    notes = [note for note in known["chart_note"].fillna("") if note]
    return notes[-1] if notes else "–"
