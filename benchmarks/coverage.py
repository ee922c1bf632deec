"""What the statistics hold when simulated: `python benchmarks/coverage.py [charts|…] [draws]`.

Prints the tables that METHODS.md shows; minutes, not seconds. Seeded: the same figures each time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import product

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

import cchc_stats as cchc

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


SUBJECTS: dict[str, Callable[[int], None]] = {"charts": charts, "standardised": standardised}

if __name__ == "__main__":
    asked = [name for name in sys.argv[1:] if name in SUBJECTS] or list(SUBJECTS)
    size = next((int(word) for word in sys.argv[1:] if word.isdigit()), 500)
    for name in asked:
        SUBJECTS[name](size)
