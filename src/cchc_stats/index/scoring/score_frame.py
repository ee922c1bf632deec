"""The frame of scores: a row per case and node."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cchc_stats.index.scheme import Scheme, classes_text
from cchc_stats.index.scoring.sheet import Sheet
from cchc_stats.index.scoring.slots import unit_of
from cchc_stats.index.scoring.totals import Totals
from cchc_stats.words import word

COLUMNS = (
    "agency",
    "period",
    "assessor",
    "code",
    "parent",
    "level",
    "label",
    "max_points",
    "applicable_max",
    "points",
    "complete",
    "value",
    "numerator",
    "denominator",
    "branch",
    "source",
    "label_en",
    "percent",
    "points_known",
    "unknown_max",
    "kind",
    "part",
    "rule",
    "params",
    "rounding",
    "indicator",
    "unit",
    "answer",
    "scheme",
    "scheme_status",
    "note",
)
OF_NODES = ("code", "parent", "level", "label", "max_points", "label_en")
OF_NODES_TOO = ("kind", "part", "rule", "rounding", "indicator")


def score_frame(sheet: Sheet, sums: Totals) -> pd.DataFrame:
    """Return the scores of a sheet's cases, in their order, each with the nodes in the scheme's."""
    scheme, cases = sheet.scheme, sheet.cases
    nodes, size = scheme.nodes, len(cases)
    of_case = np.repeat(np.arange(size), len(nodes))
    of_node = np.tile(np.arange(len(nodes)), size)
    is_leaf = ~nodes["code"].isin(nodes["parent"]).to_numpy()

    def spread(figures: np.ndarray, empty: object) -> np.ndarray:
        """Return the leaves' entries at the leaves, something else at the nodes above them."""
        whole = np.full((size, len(nodes)), empty, dtype=figures.dtype)
        whole[:, is_leaf] = figures
        return whole.ravel()

    columns = {name: cases[name].array.take(of_case) for name in ("agency", "period", "assessor")}
    columns |= {name: nodes[name].array.take(of_node) for name in (*OF_NODES, *OF_NODES_TOO)}
    columns |= {name: told.take(of_node) for name, told in _told(scheme).items()}
    columns["applicable_max"] = _figures(sums.applicable.T.ravel())
    columns["points"] = _figures(sums.points.T.ravel())
    columns["complete"] = ~np.isnan(sums.points.T.ravel())
    for name in ("value", "numerator", "denominator"):
        columns[name] = _figures(spread(getattr(sheet, name), np.nan))
    for name, empty in (("branch", "sum"), ("answer", ""), ("source", "")):
        columns[name] = _texts(spread(getattr(sheet, name), empty))
    columns["percent"] = _figures(sums.percent.T.ravel())
    columns["points_known"] = _figures(sums.known.T.ravel())
    columns["unknown_max"] = _figures(sums.unknown.T.ravel())
    few = pd.array([scheme.name, scheme.status], dtype="str")
    columns["scheme"], columns["scheme_status"] = (few.take(0 * of_case + at) for at in (0, 1))
    columns["note"] = _notes(scheme, cases).array.take(of_case * len(nodes) + of_node)
    return pd.DataFrame({name: columns[name] for name in COLUMNS}, copy=False)


def _told(scheme: Scheme) -> dict[str, pd.api.extensions.ExtensionArray]:
    """Return per node the unit of its figure and the parameters of its rule; at the root classes.

    With these, scores are ranked and explained without the scheme, which may be a file of one's
    own or an edited copy under the old name.
    """
    nodes = scheme.nodes
    units = [unit_of(codes.split(" + ")[0], scheme) for codes in nodes["indicator"]]
    params = [classes_text(scheme.classes), *nodes["params"].iloc[1:]]
    return {"unit": pd.array(units, dtype="str"), "params": pd.array(params, dtype="str")}


def _figures(numbers: np.ndarray) -> pd.arrays.FloatingArray:
    return pd.arrays.FloatingArray(np.ascontiguousarray(numbers), np.isnan(numbers))


def _texts(words: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Return texts as str, by way of the few that differ."""
    codes, distinct = pd.factorize(words)
    return pd.array(distinct, dtype="str").take(codes)


def _notes(scheme: Scheme, cases: pd.DataFrame) -> pd.Series:
    """Return the nodes' notes; at the root what the whole score must be read with."""
    first, last = scheme.valid_from, scheme.valid_to
    periods = pd.PeriodIndex(cases["period"])
    outside = (periods.end_time < pd.Timestamp(first)) | (
        False if last is None else periods.start_time > pd.Timestamp(last)
    )
    notes = np.tile(scheme.nodes["note"].to_numpy(object), (len(cases), 1))
    words = [word("scheme_note", "example")] if scheme.status == "example" else []
    notes[:, 0] = "; ".join(words)
    late = "; ".join([*words, word("scheme_note", "outside")])
    notes[np.asarray(outside, dtype=bool), 0] = late
    return pd.Series(_texts(notes.ravel()))
