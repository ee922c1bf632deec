"""Groups of agencies that are ranked apart, as they are given."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from cchc_stats.index.scoring import did_you_mean, listed
from cchc_stats.words import ValuesError

Groups = pd.Series | pd.DataFrame | Mapping[str, str]


def groups_of(agencies: pd.Series, groups: Groups | None) -> list[str]:
    """Return the group of each row."""
    if groups is None:
        return [""] * len(agencies)
    group_of, known, faults = _stated_groups(groups), list(agencies.unique()), []
    without = [agency for agency in known if not group_of.get(agency, "")]
    strange = [agency for agency in group_of if agency not in set(known)]
    if without:
        faults.append(f"no group for {listed(map(repr, without), between=', ')}")
    if strange:
        # One that has no group yet is likelier meant than one that has.
        near = [did_you_mean(agency, without or known) for agency in strange]
        faults.append(f"no agency of the scores is {listed(near, between=', ')}")
    if faults:
        raise ValuesError(
            "each agency needs a group, and each group is of agencies that have scores",
            where="groups=: " + "; ".join(faults),
            mend="name every agency once, spelled as in the scores",
        )
    return [group_of[agency] for agency in agencies]


def _stated_groups(groups: Groups) -> dict[str, str]:
    """Return agency -> group, "" where it is missing, of a mapping, a Series or a frame."""
    pairs: list[tuple[Hashable, Any]]
    if isinstance(groups, pd.DataFrame):
        if missing := [name for name in ("agency", "group") if name not in groups]:
            raise ValuesError(
                f"column {', '.join(missing)} missing",
                where="groups=",
                mend="give a frame with columns agency and group, or a mapping agency -> group",
            )
        pairs = list(zip(groups["agency"], groups["group"], strict=True))
    elif isinstance(groups, pd.Series | Mapping):
        pairs = list(groups.items())
    else:
        raise ValuesError(
            f"groups are a mapping, a Series or a frame, not a {type(groups).__name__}",
            where="groups=",
            mend="give agency -> group",
        )
    stated: dict[str, str] = {}
    twice = []
    for name, cell in pairs:
        agency, group = str(name).strip(), "" if pd.isna(cell) else str(cell).strip()
        if stated.setdefault(agency, group) != group:
            twice.append(agency)
    if twice:
        raise ValuesError(
            f"{len(twice)} {'agencies are' if len(twice) > 1 else 'agency is'} in two groups",
            where=f"groups=: {listed(twice)}",
            mend="name every agency once",
        )
    return stated
