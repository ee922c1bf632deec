"""What a rank owes to one field or criterion: the same ranking without it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cchc_stats.index.scheme import Scheme
from cchc_stats.index.scoring import listed
from cchc_stats.index.uncertainty.boards import competition_ranks, percents
from cchc_stats.index.uncertainty.contest_columns import (
    closing_columns,
    scored_columns,
    whole_numbers,
)
from cchc_stats.index.uncertainty.contests import Contest, entered, together
from cchc_stats.index.uncertainty.draws import kept_without
from cchc_stats.index.uncertainty.variation import LEVELS, level_groups, require_options
from cchc_stats.words import ValuesError, require_language


def leave_one_out(
    values: pd.DataFrame | None,
    scheme: Scheme,
    *,
    answers: pd.DataFrame | None = None,
    of: str = "field",
    incomplete: str = "refuse",
    lang: str = "vi",
) -> pd.DataFrame:
    """Return each agency's rank without each field or criterion in turn: nothing is drawn.

    Parameters
    ----------
    values, scheme, answers, incomplete, lang : as for `sensitivity`.
    of : "field" or "criterion". What is left out counts as not applicable, its bonus and deduction
        with it; leaves that stand above that level are never left out.

    Returns
    -------
    Frame, a row per node left out (in the scheme's order) × agency × period × assessor:
    `left_out, label`, the node; `agency, period, assessor`; `points, percent, rank`, as scored;
    `percent_without, rank_without`; `rank_change`, rank without it less rank, negative where the
    agency stands better without it; `scheme_status, note`. <NA> where an agency is not ranked.

    Raises
    ------
    CchcError, ValuesError
        As `sensitivity` does.

    Examples
    --------
    >>> from cchc_stats.index import load_scheme
    >>> points = {"Bình Định": [7, 5, 13.65, 7.04, 7, 8, 9, 3],
    ...           "Tỉnh B": [6, 5, 12, 7, 8, 8, 8, 5.5]}
    >>> own = pd.DataFrame(
    ...     [(name, "2019Q4", f"F{field}", number) for name, numbers in points.items()
    ...      for field, number in enumerate(numbers, start=1)],
    ...     columns=["agency", "period", "code", "number"])
    >>> scheme = load_scheme("par-index-2019-province-self")
    >>> found = leave_one_out(None, scheme, answers=own)
    >>> found.loc[found["left_out"] == "F3", ["agency", "rank", "rank_without"]].values.tolist()
    [['Bình Định', 1, 2], ['Tỉnh B', 2, 1]]
    """
    require_language(lang)
    require_options([] if of in LEVELS else [f"of={of!r}: one of 'field', 'criterion'"])
    entries = entered(values, together(scheme, ()), answers, incomplete=incomplete)
    for contest in entries.contests:
        require_something_left(contest, of)
    board = entries.contests[0].boards[0]
    kept, codes = kept_without(board, of), level_groups(board, LEVELS[of])[1]
    size = len(entries.cases)
    percent, rank = (np.full((len(codes), size), np.nan) for _ in range(2))
    for contest in entries.contests:
        own, rows = contest.boards[0], contest.rows[contest.ranked]
        without = percents(own, own.maxima[:, None] * kept.T, kept=kept.T)[:, contest.ranked]
        percent[:, rows], rank[:, rows] = without, competition_ranks(without)
    label = dict(zip(scheme.nodes["code"], scheme.nodes["label"], strict=True))
    scored = scored_columns(entries)
    closing = closing_columns(entries, (scheme,), np.zeros(size, dtype=bool), lang=lang)
    tables = []
    for place, code in enumerate(codes):
        table = pd.DataFrame({"left_out": code, "label": label[code]} | scored)
        table["percent_without"] = pd.array(percent[place], dtype="Float64")
        table["rank_without"] = whole_numbers(rank[place])
        table["rank_change"] = table["rank_without"] - table["rank"]
        tables.append(table.assign(**closing))
    whole = pd.concat(tables, ignore_index=True)
    return whole.astype({"left_out": "str", "label": "str"})


def require_something_left(contest: Contest, leave_out: str | None) -> None:
    """Refuse to leave out what is all that applies to an agency, and a level without nodes."""
    if leave_out is None:
        return
    board = contest.boards[0]
    codes = level_groups(board, LEVELS[leave_out])[1]
    if len(codes) < 2:
        raise ValuesError(
            f"the scheme has {len(codes)} nodes of the level {leave_out}: none can be left out",
            where="leave_out=" if codes else f"level {LEVELS[leave_out]}",
            mend="choose the other level, or do not leave out nodes",
        )
    kept = kept_without(board, leave_out)
    told = []
    for one in contest.boards:
        left = (one.applicable * one.maxima) @ kept.T
        for row, node in zip(*np.nonzero((left <= 0) & contest.ranked[:, None]), strict=True):
            told.append(f"{contest.agencies[row]}, {contest.name}: without {codes[node]}")
    if told:
        raise ValuesError(
            "an agency has nothing applicable left when a node is left out",
            where=listed(told),
            mend="rank those agencies apart, or do not leave out nodes of that level",
        )
