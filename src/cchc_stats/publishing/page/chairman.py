"""The first sheet of a page: changes beyond chance, what is wrong, who is late, the targets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.indicators import INDICATORS, find_indicator
from cchc_stats.plots import change_words, figure_words, name_of, parts_words, value_words
from cchc_stats.publishing.frames import text
from cchc_stats.publishing.page.quarter import KEY_FIGURES, Quarter, with_changes
from cchc_stats.publishing.page.sections import limits_words
from cchc_stats.statistics import benjamini_hochberg, is_number
from cchc_stats.words import ALL, YEAR_TO_DATE, CchcError, half_up, word

MOST = 8  # lines of each part; the rest stands further down on the page
ALPHA = 0.05
NORMAL_95 = 1.959964  # half the width of a 95 % interval in standard errors
LEVELS = ("provincial", "district", "commune")  # of which sectors are parts as well
LATE = ("dossiers_pending_overdue", "dossiers_settled_late")
BETTER, WORSE, NEUTRAL = "better", "worse", "neutral"


class Told(NamedTuple):
    """A line of the first sheet.

    Attributes
    ----------
    about : who or what it is about.
    words : what is said.
    way : "better", "worse" or "neutral", as its colour; "" for none.
    tag : what the colour says, in a word.
    """

    about: str
    words: str
    way: str = ""
    tag: str = ""


class Part(NamedTuple):
    """One of the four parts of the first sheet: its lines, and what is said instead or below."""

    code: str
    lines: tuple[Told, ...]
    more: str = ""


def first_sheet(
    now: pd.DataFrame,
    findings: pd.DataFrame,
    *,
    late: pd.DataFrame,
    missing: pd.DataFrame | None = None,
    targets: Mapping[str, float] | None = None,
    several: bool,
    lang: str,
) -> list[Part]:
    """Return the parts of the first sheet.

    Parameters
    ----------
    now : values of the quarter, the whole of each agency alone, with their changes.
    findings : what `check` finds.
    late : values of the quarter with what is late, a row for each sector or agency.
    missing : what `missing_reports` returns; None where it was not asked.
    targets : indicator code -> target, in the unit of the indicator.
    several : whether several agencies are told of, each by its name.
    lang : "vi" or "en".
    """
    parts = [
        changed_part(now, several=several, lang=lang),
        wrong_part(findings, several=several, lang=lang),
        late_part(late, missing, several=several, lang=lang),
    ]
    if targets:
        parts.append(targets_part(now, targets, several=several, lang=lang))
    return parts


def quarter_sheet(quarter: Quarter, targets: Mapping[str, float] | None) -> list[Part]:
    """Return the first sheet of one agency's quarter; what is late stands by sector."""
    values = with_changes(quarter, "quarter_over_quarter")
    own = values["agency"] == quarter.report.agency
    now = values[own & (values["period"] == quarter.report.period)]
    now = now[(now["origin"] != "claimed") & (now["basis"] != YEAR_TO_DATE)]
    main = now["indicator"].isin([*KEY_FIGURES, *(targets or {})]) & (now["group"] == ALL)
    late = now[now["indicator"].isin(LATE) & ~now["group"].isin(LEVELS)]
    parts = late[late["group"] != ALL]
    return first_sheet(
        now[main].drop_duplicates("indicator"),
        quarter.findings,
        late=late if parts.empty else parts,
        targets=targets,
        several=False,
        lang=quarter.lang,
    )


# --- what changed ----------


def beyond_chance(changes: pd.DataFrame) -> pd.Series:
    """Return which changes chance does not explain, of all that stand together.

    The p-value of a change follows from its 95 % limits; those are taken together by Benjamini &
    Hochberg, so that of twenty changes told one is chance at most, on average.

    Parameters
    ----------
    changes : columns change, change_low, change_high; a change without limits is never told.

    Source
    ------
    Altman, D. G. & Bland, J. M. (2011), BMJ 343, d2304: a p-value of an interval. Benjamini, Y. &
    Hochberg, Y. (1995), Journal of the Royal Statistical Society B 57, 289-300.

    Examples
    --------
    >>> beyond_chance(pd.DataFrame({"change": [5.0, 5.0], "change_low": [-1.0, 2.0],
    ...                             "change_high": [11.0, 8.0]})).tolist()
    [False, True]
    """
    change, low, high = (
        changes[name].to_numpy("float64", na_value=np.nan)
        for name in ("change", "change_low", "change_high")
    )
    towards_nothing = np.where(change > 0, change - low, high - change)
    told = (np.abs(change) > 0) & (towards_nothing > 0)
    z = NORMAL_95 * np.abs(change[told]) / towards_nothing[told]
    p = np.array([math.erfc(one / math.sqrt(2)) for one in z])
    beyond = np.zeros(len(changes), dtype=bool)
    beyond[told] = benjamini_hochberg(p) <= ALPHA if len(p) else False
    return pd.Series(beyond, index=changes.index)


def way_of(code: str, change: float) -> str:
    """Return whether a change of an indicator is better, worse or neither.

    Examples
    --------
    >>> way_of("on_time_rate_settled", -2.0), way_of("dossiers_settled_late", -2.0)
    ('worse', 'better')
    """
    indicator = find_indicator(code)
    if indicator is None or indicator.better == "none" or not change:
        return NEUTRAL
    return BETTER if (indicator.better == "higher") == (change > 0) else WORSE


def changed_part(now: pd.DataFrame, *, several: bool, lang: str) -> Part:
    """Return the changes from the quarter before that chance does not explain."""
    judged = now[now["change_low"].notna()]
    if judged.empty:
        code = "no_previous" if now["previous"].isna().all() else "no_limits"
        return Part("changed", (), text("chairman", code, lang=lang))
    told = judged[beyond_chance(judged)]
    order = told["change"].abs().argsort(kind="stable")[::-1]
    ways = {WORSE: 0, BETTER: 1, NEUTRAL: 2}
    lines = [
        _changed(row, several=several, lang=lang) for row in told.iloc[order].to_dict("records")
    ]
    lines.sort(key=lambda line: ways[line.way])
    said = text("chairman", "judged", lang=lang).format(count=len(judged), told=len(told))
    return Part("changed", tuple(lines[:MOST]), _and_more(lines, said, lang=lang))


def _changed(row: dict[Any, Any], *, several: bool, lang: str) -> Told:
    label = name_of("indicator", row["indicator"], lang=lang)
    change = float(row["change"])
    figures = (figure_words(row[name], row["unit"], lang=lang) for name in ("previous", "value"))
    words = text("chairman", "up" if change > 0 else "down", lang=lang).format(
        **dict(zip(("previous", "value"), figures, strict=True)),
        change=change_words(row, lang=lang),
        limits=limits_words(row, lang=lang),
    )
    way = way_of(row["indicator"], change)
    tag = "" if way == NEUTRAL else word("plot", way, lang=lang)
    if several:
        return Told(row["agency"], f"{label} {words}", way, tag)
    return Told(label, words, way, tag)


def _and_more(lines: list[Told], said: str, *, lang: str) -> str:
    if len(lines) <= MOST:
        return said
    more = text("chairman", "more", lang=lang).format(count=len(lines) - MOST)
    return f"{more} {said}"


# --- what is wrong ---------


def wrong_part(findings: pd.DataFrame, *, several: bool, lang: str) -> Part:
    """Return the errors and warnings of the checks: of several agencies a line for each."""
    grave = findings[findings["severity"] != "note"]
    counts = findings["severity"].value_counts()
    said = text("chairman", "checked", lang=lang).format(
        **{name: int(counts.get(name, 0)) for name in ("error", "warning", "note")}
    )
    ordered = grave.sort_values("severity", key=lambda cells: cells != "error", kind="stable")
    if several:
        lines = _wrong_agencies(ordered, lang=lang)
    else:
        lines = [
            Told(
                word("severity", row["severity"], lang=lang),
                row["message"],
                _gravity(row["severity"]),
            )
            for row in ordered.drop_duplicates("message").to_dict("records")
        ]
    return Part("wrong", tuple(lines[:MOST]), _and_more(lines, said, lang=lang))


def _gravity(severity: str) -> str:
    return WORSE if severity == "error" else ""


def _wrong_agencies(ordered: pd.DataFrame, *, lang: str) -> list[Told]:
    """Return for each agency its first message, the most severe, and how many more it has."""
    found = []
    for agency, rows in ordered.groupby("agency", sort=False):
        first, more = str(rows["severity"].iloc[0]), len(rows) - 1
        message = _shortened(str(rows["message"].iloc[0]))
        words = f"{word('severity', first, lang=lang)}: {message}"
        if more:
            words += f" ({text('chairman', 'others', lang=lang).format(count=more)})"
        found.append((rows["severity"].eq("error").sum(), len(rows), str(agency), words, first))
    found.sort(key=lambda one: (-one[0], -one[1]))
    return [Told(agency, words, _gravity(first)) for _, _, agency, words, first in found]


SHORTENED = 220  # letters of a message on the first sheet, where each agency has a line


def _shortened(words: str) -> str:
    """Return a text cut between words where it is long."""
    return words if len(words) <= SHORTENED else words[:SHORTENED].rpartition(" ")[0] + " …"


# --- who is late -----------


def late_part(
    late: pd.DataFrame, missing: pd.DataFrame | None, *, several: bool, lang: str
) -> Part:
    """Return who has not sent, then where dossiers are overdue or were settled late."""
    lines = []
    if missing is not None:
        unsent = missing[missing["form"] == ""]
        lines += [Told(row["agency"], row["reason"], WORSE) for row in unsent.to_dict("records")]
    sent = len(lines)
    lines += _late_dossiers(late, several=several, lang=lang)
    said = [] if len(lines) > sent else [text("chairman", "no_late", lang=lang)]
    if missing is not None:
        forms = int((missing["form"] != "").sum())
        all_sent = [] if sent else [text("chairman", "all_sent", lang=lang)]
        incomplete = text("chairman", "forms_missing", lang=lang).format(count=forms)
        said = [*all_sent, *([incomplete] if forms else []), *said]
    # Who has not sent is told in full: a chairman calls each of them.
    shown = max(MOST, sent + MOST // 2)
    more = len(lines) - shown
    if more > 0:
        said.insert(0, text("chairman", "more", lang=lang).format(count=more))
    return Part("late", tuple(lines[:shown]), " ".join(said))


def _late_dossiers(late: pd.DataFrame, *, several: bool, lang: str) -> list[Told]:
    chosen = late[late["indicator"].isin(LATE) & (late["value"] > 0).fillna(False)]
    named = "agency" if several else "group"
    table = chosen.pivot_table(
        index=named, columns="indicator", values="value", aggfunc="first", sort=False
    ).reindex(columns=list(LATE))
    table = table.astype("float64").fillna(0.0).sort_values(list(LATE), ascending=False)
    lines = []
    for name, row in table.iterrows():
        said = [
            text("chairman", code, lang=lang).format(count=figure_words(row[code], "", lang=lang))
            for code in LATE
            if row[code] > 0
        ]
        about = name_of(named, str(name), indicator=LATE[0], lang=lang)
        lines.append(Told(about, "; ".join(said), WORSE))
    return lines


# --- against targets -------


def require_targets(targets: Mapping[str, float] | None, *, place: str = "targets=") -> None:
    """Refuse a target of no indicator, or one that is no number; all of them at once."""
    if targets is None:
        return
    if not isinstance(targets, Mapping):
        raise CchcError(
            f"targets are given by indicator, not as {type(targets).__name__}",
            where="targets=",
            mend='give a dict such as {"on_time_rate_settled": 95}',
        )
    codes = {one.code for one in INDICATORS}
    wrong = [
        f"{code!r}: {target!r}"
        for code, target in targets.items()
        if code not in codes or not (is_number(target) and math.isfinite(target))
    ]
    if wrong:
        raise CchcError(
            f"{len(wrong)} of the targets are no number of a known indicator",
            where=f"{place}: {', '.join(wrong)}",
            mend="name indicators by the codes of METHODS.md, with a number in their unit each",
        )


def target_way(code: str, value: Any, target: float) -> str:
    """Return "better" where a figure reaches its target, "worse" where not, "" for no direction.

    Examples
    --------
    >>> target_way("on_time_rate_settled", 96.0, 95), target_way("late_rate_settled", 3.0, 2)
    ('better', 'worse')
    """
    indicator = find_indicator(code)
    if indicator is None or indicator.better == "none" or pd.isna(value):
        return ""
    # What is printed is compared: 94.9999999 of floats is the 95 it stands for.
    gap = half_up(round(float(value) - float(target), 9), decimals=9)
    reached = gap >= 0 if indicator.better == "higher" else gap <= 0
    return BETTER if reached else WORSE


def target_words(code: str, target: float, *, lang: str) -> str:
    """Return a target with its direction: "≥ 95%"."""
    indicator = find_indicator(code)
    assert indicator is not None  # see `require_targets`
    sign = {"higher": "≥ ", "lower": "≤ ", "none": ""}[indicator.better]
    return sign + figure_words(float(target), indicator.unit, lang=lang)


def targets_part(
    now: pd.DataFrame, targets: Mapping[str, float], *, several: bool, lang: str
) -> Part:
    """Return how the figures stand to their targets: of several agencies how many reach them."""
    lines = []
    for code, target in targets.items():
        rows = now[(now["indicator"] == code) & now["value"].notna()]
        about = f"{name_of('indicator', code, lang=lang)} {target_words(code, target, lang=lang)}"
        if rows.empty:
            lines.append(Told(about, text("chairman", "target_unknown", lang=lang), ""))
        elif several:
            lines.append(_target_of_several(rows, code, target, about, lang=lang))
        else:
            row = rows.iloc[0].to_dict()
            way = target_way(code, row["value"], target)
            parts = parts_words(row, lang=lang)
            figure = value_words(row, lang=lang) + (f" ({parts})" if parts else "")
            lines.append(Told(about, figure, way, reached_word(way, lang=lang)))
    return Part("targets", tuple(lines))


def _target_of_several(
    rows: pd.DataFrame, code: str, target: float, about: str, *, lang: str
) -> Told:
    ways = [target_way(code, value, target) for value in rows["value"]]
    short = rows[[way == WORSE for way in ways]]
    indicator = find_indicator(code)
    rising = indicator is not None and indicator.better == "higher"
    short = short.sort_values("value", ascending=rising, kind="stable")
    words = text("chairman", "reached", lang=lang).format(
        reached=ways.count(BETTER), count=len(rows)
    )
    names = [
        f"{row['agency']} {value_words(row, lang=lang)}"
        for row in short.head(MOST // 2).to_dict("records")
    ]
    if names:
        words += f"; {text('chairman', 'short', lang=lang)}: {', '.join(names)}"
        if len(short) > len(names):
            words += (
                f" {text('chairman', 'others', lang=lang).format(count=len(short) - len(names))}"
            )
    way = WORSE if names else BETTER if any(ways) else ""
    return Told(about, words, way, reached_word(way, lang=lang))


def reached_word(way: str, *, lang: str) -> str:
    """Return in a word whether a target is reached, "" where it has no direction."""
    return text("chairman", f"target_{way}", lang=lang) if way else ""
