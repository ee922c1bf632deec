"""Small numbers left out before publishing, so that nobody can be recognised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cchc_stats.forms import find_form
from cchc_stats.statistics.suppression.counts import Count
from cchc_stats.statistics.suppression.masking import masked_table, masked_values
from cchc_stats.statistics.suppression.publication import (
    Place,
    Publication,
    counted_columns,
    groups_of,
    line_of,
)
from cchc_stats.values import complete_values
from cchc_stats.words import CchcError, require_language, word

# Beyond these a choice among all counts would take minutes: counts that equations join, and those
# times the small ones among them. Beyond so many small ones a choice among the nearest would.
MOST_COUNTS, MOST_WORK, MOST_SMALL = 6_000, 2_000_000, 6_000
ROUNDS = 8
NEAR_TO = (("agency", "period", "group"), ("agency", "period"), ("agency", "group"), ("agency",))
RANGES = ("agency", "period", "basis", "indicator", "group", "figure", "low", "high")


@dataclass(frozen=True, eq=False)
class Suppressed:
    """What may be published together.

    Attributes
    ----------
    values : with a column `suppressed`; None where none were given.
    tables : the forms, cells left out <NA>.
    cells : how many figures are left out, rows of values and cells of forms.
    note : what is to be said of them, "" where nothing is left out.
    """

    values: pd.DataFrame | None
    tables: Mapping[str, pd.DataFrame]
    cells: int
    note: str


def suppress_small(values: pd.DataFrame, *, below: int = 5, lang: str = "vi") -> pd.DataFrame:
    """Return the values without figures from which a number from 1 to `below` − 1 would follow.

    Parameters
    ----------
    values : values frame (see `complete_values`): all that is published together, with what
        `quarter_over_quarter`, `add_intervals`, `control_chart` and the like have added.
    below : the smallest number that may be published, 2 or more.
    lang : language of the notes, "vi" or "en".

    Returns
    -------
    The values with a column `suppressed`: "suppressed" where a row is left out, "" where it stays.
    Small are the numerator, the denominator, and of counted events what is not in the numerator
    (1 late of 60); of a count the value; and what follows from the figures together: a total less
    its parts, levels `<level>|<row>`, a year to date less its quarters, a province less its units
    (the agency whose figures are the others' sums), columns of one form that balance, under
    whichever indicators, a printed percentage times its denominator, `previous` and `change`.
    A count of the user's own named as a form's column, `dossiers_settled_late`, is that column; of
    others nobody knows what they are parts of: one that would leave a small number of another, 58
    of 60, is left out, and the notes name them.
    Further rows are left out at small loss until each small number may be anything from 0 to
    `below`, and every one that is left out has a range of `below` at least; which of them are small
    is not said. A total that is not among the values is taken to be public elsewhere.

    A row that is left out has numerator, denominator, value and further figures <NA>, status
    `not_reported`, no source, and a note that says why. So have `previous` and `change` of a later
    row, and centre and limits of a chart or funnel with such a row. Of other rows a text that
    quotes a figure that is left out is replaced. 0 stays: it identifies nobody. What is missing
    stays so. Where the values are too many for a choice among all, each small number is protected
    by figures near it (minutes for ten thousand rows); beyond 6,000 small numbers the groups with
    most of them are left out everywhere, and the note says so. The result has been attacked by
    `audit_suppression` and withstood.

    Raises
    ------
    ValuesError
        As `complete_values` does; nested groups that are together more than their level.
    CchcError
        `below` is no whole number of 2 or more; nothing that can be left out would be enough.

    Source
    ------
    Hundepool et al. (2012), Statistical Disclosure Control, ch. 4: thresholds, protection
    intervals, secondary cells by linear programmes.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": "2020Q3", "indicator": "late_rate_settled",
    ...                     "group": ["all", "Đất đai", "Hộ tịch", "Đầu tư"],
    ...                     "numerator": [19, 9, 2, 8], "denominator": [190, 90, 60, 40]})
    >>> published = suppress_small(own)
    >>> published["numerator"].tolist(), (published["suppressed"] != "").tolist()
    ([19.0, 9.0, <NA>, <NA>], [False, False, True, True])
    """
    kept = suppress_together(values, below=below, lang=lang).values
    assert kept is not None
    return kept


def suppress_together(
    values: pd.DataFrame | None,
    tables: Mapping[str, pd.DataFrame] | None = None,
    *,
    below: int = 5,
    lang: str = "vi",
) -> Suppressed:
    """Return values and forms that are published together, without what gives small numbers away.

    Of forms single cells are left out, of values rows: see `suppress_small`.
    """
    require_below(below)
    require_language(lang)
    own = None if values is None else complete_values(values)
    forms = dict(tables or {})
    lines: frozenset[str] = frozenset()
    published = _published(own, forms, lines)
    figures = published.settle(below)
    nearby = _too_large(published, figures, below)
    if nearby and (lines := _lines(published, figures, below)):
        published = _published(own, forms, lines)
        figures = published.settle(below)
    chosen = _chosen(published, figures, below, nearby=nearby)
    hidden = {published.places[at] for at in chosen}
    hidden |= _places_of_lines(own, forms, lines)
    unrelated = published.unrelated()
    for _ in range(ROUNDS):
        result = _masked(own, forms, hidden, unrelated, below=below, lines=lines, lang=lang)
        attacked = _attacked(result.values, result.tables, below=below)
        if attacked.empty:
            return result
        more = _nearest(attacked, own, forms, hidden)
        if not more:
            break
        hidden |= more
    first = attacked.iloc[0]
    raise CchcError(
        f"{len(attacked)} small numbers would still follow from what can be shown",
        where=f"{first['agency']}, {first['period']}, {first['group']}, {first['figure']}",
        mend="publish fewer figures together: leave out a group, an indicator or a basis",
    )


def audit_suppression(published: pd.DataFrame, *, below: int = 5, lang: str = "vi") -> pd.DataFrame:
    """Return what can still be worked out of figures that are not shown, with its range.

    Parameters
    ----------
    published : values frame, all that is published together, such as `suppress_small` returns; a
        figure that is <NA> is not shown. What it adds (`previous`, `change`, `change_pp`,
        `change_pct`) is read as well, but not centres and limits, which are left out.
    below : the smallest number that may be published, 2 or more.
    lang : language of the note, "vi" or "en".

    Returns
    -------
    Frame, a row per number that is not shown, may be smaller than `below` and can be worked out to
    within less than that: agency, period, basis; indicator and group, "" where no row states it;
    figure (value, numerator, denominator, rest, or a column of the form); low and high, the least
    and the most that fit all that is shown (linear programmes). Empty where nothing can.
    `attrs["note"]` names the user's own indicators of which nobody says what they are parts of, ""
    where there are none; that a difference of theirs may be a small number is looked for.

    Raises
    ------
    ValuesError
        As `complete_values` does; nested groups that are together more than their level.
    CchcError
        `below` is no whole number of 2 or more.

    Source
    ------
    Hundepool et al. (2012), Statistical Disclosure Control, ch. 4.

    Examples
    --------
    >>> shown = pd.DataFrame({"agency": "Sở A", "period": "2020Q3", "indicator": "dossiers_settled",
    ...                       "group": ["all", "Đất đai", "Hộ tịch"], "value": [11, 9, None]})
    >>> audit_suppression(shown)[["group", "figure", "low", "high"]].values.tolist()
    [['Hộ tịch', 'value', 2.0, 2.0]]
    """
    require_below(below)
    require_language(lang)
    return _attacked(complete_values(published), {}, below=below, lang=lang)


def require_below(below: object) -> None:
    """Refuse a bound that leaves nothing out, or that is none."""
    whole_number = isinstance(below, int | np.integer) and not isinstance(below, bool)
    if not whole_number or below < 2:  # type: ignore[operator]
        raise CchcError(
            f"below={below!r} leaves nothing out, or is no number",
            where="below=",
            mend="give a whole number of 2 or more; 5 is usual",
        )


def _published(
    values: pd.DataFrame | None, tables: Mapping[str, pd.DataFrame], lines: Collection[str]
) -> Publication:
    """Return the publication of values and forms, without the groups left out everywhere."""
    published = Publication(open_groups=bool(lines))
    if values is not None:
        published.add_values(values, without=lines)
    for code, table in tables.items():
        published.add_table(table, code, without=lines)
    return published


# --- the choice -----------


def _too_large(published: Publication, figures: np.ndarray, below: int) -> bool:
    """Return whether a choice among all would take minutes, by the counts that equations join."""
    relations = published.relations
    small = relations.small(figures, below)
    if len(small) * len(figures) <= MOST_WORK and len(figures) <= MOST_COUNTS:
        return False
    from cchc_stats.statistics.suppression.attack import Attack

    is_small = np.zeros(len(figures), dtype=bool)
    is_small[small] = True
    blocks = Attack(relations, np.full(len(figures), np.nan), []).blocks()
    sizes = [(len(one.numbers), int(is_small[one.numbers].sum())) for one in blocks]
    work = sum(size * number for size, number in sizes)
    return work > MOST_WORK or max((size for size, _ in sizes), default=0) > MOST_COUNTS


def _chosen(published: Publication, figures: np.ndarray, below: int, *, nearby: bool) -> set[int]:
    """Return the places that are left out, chosen among all or, `nearby`, among the nearest."""
    small = published.relations.small(figures, below)
    if not len(small):
        return set()
    from cchc_stats.statistics.suppression.choosing import SecondarySuppression

    relations, weights = published.relations, published.weights
    choice = SecondarySuppression(relations, figures, weights, below, small, nearby)
    choice.protect()
    choice.spare()
    for _ in range(ROUNDS):
        narrow = choice.unsafe()
        hidden = len(choice.hidden)
        choice.widen(narrow)
        if len(choice.hidden) == hidden:
            break
    return choice.hidden_places


# --- whole groups ---------


def _lines(published: Publication, figures: np.ndarray, below: int) -> frozenset[str]:
    """Return the groups to leave out everywhere: those of most small counts, none where few are.

    With two or more left out, only their sum can be worked out, of each agency and period; that is
    a count like others, which the choice among what remains protects.
    """
    lines = [line_of(count.group) for count in published.relations.counts]
    small = Counter(lines[number] for number in published.relations.small(figures, below))
    order = sorted({*lines} - {"all"}, key=lambda line: (-small[line], line))
    # One alone would be the total less the others.
    numbers = (0, *range(2, len(order) + 1))
    left = {number: sum(small[line] for line in order[number:]) for number in numbers}
    enough = next((number for number in numbers if left[number] <= MOST_SMALL), len(order))
    return frozenset(order[:enough])


def _places_of_lines(
    values: pd.DataFrame | None, tables: Mapping[str, pd.DataFrame], lines: Collection[str]
) -> set[Place]:
    if not lines:
        return set()
    places: set[Place] = set()
    if values is not None:
        for at, group in enumerate(values["group"]):
            if line_of(group) in lines:
                places |= {Place("", at), Place("", at, "previous")}
    for code, table in tables.items():
        form = find_form(code)
        groups = groups_of(table, form)
        places |= {
            Place(form.code, at, name)
            for at, group in enumerate(groups)
            if line_of(group) in lines
            for name in counted_columns(table, form)
        }
    return places


# --- the attack -----------


def _attacked(
    values: pd.DataFrame | None,
    tables: Mapping[str, pd.DataFrame],
    *,
    below: int,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return the counts that are not shown and follow too closely."""
    published = _published(values, tables, ())
    if len(published.relations.counts) > MOST_COUNTS:
        lines = _hidden_lines(values, tables)
        if len(lines) > 1:
            published = _published(values, tables, lines)
    figures = published.settle(below)
    from cchc_stats.statistics.suppression.attack import Attack

    relations = published.relations
    shown = {number: figure for number, figure, _ in reversed(relations.printed)}
    stated = {number for number, _, place in relations.printed if place not in published.unshown}
    wanted = np.array(sorted({*range(len(figures))} - stated - relations.quiet), dtype="int64")
    attack = Attack.on(relations, shown, relations.quotients)

    def harmless(low: np.ndarray, high: np.ndarray) -> np.ndarray:
        return np.asarray((high - low >= below) | (low >= below) | (high <= 0))

    low, high = attack.ranges(wanted, harmless, below)
    narrow = np.flatnonzero(~harmless(low, high))
    counts = list(relations.counts)
    rows = [
        _range_row(counts[wanted[at]], published.names.get(int(wanted[at])), low[at], high[at])
        for at in narrow
    ]
    ranges = _range_frame(rows)
    ranges.attrs["note"] = _doubt(published.unrelated(), lang)
    return ranges


def _range_row(
    count: Count, name: tuple[str, str] | None, low: float, high: float
) -> tuple[object, ...]:
    indicator, figure = name or ("", count.column)
    period = pd.Period(ordinal=count.period, freq="Q-DEC") if count.period < 10_000 else pd.NaT
    return (count.agency, period, count.basis, indicator, count.group, figure, low, high)


def _range_frame(rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(RANGES))
    texts = dict.fromkeys(("agency", "basis", "indicator", "group", "figure"), "str")
    types = texts | {"period": "period[Q-DEC]", "low": "float64", "high": "float64"}
    order = ["agency", "period", "basis", "group", "indicator", "figure"]
    return frame.astype(types).sort_values(order, ignore_index=True)


def _hidden_lines(
    values: pd.DataFrame | None, tables: Mapping[str, pd.DataFrame]
) -> frozenset[str]:
    """Return the groups of which nothing is shown."""
    shown: set[str] = set()
    every: set[str] = set()
    if values is not None:
        filled = values[["numerator", "denominator", "value"]].notna().any(axis=1)
        every |= {line_of(group) for group in values["group"]}
        shown |= {line_of(group) for group in values["group"][filled]}
    for code, table in tables.items():
        form = find_form(code)
        groups = pd.Series([line_of(group) for group in groups_of(table, form)], index=table.index)
        every |= {*groups}
        shown |= {*groups[table[counted_columns(table, form)].notna().any(axis=1)]}
    return frozenset(every - shown - {"all"})


def _nearest(
    attacked: pd.DataFrame,
    values: pd.DataFrame | None,
    tables: Mapping[str, pd.DataFrame],
    hidden: Collection[Place],
) -> set[Place]:
    """Return what else to leave out where figures contradict one another, so that none follows.

    All of a number's agency, period and group; where they are left out already, of more and more.
    """
    more: set[Place] = set()
    for row in attacked.to_dict("records"):
        for alike in NEAR_TO:
            places = _places_near(row, values, tables, alike) - {*hidden}
            if places:
                more |= places
                break
    return more


def _places_near(
    row: Mapping[Hashable, object],
    values: pd.DataFrame | None,
    tables: Mapping[str, pd.DataFrame],
    alike: Sequence[str],
) -> set[Place]:
    """Return the places of rows that have some keys of a row."""
    places: set[Place] = set()
    if values is not None:
        same = np.logical_and.reduce([values[name] == row[name] for name in alike])
        places |= {Place("", int(at)) for at in np.flatnonzero(same)}
    for code, table in tables.items():
        form = find_form(code)
        keyed = table.assign(group=groups_of(table, form))
        same = np.logical_and.reduce([keyed[name] == row[name] for name in alike])
        for at in np.flatnonzero(same):
            places |= {
                Place(form.code, int(at), name)
                for name in counted_columns(table, form)
                if not pd.isna(table[name].iloc[at])
            }
    return places


def _masked(
    values: pd.DataFrame | None,
    tables: Mapping[str, pd.DataFrame],
    hidden: Collection[Place],
    unrelated: Sequence[str],
    *,
    below: int,
    lines: Collection[str],
    lang: str,
) -> Suppressed:
    note = ""
    if hidden:
        note = word("suppressing", "lines" if lines else "left_out", lang=lang).format(below=below)
    kept = None
    if values is not None:
        own = {place for place in hidden if not place.table}
        kept = masked_values(values, own, note=note, lang=lang)
    if hidden and unrelated:
        doubt = _doubt(unrelated, lang)
        note = f"{note}; {doubt}"
        kept = None if kept is None else _with_doubt(kept, unrelated, doubt)
    forms = {
        code: masked_table(table, {(p.row, p.column) for p in hidden if p.table == code})
        for code, table in tables.items()
    }
    return Suppressed(kept, forms, len(hidden), note)


def _doubt(unrelated: Sequence[str], lang: str) -> str:
    """Return that nobody says what a user's own indicators are parts of, "" of none."""
    names = ", ".join(unrelated)
    return word("suppressing", "unrelated", lang=lang).format(names=names) if names else ""


def _with_doubt(kept: pd.DataFrame, unrelated: Sequence[str], doubt: str) -> pd.DataFrame:
    """Return the values with a note beside those of the user's own indicators that stay."""
    shown = kept["indicator"].isin(unrelated) & (kept["suppressed"] == "")
    stated = kept["note"].mask(kept["note"] != "", kept["note"] + "; ") + doubt
    return kept.assign(note=kept["note"].mask(shown, stated))
