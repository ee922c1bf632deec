"""What the statistics hold when simulated: `python benchmarks/coverage.py [intervals|…] [draws]`.

Prints the tables that METHODS.md shows; minutes, not seconds. Seeded: the same figures each time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import product

import numpy as np
import pandas as pd
from scipy.stats import binom, fisher_exact

import cchc_stats as cchc
from cchc_stats.statistics.rates.intervals import METHODS, proportion_limits

RATE = "on_time_rate_settled"
Row = Sequence[object]


def table(heading: Row, rows: Iterator[Row]) -> None:
    """Print a table line by line, as its rows are ready."""
    print("|", " | ".join(map(str, heading)), "|")
    print("|" + "---|" * len(heading))
    for row in rows:
        print("|", " | ".join(map(str, row)), "|", flush=True)
    print()


def series(part: np.ndarray, whole: int) -> pd.DataFrame:
    """Return values of one agency per row of counts, a quarter per column."""
    rows, size = part.shape
    quarters = pd.period_range("2015Q1", periods=size, freq="Q-DEC")
    names = np.repeat([f"A{number}" for number in range(rows)], size)
    columns = {"agency": names, "period": np.tile(quarters, rows), "indicator": RATE}
    return pd.DataFrame(columns | {"numerator": part.ravel(), "denominator": whole})


def false_alarms(draws: int) -> Iterator[Row]:
    """Yield how often series in which nothing happened have a signal, and a shift."""
    for size in (4, 8, 12, 20):
        for whole in (20, 60, 500):
            cells = []
            for rate in (0.9, 0.98, 0.995):
                rng = np.random.default_rng(size * whole)
                drawn = series(rng.binomial(whole, rate, (draws, size)), whole)
                alarms = cchc.control_chart(drawn).groupby("agency")["signal"].any().mean()
                shifts = cchc.find_shift(drawn)["shift_at"].notna().mean()
                cells.append(f"{100 * alarms:.1f}, {100 * shifts:.1f}")
            yield size, whole, *cells


def power(draws: int) -> Iterator[Row]:
    """Yield how often a fall in the last of eight quarters is called worse."""
    for late in (1, 2, 3, 4):
        rng = np.random.default_rng(late)
        good, bad = (rng.binomial(60, r, (draws, n)) for r, n in ((0.99, 8 - late), (0.9, late)))
        before, after = good.sum(axis=1), bad.sum(axis=1)
        whole = 60 * (8 - late), 60 * late
        known = np.mean(
            [
                fisher_exact([[x, whole[0] - x], [y, whole[1] - y]])[1] <= 0.05
                for x, y in zip(before, after, strict=True)
            ]
        )
        drawn = series(np.concatenate([good, bad], axis=1), 60)
        chart = cchc.control_chart(drawn)
        seen = chart.groupby("agency")["verdict"].agg(lambda told: "worse" in set(told)).mean()
        shift = cchc.find_shift(drawn)["shift_at"].notna().mean()
        yield late, f"{seen:.2f}", f"{shift:.2f}", f"{known:.2f}"


def charts(draws: int) -> None:
    """Print the tables of control charts and shifts."""
    rates = [f"{100 * rate:g} %: signal, shift (%)" for rate in (0.9, 0.98, 0.995)]
    table(["quarters", "dossiers each", *rates], false_alarms(draws))
    table(["bad quarters", "chart", "`find_shift`", "place known"], power(draws))


def standardised(draws: int) -> None:
    """Print how often limits of standardised rates hold the true one."""
    names = ["groups", "dossiers each", "rate", "groups are", "coverage", "below", "above", "width"]
    table(names, _standardised(draws))


def _standardised(draws: int) -> Iterator[Row]:
    for groups, size, rate in product((5, 10, 20), (15, 60, 300), (0.9, 0.95, 0.98, 0.995)):
        for unequal in (False, True):
            rng = np.random.default_rng(groups * size)
            names = [f"g{number:02}" for number in range(groups)]
            late = np.full(groups, 1 - rate) * (np.linspace(0.2, 1.8, groups) if unequal else 1)
            weight = rng.permutation(np.linspace(1, 3, groups)) if unequal else np.ones(groups)
            spread = np.linspace(0.5, 1.5, groups) if unequal else np.ones(groups)
            sizes = np.round(spread * size)
            on_time = sizes - rng.binomial(sizes.astype(int), late, (draws, groups))
            rows = pd.DataFrame({"agency": np.repeat([f"A{n}" for n in range(draws)], groups)})
            rows = rows.assign(
                period="2020Q3", indicator=RATE, group=names * draws,
                numerator=on_time.ravel(), denominator=np.tile(sizes, draws),
            )  # fmt: skip
            told = cchc.standardised_rate(rows, pd.DataFrame({"group": names, "weight": weight}))
            low, high = (told[name].to_numpy(float) for name in ("low_pct", "high_pct"))
            truth = 100 - 100 * np.average(late, weights=weight)
            sides = np.mean(high < truth), np.mean(low > truth)
            figures = (f"{figure:.3f}" for figure in (1 - sum(sides), *sides))
            kind = "unequal" if unequal else "alike"
            yield groups, size, rate, kind, *figures, f"{np.mean(high - low):.2f}"


def intervals(_: int) -> None:
    """Print the lowest exact coverage of each interval, and its mean width at 98 %."""
    sizes = (30, 60, 150)
    table(["method", "lowest coverage", "at", *(f"width, n = {n}" for n in sizes)], _exact(sizes))


def _exact(sizes: Sequence[int]) -> Iterator[Row]:
    for method in METHODS:
        lowest, widths = (2.0, 0.0, 0), []
        for n in range(2, 201):
            counts = np.arange(n + 1.0)
            whole = np.full(n + 1, float(n))
            [(low, high)], _ = proportion_limits(counts, whole, levels=[95], method=method)
            # Coverage falls just beside a limit.
            rates = np.concatenate([low, high])[:, None] / 100 + np.array([-1e-9, 1e-9])
            rates = rates[(rates > 0) & (rates < 1)][:, None]
            held = (low <= 100 * rates) & (100 * rates <= high)
            covered = (binom.pmf(counts, n, rates) * held).sum(axis=1)
            at = covered.argmin()
            lowest = min(lowest, (covered[at], float(rates[at, 0]), n))
            if n in sizes:
                widths.append(f"{binom.pmf(counts, n, 0.98) @ (high - low):.1f}")
        covered, rate, n = lowest
        yield method, f"{100 * covered:.1f}", f"{100 * rate:.1f} %, n = {n}", *widths


def trends(draws: int) -> None:
    """Print how often a trend is called in series without one, and in series with one."""
    names = [f"memory {memory:g}: plain, `hamed_rao`, `seasonal`" for memory in MEMORIES]
    names += ["seasons: plain, `hamed_rao`, `seasonal`"]
    for rise in (0.0, 2.0):
        print(f"Rise from first to last quarter, in standard deviations: {rise:g}\n")
        table(["quarters", *names], _trends(draws, rise))


MEMORIES = (0.0, 0.3, 0.6)


def _trends(draws: int, rise: float) -> Iterator[Row]:
    for size in (12, 20, 40):
        cells = []
        for memory, seasons in [*((memory, False) for memory in MEMORIES), (0.0, True)]:
            rng = np.random.default_rng(size)
            figures = rng.normal(size=(draws, size))
            for at in range(1, size):  # of standard deviation 1 in every quarter
                figures[:, at] *= np.sqrt(1 - memory**2)
                figures[:, at] += memory * figures[:, at - 1]
            figures += np.linspace(0, rise, size) + seasons * np.resize([3, 0, -1, -2], size)
            drawn = series(np.zeros_like(figures), 1).drop(columns=["numerator", "denominator"])
            drawn = drawn.assign(indicator="index", value=figures.ravel(), unit="points")
            called = (
                100 * (cchc.trend_test(drawn, kind=kind)["trend"] != "none").mean()
                for kind in ("mann_kendall", "hamed_rao", "seasonal")
            )
            cells.append(", ".join(f"{one:.1f}" for one in called))
        yield size, *cells


def decomposition(draws: int) -> None:
    """Print how often limits of effects hold the true ones: of a group, sums of rate and of mix."""
    names = [f"{before} → {after}" for before, after in VOLUMES]
    table(["groups", "rates", *names], _decomposition(draws))


VOLUMES = ((15, 15), (60, 60), (60, 15), (300, 20), (60, 5))
RATES = {"90 %": (0.9, 0.9), "98 %": (0.98, 0.98), "90 to 99 %": (0.9, 0.99)}
MOVED = "90 to 99 %, moved"


def _decomposition(draws: int) -> Iterator[Row]:
    for groups, kind in product((15, 5, 2), (*RATES, MOVED, f"{MOVED}, sizes drawn")):
        share = np.tile(np.linspace(1, 3, groups) if MOVED in kind else np.ones(groups), (2, 1))
        share[1] = share[1, ::-1]
        share /= share.sum(axis=1, keepdims=True)
        rate = np.tile(np.linspace(*RATES.get(kind, (0.9, 0.99)), groups), (2, 1))
        if MOVED in kind:
            rate[1] = np.minimum(rate[1] + np.resize([0.02, -0.01], groups), 1)
        cells = (
            _held(draws, share, rate, sizes, drawn="drawn" in kind)
            if min(sizes) > 5 or "drawn" not in kind
            else ""
            for sizes in VOLUMES
        )
        yield groups, kind, *cells


def _held(
    draws: int, share: np.ndarray, rate: np.ndarray, volumes: tuple[int, int], *, drawn: bool
) -> str:
    """Return coverage of a group's rate effect, and of the sums of rate and of mix effects."""
    groups = share.shape[1]
    rng = np.random.default_rng([groups, *volumes])
    total = np.array(volumes) * groups
    sizes = np.maximum(np.round(share * total[:, None]), 1).astype(int)
    share = share if drawn else sizes / sizes.sum(axis=1, keepdims=True)
    whole = np.stack(
        [rng.multinomial(n, part, draws) for n, part in zip(total, share, strict=True)]
    )
    whole = whole if drawn else np.broadcast_to(sizes[:, None], (2, draws, groups))
    whole = np.maximum(whole, 1)
    part = rng.binomial(whole, rate[:, None])
    names = [f"A{n:05}" for n in range(draws)], [f"g{n:02}" for n in range(groups)]
    keys = pd.MultiIndex.from_product([["2020Q1", "2020Q2"], *names])
    rows = keys.to_frame(index=False, name=["period", "agency", "group"])
    rows = rows.assign(indicator=RATE, numerator=part.ravel(), denominator=whole.ravel())
    effects = cchc.decompose_change(rows, "2020Q1", "2020Q2", draws=199)
    moved = 100 * share.mean(axis=0) * (rate[1] - rate[0])
    mean = rate.mean(axis=0)
    mix = 100 * ((share[1] - share[0]) * mean).sum()
    of = {name: one.sort_values(["agency", "group"]) for name, one in effects.groupby("component")}

    def hold(name: str, limits: str, truth: np.ndarray | float) -> float:
        low, high = (of[name][f"{limits}{end}_pp"].to_numpy(float) for end in ("low", "high"))
        return float(np.mean((low - 1e-9 <= truth) & (truth <= high + 1e-9)))

    figures = (
        hold("rate", "", np.tile(moved, draws)),
        hold("rate", "component_", moved.sum()),
        hold("mix", "component_", mix),
    )
    return ", ".join(f"{figure:.2f}" for figure in figures)


SUBJECTS: dict[str, Callable[[int], None]] = {
    "intervals": intervals,
    "charts": charts,
    "standardised": standardised,
    "trends": trends,
    "decomposition": decomposition,
}

if __name__ == "__main__":
    asked = [name for name in sys.argv[1:] if name in SUBJECTS] or list(SUBJECTS)
    size = next((int(word) for word in sys.argv[1:] if word.isdigit()), 500)
    for name in asked:
        SUBJECTS[name](size)
