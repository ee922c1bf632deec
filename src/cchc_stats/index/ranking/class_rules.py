"""Classes of a scheme: by the percentage of all, and by that of each node of a level."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.index.scheme import ScoreClass
from cchc_stats.index.scoring import DECIMALS, keys_of, listed, points_text


class Share(NamedTuple):
    """A node and what it has in percent of its own applicable maximum, NaN where unknown."""

    name: str
    percent: float


class Verdict(NamedTuple):
    """The class of one agency, "" where it has none, and why it has not a better one."""

    code: str = ""
    label: str = ""
    note: str = ""


# Level -> the nodes of it that apply; a level whose nodes do not apply is there, without nodes.
Levels = Mapping[int, list[Share]]


def levels_of(nodes: pd.DataFrame) -> dict[tuple[str, ...], Levels]:
    """Return by case the shares of its nodes by level; bonuses and deductions are no shares.

    Parameters
    ----------
    nodes : given scores (see `given_scores`) of the levels that are asked for.
    """
    counted = nodes[(nodes["kind"] == "score") & nodes["level"].notna()]
    keys = zip(*keys_of(counted), strict=True)
    names = ["code", "label", "level", "percent", "applicable_max", "complete"]
    rows = counted[names].itertuples(index=False, name=None)
    found: dict[tuple[str, ...], dict[int, list[Share]]] = {}
    for key, (code, label, level, percent, most, complete) in zip(keys, rows, strict=True):
        shares = found.setdefault(key, {}).setdefault(int(level), [])
        if pd.isna(most) or most > 0:
            known = complete and not pd.isna(percent)
            name = f"{code} {label}".strip()
            shares.append(Share(name, float(percent) if known else math.nan))
    return dict(found)


def class_of(percent: float, levels: Levels, classes: Iterable[ScoreClass]) -> Verdict:
    """Return the first class whose conditions hold, best first.

    Parameters
    ----------
    percent : of the own applicable maximum; NaN gives no class.
    levels : the nodes by level, for classes with a second condition.
    classes : the classes of a scheme.

    Returns
    -------
    Verdict. Bounds hold at ten decimals, so 90 % exactly reaches a class from 90 %. Below all
    classes: no class. The note names each better class that a node kept from, and the nodes. A
    second condition that cannot be checked, for want of nodes or figures, leaves no class.

    Examples
    --------
    >>> from cchc_stats.words.labels import Label
    >>> good = ScoreClass("A", Label("Tốt", "Good"), 90, each_at_least=85, each_level=1)
    >>> fair = ScoreClass("B", Label("Khá", "Fair"), 80)
    >>> class_of(92.0, {1: [Share("1 Công khai", 84.5)]}, [good, fair])
    Verdict(code='B', label='Khá', note='không đạt loại Tốt: 1 Công khai 84,5 % < 85 %')
    """
    remarks: list[str] = []
    if math.isnan(percent):
        return Verdict()
    for rule in sorted(classes, key=lambda each: -each.at_least):
        if np.round(percent, DECIMALS) < rule.at_least:
            continue
        if rule.each_at_least is None:
            return Verdict(rule.code, rule.label.vi, "; ".join(remarks))
        if remark := _unchecked(rule, levels):
            return Verdict(note="; ".join([*remarks, remark]))
        least = rule.each_at_least
        shares = levels[rule.each_level or 0]
        low = sorted(
            (share for share in shares if np.round(share.percent, DECIMALS) < least),
            key=lambda share: share.percent,
        )
        if not low:
            return Verdict(rule.code, rule.label.vi, "; ".join(remarks))
        nodes = listed((_below(share, least) for share in low), most=len(low), between=", ")
        remarks.append(f"không đạt loại {rule.label.vi}: {nodes}")
    return Verdict(note="; ".join(remarks))


def _unchecked(rule: ScoreClass, levels: Levels) -> str:
    """Return why the second condition cannot be checked, "" where it can."""
    told = f"chưa xếp loại: loại {rule.label.vi} xét từng mục cấp {rule.each_level}"
    if rule.each_level is None or rule.each_level not in levels:
        return f"{told}, mà bảng điểm không có mục cấp này"
    unknown = [share.name for share in levels[rule.each_level] if math.isnan(share.percent)]
    return f"{told}, mà chưa biết tỷ lệ của {', '.join(unknown)}" if unknown else ""


def _below(share: Share, least: float) -> str:
    # Two decimals, unless they would print what is below the bound as the bound itself.
    short = round(share.percent, 2)
    shown = short if short < least else round(share.percent, DECIMALS)
    return f"{share.name} {points_text(shown)} % < {points_text(least)} %"
