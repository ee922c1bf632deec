"""A rule is one file: one made up here is scored, explained, drawn again and asked what if."""

import pickle

import pandas as pd
import pytest
from made_up_rule import RULE

from cchc_stats.index import (
    explain,
    load_scheme,
    points_lost,
    rules,
    score,
    sensitivity,
    sobol_indices,
    what_if,
)
from cchc_stats.words.errors import SchemeError

SCHEME = """
name = "made-up"
title_vi = "Thử"
status = "confirmed"
source = "Quyết định thử"
version = "1"
valid_from = 2020-01-01
max_points = 10
rounding = 2
zero_denominator = "full"
[[indicators]]
code = "RATE"
label_vi = "Tỷ lệ"
unit = "percent"
better = "higher"
kind = "events"
[[nodes]]
code = "1"
parent = "total"
label_vi = "Lĩnh vực"
max_points = 10
[[nodes]]
code = "1.1"
parent = "1"
label_vi = "Bình phương"
max_points = 6
rule = "squared"
indicator = "RATE"
least = {least}
[[nodes]]
code = "1.2"
parent = "1"
label_vi = "Tỷ lệ"
max_points = 4
rule = "proportional"
indicator = "RATE"
"""
VALUES = pd.DataFrame(
    {
        "agency": ["A", "B"],
        "period": "2025Q4",
        "indicator": "RATE",
        "numerator": [45, 10],
        "denominator": [50, 50],
    }
)


def scheme_with(tmp_path, monkeypatch, least="40"):
    monkeypatch.setattr(rules, "RULES", (*rules.RULES, RULE))
    path = tmp_path / "made-up.toml"
    path.write_text(SCHEME.replace("{least}", least), encoding="utf-8")
    return load_scheme(path)


def test_it_is_scored_explained_drawn_and_asked_what_if(tmp_path, monkeypatch):
    scheme = scheme_with(tmp_path, monkeypatch)
    scores = score(VALUES, scheme)
    own = scores[scores["code"] == "1.1"]
    assert own[["points", "branch"]].values.tolist() == [[4.86, "square"], [0.0, "too_low"]]
    why = "1.1 Bình phương: 45/50 = 90 %, bình phương × 6 điểm = 4,86 điểm"
    assert explain(scores, "1.1", agency="A") == why
    assert (
        explain(scores, "1.1", agency="B", lang="en") == "1.1 Bình phương: 10/50 = 20%, below 40%"
    )
    lost = points_lost(scores).set_index(["agency", "code"])
    assert lost.loc[("B", "1.1"), "how"] == "thêm 10 hồ sơ: 0,96 điểm"
    assert lost.loc[("A", "1.1"), "next_value"] == 100
    drawn = sensitivity(VALUES, scheme, draws=200, seed=1, weights=None, sampling=True)
    assert (drawn["percent_low"] < drawn["percent"]).all()
    factors = sobol_indices(
        VALUES, scheme, seed=1, n=64, agency="A", weights=None, sampling=True, resamples=20
    )
    assert factors["factor"].tolist() == ["sampling"]
    after = what_if(VALUES, scheme, {"RATE": 50.0}).set_index(["agency", "code"])
    assert after.loc[("B", "1.1"), ["before", "after"]].tolist() == [0.0, 1.5]


def test_its_parameters_are_checked(tmp_path, monkeypatch):
    with pytest.raises(SchemeError, match="rule 'squared': least = 140 is no number from 0 to 100"):
        scheme_with(tmp_path, monkeypatch, least="140")


def test_a_scheme_travels_to_another_process():
    scheme = load_scheme("example-department")
    again = pickle.loads(pickle.dumps(scheme))
    assert again.nodes.equals(scheme.nodes)
    assert [leaf.code for leaf in again.leaves] == [leaf.code for leaf in scheme.leaves]
