"""When a series of quarters changed: a scan over all places, with the chance of its best one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cchc_stats.statistics.charts.quarterly_series import (
    SERIES,
    QuarterlySeries,
    adjusted,
    directions,
    quarters,
    verdict_of,
)
from cchc_stats.statistics.rates import OWN, divided, of_kinds, one_level, repeated_units
from cchc_stats.words import require_language, word

ROOM = 1e-9  # of a likelihood: what floats add to figures alike
TAILS = 9.0  # standard deviations beyond which chance leaves nothing that a float can hold
DIRECT = 1 << 22  # products up to which sums are folded one by one; beyond, by Fourier's way
FAINT = 2.0  # log likelihood ratio below which no scan comes near a p-value of 0.05
PERMUTED = 9_999  # orders drawn of figures that are no events
SEED = 1950  # of these orders, so that one series always has one p-value
CALLED = 0.01  # chance up to which a shift is called one
FEWEST = 4  # figures: of three, no place is rare enough


@dataclass(frozen=True)
class ChangePoint:
    """Where a series most likely changed.

    Parameters
    ----------
    at : place of the first figure after the change, 0 where there is none to speak of.
    p_value : chance of a change as likely anywhere, NaN where it is not tested.
    left_out : places of single figures that stand apart from all others and are no shift.
    """

    at: int
    p_value: float
    left_out: tuple[int, ...] = ()


def scan_events(
    events: np.ndarray, occasions: np.ndarray, *, bounded: bool, faint: float = FAINT / 4
) -> ChangePoint:
    """Return the likeliest change of a rate, and its exact chance given all events.

    Parameters
    ----------
    events, occasions : in order of time; occasions above 0.
    bounded : events among the occasions (binomial), else per occasion (Poisson).
    faint : log likelihood ratio up to which the p-value is 1 without being counted out.

    Notes
    -----
    Every place is tried; the figure is the largest log likelihood ratio of two rates against one.
    Given all events, those before each place are a chain whose steps are hypergeometric (binomial
    for Poisson events): the chance that it leaves what is less likely is added up step by step. A
    single figure likelier than any shift is left out and the others are scanned again.
    """
    kept = np.arange(len(events))
    left_out: list[int] = []
    change = _scan(events, occasions, bounded=bounded, faint=faint)
    while len(kept) > FEWEST and len(left_out) < len(events) // 6:
        alone = _standing_apart(events[kept], occasions[kept], bounded=bounded)
        if alone is None:
            break
        left_out.append(int(kept[alone]))
        kept = np.delete(kept, alone)
        change = _scan(events[kept], occasions[kept], bounded=bounded, faint=faint)
    at = int(kept[change.at]) if change.at else 0
    return ChangePoint(at, change.p_value, tuple(sorted(left_out)))


def _scan(events: np.ndarray, occasions: np.ndarray, *, bounded: bool, faint: float) -> ChangePoint:
    if len(events) < FEWEST - 1:
        return ChangePoint(0, np.nan)
    if bounded and 2 * events.sum() > occasions.sum():
        events = occasions - events  # the rarer outcome: fewer of them to add up
    total, size = float(events.sum()), float(occasions.sum())
    ratios = _ratios(events.cumsum()[:-1], occasions.cumsum()[:-1], total, size, bounded=bounded)
    at, best = _first_best(ratios), float(ratios.max())
    p = 1.0 if best < faint else _chance(events, occasions, best - ROOM, bounded=bounded)
    return ChangePoint(at + 1, p)


def _first_best(ratios: np.ndarray) -> int:
    """Return the earliest place of those that only the rounding of floats tells apart."""
    return int(np.argmax(ratios >= ratios.max() - ROOM))


def _likelihood(events: np.ndarray, occasions: np.ndarray, *, bounded: bool) -> np.ndarray:
    """Return the log likelihood of events at their own rate, less what no rate changes."""
    from scipy.special import xlogy  # type: ignore[import-untyped]

    likelihood: np.ndarray = xlogy(events, events / occasions)
    return likelihood + xlogy(occasions - events, 1 - events / occasions) if bounded else likelihood


def _ratios(
    events: np.ndarray, occasions: np.ndarray, total: float, size: float, *, bounded: bool
) -> np.ndarray:
    """Return the log likelihood ratios of events against the rest of `total` in `size`."""
    apart = _likelihood(events, occasions, bounded=bounded)
    apart = apart + _likelihood(total - events, size - occasions, bounded=bounded)
    ratios: np.ndarray = apart - _likelihood(np.array(total), np.array(size), bounded=bounded)
    return ratios


def _standing_apart(events: np.ndarray, occasions: np.ndarray, *, bounded: bool) -> int | None:
    """Return the place of the one figure, neither first nor last, that is no part of a shift."""
    total, size = float(events.sum()), float(occasions.sum())
    ratios = _ratios(events.cumsum()[:-1], occasions.cumsum()[:-1], total, size, bounded=bounded)
    single = _ratios(events, occasions, total, size, bounded=bounded)
    at = _first_best(single[1:-1]) + 1
    if single[at] <= ratios.max() + ROOM:
        return None
    tail = tail_at(events, occasions, at, bounded=bounded)
    return at if 2 * tail * len(events) <= CALLED else None


def tail_at(events: np.ndarray, occasions: np.ndarray, at: int, *, bounded: bool) -> float:
    """Return the chance, given all events, of one figure as low or as high, the smaller of both."""
    from scipy.stats import binom, hypergeom  # type: ignore[import-untyped]

    total, size = events.sum(), occasions.sum()
    law = hypergeom(size, total, occasions[at]) if bounded else binom(total, occasions[at] / size)
    return float(min(law.sf(events[at] - 1), law.cdf(events[at])))


def _chance(events: np.ndarray, occasions: np.ndarray, bar: float, *, bounded: bool) -> float:
    """Return the chance, given all events, that some place has a ratio of `bar` or more."""
    total, size = int(events.sum()), float(occasions.sum())
    rate = total / size
    spread = rate * (1 - rate) if bounded else rate

    def likely(occasions: float) -> tuple[int, int]:
        reach = TAILS * np.sqrt(occasions * spread) + TAILS
        most = min(total, int(occasions)) if bounded else total
        return max(0, int(occasions * rate - reach)), min(most, int(occasions * rate + reach) + 1)

    end = _events(size, np.array([total]), rate, bounded=bounded)[0]
    chance, done, steps = 0.0, 0.0, {}
    inside, first = np.ones(1), 0
    for added in occasions[:-1].tolist():
        low, high = likely(added)
        if added not in steps:
            steps[added] = _events(added, np.arange(low, high + 1), rate, bounded=bounded)
        inside = _folded(inside, steps[added])
        first, done = first + low, done + added
        ends = likely(done)
        inside = inside[max(ends[0] - first, 0) : max(ends[1] - first + 1, 0)]
        first = max(first, ends[0])
        # What is left must be there to be drawn.
        fewest = max(0, total - int(size - done)) if bounded else 0
        most = min(total, int(done)) if bounded else total
        cut = slice(max(fewest - first, 0), max(most - first + 1, 0))
        inside, first = inside[cut], first + cut.start
        before = np.arange(first, first + len(inside))
        ratios = _ratios(before, np.full(len(before), done), total, size, bounded=bounded)
        out = ratios >= bar
        if out.any():
            rest = _events(size - done, total - before[out], rate, bounded=bounded)
            chance += float(inside[out] @ rest)
            inside = np.where(out, 0.0, inside)
    return float(min(chance / end, 1.0))


def _events(size: float, among: np.ndarray, rate: float, *, bounded: bool) -> np.ndarray:
    """Return the chance of each number of events, binomial or Poisson."""
    from scipy.special import gammaln, xlog1py, xlogy

    log_chance = xlogy(among, rate) - gammaln(among + 1)
    if bounded:
        log_chance += gammaln(size + 1) - gammaln(size - among + 1) + xlog1py(size - among, -rate)
    else:
        log_chance += xlogy(among, size) - size * rate
    chance: np.ndarray = np.exp(log_chance)
    return chance


def _folded(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    if len(first) * len(second) <= DIRECT:
        return np.convolve(first, second)
    from scipy.signal import fftconvolve  # type: ignore[import-untyped]

    folded: np.ndarray = np.maximum(fftconvolve(first, second), 0.0)
    return folded


def scan_figures(figure: np.ndarray, *, faint: float = 0.0) -> ChangePoint:
    """Return the likeliest change of the mean of figures, and its chance among their orders.

    Parameters
    ----------
    figure : in order of time. Nothing is taken for granted but that, without a shift, any order is
        as good as another: 9,999 are drawn, with a seed of their own.
    faint : distance in standard deviations up to which none is drawn and the p-value is 1.
    """
    size = len(figure)
    if size < FEWEST or np.ptp(figure) <= ROOM * max(1.0, float(np.abs(figure).max())):
        return ChangePoint(0, np.nan if size < FEWEST else 1.0)
    centred = figure - figure.mean()
    places = np.arange(1, size)
    scale = np.sqrt(size / (places * (size - places)))
    seen = np.abs(np.cumsum(centred)[:-1]) * scale
    at = int(np.argmax(seen))
    if seen[at] < faint * figure.std():
        return ChangePoint(at + 1, 1.0)
    orders = np.random.default_rng(SEED).random((PERMUTED, size)).argsort(axis=1)
    drawn = (np.abs(np.cumsum(centred[orders], axis=1)[:, :-1]) * scale).max(axis=1)
    above = int((drawn >= seen[at] * (1 - ROOM)).sum())
    return ChangePoint(at + 1, (above + 1) / (PERMUTED + 1))


def stretches_of(events: np.ndarray, occasions: np.ndarray, *, bounded: bool) -> np.ndarray:
    """Return which stretch each figure is of, where shifts part them: at most one in six figures.

    Each shift is one that chance gives a stretch by itself in 1 of 100 cases at most.
    """
    stretch = np.zeros(len(events), dtype="int64")
    for _ in range(len(events) // 6):
        shifts = []
        for number in range(int(stretch.max()) + 1):
            rows = np.flatnonzero(stretch == number)
            change = _scan(events[rows], occasions[rows], bounded=bounded, faint=FAINT)
            if change.at and change.p_value <= CALLED:
                shifts.append((change.p_value, int(rows[change.at])))
        if not shifts:
            break
        stretch[min(shifts)[1] :] += 1
    return pd.factorize(stretch)[0]


def spread_within(
    events: np.ndarray, occasions: np.ndarray, stretch: np.ndarray, *, bounded: bool
) -> float:
    """Return the chance of rates as far apart as these within their stretches, by chi-squared."""
    from scipy.special import chdtrc

    rate = (np.bincount(stretch, events) / np.bincount(stretch, occasions))[stretch]
    spread = occasions * rate * (1 - rate if bounded else 1.0)
    inner = spread > ROOM
    squares = divided((events - occasions * rate) ** 2, np.where(inner, spread, 0.0))
    squares = np.where(inner, squares, 0.0)
    free = int(inner.sum()) - len(np.unique(stretch[inner]))
    return float(chdtrc(free, squares.sum())) if free > 0 else 1.0


# --- the public frame -----------------------------------------------------------------------------

COLUMNS = (
    "shift_at",
    "before",
    "after",
    "difference_pp",
    "p_value",
    "p_adjusted",
    "method",
    "verdict",
    "note",
)


def find_shift(
    values: pd.DataFrame,
    *,
    level: float = 99,
    better: str | None = None,
    across_windows: bool = False,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return for each series whether, and since which quarter, it is at another level.

    Parameters
    ----------
    values : values frame (see `complete_values`), bases `in_period` and `as_of`; in any order.
    level : 100 less the chance, in percent, at which a shift is called one.
    better : "higher", "lower" or "none" in place of each indicator's own `better`.
    across_windows : whether the decree's quarters (15th to 14th) may stand in one series with the
        calendar's; `note` then says so.
    lang : language of `note`, "vi" or "en".

    Returns
    -------
    Frame, a row per agency, basis, indicator, group and origin, in order of appearance, with
    `figures`, how many quarters have one, `first_period` and `last_period`;
    `shift_at`, the first quarter at the new level, NaT where no shift is called;
    `before`, `after`, the level on either side of the likeliest place, in the unit of the values
    (of events all numerators over all denominators), and `difference_pp`, after less before, for
    percentages; <NA> where no shift is called;
    `p_value`, the chance that a series without a shift has a place as likely as the likeliest of
    this one: that it was looked for at every place is in it;
    `p_adjusted`, the same by Benjamini & Hochberg among all series of the call: of those up to 0.05
    on average at most 5 in 100 are no shifts, where the series do not hang together;
    `method`: "exact" for events given their sum, however few; "permutation" for other figures, and
    where events vary more than chance also within their stretches; "" where nothing is tested;
    `verdict`: better, worse or neutral for a shift, else "";
    `note`, what is missing or to be minded.
    One quarter that stands apart from those before and after it is no shift: it is left out, and
    the note names it. Below four figures nothing is tested.

    Raises
    ------
    ValuesError
        As `complete_values` does; year-to-date values; quarters of the decree and of the calendar,
        or several units, in one series; a level that is not from 1 to below 100; an unknown
        direction.

    Notes
    -----
    Of two shifts the one is returned that parts the series best. The orders of figures that are no
    events are drawn with a fixed seed: the same series has the same p-value.

    Source
    ------
    The likelihood ratio of a change at an unknown place: Worsley (1983), The power of likelihood
    ratio and cumulative sum tests for a change in a binomial probability, Biometrika 70:455-464,
    with the conditional chance of all places counted out.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "indicator": "on_time_rate_settled",
    ...                     "period": pd.period_range("2020Q1", periods=6, freq="Q-DEC"),
    ...                     "numerator": [60, 59, 60, 60, 54, 53], "denominator": 60})
    >>> shifts = find_shift(own)
    >>> shifts[["before", "after", "difference_pp", "verdict"]].round(1).values.tolist()
    [[99.6, 89.2, -10.4, 'worse']]
    >>> str(shifts["shift_at"].iloc[0])
    '2021Q1'
    """
    require_language(lang)
    percent = one_level(level)
    laid = QuarterlySeries.of(values, what="searched for a shift", across=across_windows)
    laid = with_occasions(laid)
    better_way = directions(laid.cells("indicator"), better)[laid.first]
    starts = np.append(laid.first, len(laid.value))
    shares = shares_of_events(laid)
    countable = counts_events(laid) & countable_pairs(laid, bounded=shares)
    records = [
        _shift_record(laid, slice(start, end), countable, shares, percent, lang)
        for start, end in zip(starts[:-1], starts[1:], strict=True)
    ]
    shifts = pd.DataFrame(records)
    mixed = [word("chart", "two_quarters", lang=lang) * bool(one) for one in laid.mixed[laid.first]]
    pairs = zip(shifts["note"], mixed, strict=True)
    shifts["note"] = ["; ".join(filter(None, pair)) for pair in pairs]
    at = shifts.pop("place").to_numpy("int64")
    shifts = adjusted(shifts, at >= 0, percent, lang)
    direction = np.sign((shifts["after"] - shifts["before"]).fillna(0.0).to_numpy("float64"))
    shifts["verdict"] = [
        verdict_of(int(way), to) for way, to in zip(direction, better_way, strict=True)
    ]
    rows = laid.values.iloc[laid.order[laid.first]].reset_index(drop=True)
    ordinals = np.where(at >= 0, laid.quarter[np.maximum(at, 0)], -1)
    shifts["shift_at"] = quarters(ordinals, where=at >= 0)
    ends = {"first_period": starts[:-1], "last_period": starts[1:] - 1}
    periods = pd.DataFrame({name: quarters(laid.quarter[place]) for name, place in ends.items()})
    figures = dict.fromkeys(("before", "after", "difference_pp", "p_value"), "Float64")
    texts = dict.fromkeys(("method", "verdict", "note"), "str")
    shifts = shifts.astype(figures | texts | {"figures": "Int64"})
    result: pd.DataFrame = pd.concat(
        [rows[[*SERIES, "unit"]], periods, shifts[["figures", *COLUMNS]]], axis=1
    )
    return result


def _shift_record(
    laid: QuarterlySeries,
    rows: slice,
    countable: np.ndarray,
    shares: np.ndarray,
    level: float,
    lang: str,
) -> dict[str, object]:
    """Return the row of one series; `place` is the row of the shift, -1 for none."""
    places = np.arange(rows.start, rows.stop)[~np.isnan(laid.value[rows])]
    record: dict[str, object] = dict.fromkeys(("before", "after", "difference_pp"), np.nan)
    record |= {"figures": len(places), "method": "", "p_value": np.nan, "place": -1, "note": ""}
    if len(places) < FEWEST:
        note = word("shift", "too_few", lang=lang).format(n=len(places))
        return record | {"note": note}
    percent = laid.cells("unit")[places[0]] == "percent"
    change, exact, notes = _judged(
        laid, places, bounded=bool(shares[places[0]]), counted=bool(countable[places].all())
    )
    if exact and repeated_units(laid.cells("indicator")[places[:1]]).any():
        notes.append("repeated")
    texts = [word("shift", code, lang=lang) for code in notes]
    record |= {"p_value": change.p_value, "method": "exact" if exact else "permutation"}
    if change.left_out:
        names = ", ".join(str(p) for p in quarters(laid.quarter[places[[*change.left_out]]]))
        texts.append(word("shift", "left_out", lang=lang).format(quarters=names))
    if change.at and 100 * change.p_value <= 100 - level + 1e-9:
        before, after = _levels(laid, places, change, exact=exact, percent=percent)
        record |= {"place": int(places[change.at]), "before": before, "after": after}
        record["difference_pp"] = after - before if percent else np.nan
        if np.diff(laid.quarter[places[change.at - 1 : change.at + 1]]) > 1:
            texts.append(word("shift", "gap", lang=lang))
    return record | {"note": "; ".join(texts)}


def _judged(
    laid: QuarterlySeries, places: np.ndarray, *, bounded: bool, counted: bool
) -> tuple[ChangePoint, bool, list[str]]:
    """Return the likeliest change of a series, whether its chance is exact, and codes of notes."""
    events, occasions = laid.numerator[places], laid.denominator[places]
    if not counted:
        return scan_figures(laid.value[places]), False, []
    change = scan_events(events, occasions, bounded=bounded)
    if not varies_more(events, occasions, change, bounded=bounded):
        return change, True, []
    if len(places) < ENOUGH:
        return change, True, ["varies"]
    return scan_figures(laid.value[places]), False, ["permuted"]


def _levels(
    laid: QuarterlySeries, places: np.ndarray, change: ChangePoint, *, exact: bool, percent: bool
) -> tuple[float, float]:
    """Return the levels before and after a change, without what is left out."""
    used = np.delete(np.arange(len(places)), [*change.left_out])

    def level(rows: np.ndarray) -> float:
        if not exact:
            return float(laid.value[rows].mean())
        rate = laid.numerator[rows].sum() / laid.denominator[rows].sum()
        return float((100.0 if percent else 1.0) * rate)

    return level(places[used[used < change.at]]), level(places[used[used >= change.at]])


ENOUGH = 12  # points of a stretch from which its limits are no trial any more


def varies_more(
    events: np.ndarray, occasions: np.ndarray, change: ChangePoint, *, bounded: bool
) -> bool:
    """Return whether rates vary by more than chance also where shifts have parted them."""
    kept = np.delete(np.arange(len(events)), [*change.left_out])
    stretch = stretches_of(events[kept], occasions[kept], bounded=bounded)
    if not stretch.any() and change.at and change.p_value <= CALLED:
        stretch = (kept >= change.at).astype("int64")
    return spread_within(events[kept], occasions[kept], stretch, bounded=bounded) < CALLED / 10


def with_occasions(laid: QuarterlySeries) -> QuarterlySeries:
    """Return the series with the events and occasions of counts: a quarter is one occasion."""
    alone = of_kinds(laid.kinds, ["count", OWN]) & (laid.cells("unit") != "percent")
    alone &= np.isnan(laid.denominator) & ~np.isnan(laid.value)
    return replace(
        laid,
        numerator=np.where(alone, laid.value, laid.numerator),
        denominator=np.where(alone, 1.0, laid.denominator),
    )


def countable_pairs(laid: QuarterlySeries, *, bounded: np.ndarray) -> np.ndarray:
    """Return the rows whose numerator counts events, in whole numbers, on a denominator above 0.

    Parameters
    ----------
    bounded : where the events may not be more than the denominator.
    """
    events, occasions = laid.numerator, laid.denominator
    countable: np.ndarray = (np.mod(events, 1) == 0) & (np.mod(occasions, 1) == 0)
    countable &= (events >= 0) & (occasions > 0) & (~bounded | (events <= occasions))
    return countable


def shares_of_events(laid: QuarterlySeries) -> np.ndarray:
    """Return the rows of shares: events that can be no more than their occasions."""
    percent = laid.cells("unit") == "percent"
    shares: np.ndarray = of_kinds(laid.kinds, ["events"]) | (of_kinds(laid.kinds, [OWN]) & percent)
    return shares


def counts_events(laid: QuarterlySeries) -> np.ndarray:
    """Return the rows whose indicator counts events, among occasions or per occasion."""
    percent = laid.cells("unit") == "percent"
    alone = laid.values["denominator"].isna().to_numpy()[laid.order]
    counts: np.ndarray = of_kinds(laid.kinds, ["ratio", OWN]) & ~percent & ~alone
    counts |= of_kinds(laid.kinds, ["count"]) | shares_of_events(laid)
    return counts
