"""Schemes: the ones that come with the library, what is refused and in which words, replacing."""

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_stats.index.scheme.nodes import COLUMNS, TYPES, leaves
from cchc_stats.index.scheme.scheme import Scheme, list_schemes, load_scheme
from cchc_stats.words.errors import CchcError, SchemeError

CASES = Path(__file__).parents[1] / "cases"

GOOD = """\
name = "mini"
title_vi = "Bộ chỉ số nhỏ"
title_en = "Small scheme"
status = "example"
source = "Ví dụ"
version = "1"
valid_from = 2020-01-01
valid_to = 2020-12-31
max_points = 10
rounding = 2
zero_denominator = "full"

[parts]
self = 7
survey = 3

[[notes]]
vi = "Chỉ để thử."

[[classes]]
code = "A"
label_vi = "Tốt"
at_least = 90
each_at_least = 85
each_level = 2
[[classes]]
code = "B"
label_vi = "Khá"
at_least = 70

[[indicators]]
code = "OPENNESS"
label_vi = "Công khai"
unit = "percent"
better = "higher"
[[indicators]]
code = "SURVEY"
label_vi = "Điều tra xã hội học"
unit = "points"
better = "higher"
[[indicators]]
code = "COMPLAINTS"
label_vi = "Có phản ánh"
unit = "percent"
better = "lower"

[[nodes]]
code = "1"
parent = "total"
level = 1
label_vi = "Thủ tục"
max_points = 6.3
[[nodes]]
code = "1.1"
parent = "1"
level = 2
label_vi = "Đúng hạn"
max_points = 6.2
rule = "proportional"
indicator = "on_time_rate_settled"
basis = "year_to_date"
floor = 95
[[nodes]]
code = "1.2"
parent = "1"
level = 2
label_vi = "Công khai"
max_points = 0.1
rule = "bands"
indicator = "OPENNESS"
bands = [{from = 90, points = 0.1}, {below = 90, share = 50}]
[[nodes]]
code = "2"
parent = "total"
label_vi = "Khác"
max_points = 3.7
[[nodes]]
code = "2.1"
parent = "2"
label_vi = "Có kế hoạch"
max_points = 0.2
rule = "yes_no"
missing = "zero"
[[nodes]]
code = "2.10"
parent = "2"
label_vi = "Hài lòng"
max_points = 0.5
rule = "complement"
indicator = "late_rate_settled + COMPLAINTS"
[[nodes]]
code = "2.2"
parent = "2"
label_vi = "Điều tra"
max_points = 3
part = "survey"
rule = "external"
indicator = "SURVEY"
rounding = 1
source = "Phiếu điều tra"
[[nodes]]
code = "thưởng"
parent = "total"
label_vi = "Điểm cộng"
max_points = 2
kind = "bonus"
[[nodes]]
code = "sáng kiến"
parent = "thưởng"
label_vi = "Sáng kiến"
max_points = 2
kind = "bonus"
rule = "bonus"
each = 1
"""


def loaded(tmp_path, text):
    path = tmp_path / "mini.toml"
    path.write_text(text, encoding="utf-8")
    return load_scheme(path)


def changed(*pairs, text=GOOD):
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def refusal(tmp_path, text):
    with pytest.raises(SchemeError) as caught:
        loaded(tmp_path, text)
    return str(caught.value)


def with_cell(scheme, code, column, cell):
    nodes = scheme.nodes.copy()
    nodes.loc[nodes["code"] == code, column] = cell
    return nodes


# ---------------------------------------------------------------------- what is read


def test_a_file_is_read_as_it_is_written(tmp_path):
    scheme = loaded(tmp_path, GOOD)
    nodes = scheme.nodes.set_index("code")
    codes = ["total", "1", "1.1", "1.2", "2", "2.1", "2.10", "2.2", "thưởng", "sáng kiến"]
    assert nodes.index.tolist() == codes
    assert tuple(scheme.nodes.columns) == COLUMNS
    assert scheme.nodes.dtypes.astype(str).to_dict() == TYPES
    assert nodes["level"].tolist() == [0, 1, 2, 2, 1, 2, 2, 2, 1, 2]
    assert nodes["part"].tolist() == ["", "self", "self", "self", ""] + ["self"] * 2 + [
        "survey",
        "self",
        "self",
    ]
    assert nodes.loc["total", "label"] == "Bộ chỉ số nhỏ"
    assert nodes.loc["total", "label_en"] == "Small scheme"
    assert nodes.loc["1.1", "label_en"] == "Đúng hạn"  # where there is no English one
    assert nodes.loc["1.1", ["basis", "group", "params"]].tolist() == [
        "year_to_date",
        "all",
        '{"floor": 95}',
    ]
    assert json.loads(nodes.loc["1.2", "params"])["bands"][0] == {"from": 90, "points": 0.1}
    assert nodes["missing"].tolist() == ["", "", "unknown", "unknown", "", "zero"] + [
        *("unknown", "unknown", "", "unknown")
    ]
    assert nodes.loc["2.2", ["rounding", "source"]].tolist() == [1, "Phiếu điều tra"]
    assert nodes.loc["2.1", ["rounding", "source"]].tolist() == [2, "Ví dụ"]
    assert pd.isna(nodes.loc["2", "rounding"])
    assert nodes.loc["2", ["rule", "params", "zero_denominator"]].tolist() == ["", "{}", ""]
    assert (scheme.valid_from, scheme.valid_to) == (date(2020, 1, 1), date(2020, 12, 31))
    assert [one.code for one in scheme.classes] == ["A", "B"]
    assert (scheme.classes[0].each_at_least, scheme.classes[0].each_level) == (85, 2)
    assert (scheme.classes[1].each_at_least, scheme.classes[1].label.en) == (None, "Khá")
    assert {one.code: one.kind for one in scheme.indicators.values()} == {
        "OPENNESS": "events",
        "SURVEY": "count",
        "COMPLAINTS": "events",
    }
    assert [note.vi for note in scheme.notes] == ["Chỉ để thử."]
    assert scheme.parts == {"self": 7, "survey": 3}
    assert scheme.path.endswith("mini.toml")
    assert repr(scheme) == "<Scheme mini: 10 nodes, 6 leaves, 10 points, example>"


def test_a_marked_file_with_carriage_returns_is_read(tmp_path):
    path = tmp_path / "mini.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_scheme(str(path)).nodes.equals(loaded(tmp_path, GOOD).nodes)


def test_rows_keep_the_order_of_the_file_with_parents_first(tmp_path):
    head, *nodes = GOOD.split("[[nodes]]\n")
    by_level = [nodes[at] for at in (0, 3, 7, 1, 2, 4, 5, 6, 8)]
    scheme = loaded(tmp_path, head + "".join(f"[[nodes]]\n{node}" for node in by_level))
    wanted = ["total", "1", "2", "thưởng", "1.1", "1.2", "2.1", "2.10", "2.2", "sáng kiến"]
    assert scheme.nodes["code"].tolist() == wanted
    assert scheme.nodes.index.tolist() == list(range(10))
    upside_down = loaded(tmp_path, head + "".join(f"[[nodes]]\n{node}" for node in nodes[::-1]))
    codes = upside_down.nodes["code"].tolist()
    assert codes == ["total", "thưởng", "sáng kiến", "2", "2.2", "2.10", "2.1", "1", "1.2", "1.1"]


def test_the_tree_is_told_by_its_codes(tmp_path):
    nodes = loaded(tmp_path, GOOD).nodes
    assert leaves(nodes)["code"].tolist() == ["1.1", "1.2", "2.1", "2.10", "2.2", "sáng kiến"]


def test_two_leaves_may_take_the_same_figure(tmp_path):
    text = changed(("COMPLAINTS", "x_left"), ('indicator = "OPENNESS"', 'indicator = "o"'))
    text = changed(('indicator = "o"', 'indicator = "on_time_rate_settled"'), text=text)
    text = changed(("+ COMPLAINTS", "+ x_left"), text=text)
    assert loaded(tmp_path, text).nodes["indicator"].tolist().count("on_time_rate_settled") == 2


def test_maxima_are_added_as_decimals_not_as_floats(tmp_path):
    # 6.2 + 0.1 is 6.3 exactly; as floats it is 6.3 by luck, 0.2 + 0.5 + 3 and 0.1 + 0.2 are not.
    assert 0.1 + 0.2 != 0.3
    text = changed(
        ("max_points = 6.3", "max_points = 0.3"), ("max_points = 6.2", "max_points = 0.2")
    )
    text = changed(("max_points = 10", "max_points = 4"), ("self = 7", "self = 1"), text=text)
    assert loaded(tmp_path, text).max_points == 4


# ---------------------------------------------------------------------- refusals

NODE = "mini.toml, node "
REFUSED = {
    "unknown head key": (
        [('version = "1"', 'versoin = "1"')],
        ["mini.toml, the head: there is no key 'versoin'", "did you mean 'version'?"],
    ),
    "no name": ([('name = "mini"\n', "")], ["the head: name is missing; give the file's name"]),
    "no title": ([('title_vi = "Bộ chỉ số nhỏ"\n', "")], ["the head: title_vi is missing"]),
    "no status": ([('status = "example"\n', "")], ["status is missing; use one of confirmed,"]),
    "no source": ([('source = "Ví dụ"\n', "")], ["source is missing; give the document"]),
    "no first day": ([("valid_from = 2020-01-01\n", "")], ["valid_from is missing", "2022-06-23"]),
    "no maximum": ([("max_points = 10\n", "")], ["the head: max_points is missing"]),
    "status": ([('"example"', '"confirmd"')], ["'confirmd'; did you mean 'confirmed'?"]),
    "name no text": ([('name = "mini"', "name = 7")], ["the head: name is 7, not a text"]),
    "date as text": (
        [("2020-01-01", '"2020-01-01"')],
        ["valid_from is '2020-01-01', not a day; write it as a date without quotes"],
    ),
    "moment": ([("2020-01-01", "2020-01-01T00:00:00")], ["valid_from is", "not a day"]),
    "ends first": (
        [("2020-12-31", "2019-12-31")],
        ["the head: valid_to 2019-12-31 is before valid_from 2020-01-01"],
    ),
    "head policy": (
        [('zero_denominator = "full"', 'zero_denominator = "ful"')],
        ["the head: zero_denominator is 'ful'; did you mean 'full'?"],
    ),
    "head rounding": ([("rounding = 2", "rounding = 11")], ["the head: rounding is 11, not from"]),
    "code as number": (
        [('code = "2.10"', "code = 2.10")],
        [NODE + "'2.10': code 2.10 is not in quotes; write code = \"2.10\": 3.10 is not 3.1"],
    ),
    "code as whole number": ([('code = "1"', "code = 1")], ["code 1 is not in quotes"]),
    "parent as number": ([('parent = "2"', "parent = 2")], ["parent 2 is not in quotes"]),
    "no code": ([('code = "1.2"\n', "")], ["mini.toml, [[nodes]] 3: code is missing or empty"]),
    "empty code": ([('code = "1.2"', 'code = ""')], ["[[nodes]] 3: code is missing or empty"]),
    "spaced code": ([('code = "1.2"', 'code = "1.2 "')], ["node '1.2 ': code has spaces around"]),
    "code twice": (
        [('code = "1.2"', 'code = "1.1"')],
        [NODE + "'1.1': the code is there 2 times; give each node a code of its own"],
    ),
    "code of the root": (
        [('code = "1.2"', 'code = "total"')],
        [NODE + "'total': the code 'total' is the root's own"],
    ),
    "no parent": ([('parent = "1"\n', "")], [NODE + "'1.1': parent is missing; write parent ="]),
    "parent not there": (
        [('parent = "thưởng"', 'parent = "thuong"')],
        [NODE + "'sáng kiến': there is no parent 'thuong'; did you mean 'thưởng'?"],
    ),
    "own parent": ([('parent = "1"', 'parent = "1.1"')], [NODE + "'1.1': it is its own parent"]),
    "circle": (
        [('parent = "total"', 'parent = "1.1"')],
        [NODE + "'1': its parents go in a circle: 1 → 1.1 → 1; give one of them a parent"],
    ),
    "skipped level": (
        [('parent = "1"\nlevel = 2', 'parent = "1"\nlevel = 3')],
        [NODE + "'1.1': level is 3, but its parent '1' is at level 1; a level is skipped"],
    ),
    "level too high": (
        [('parent = "1"\nlevel = 2', 'parent = "1"\nlevel = 1')],
        ["level is 1, but its parent '1' is at level 1; write level = 2"],
    ),
    "sum": (
        [("max_points = 6.2", "max_points = 6.1")],
        [
            NODE + "'1': its children's points (score) add up to 6.2, "
            "not to its max_points 6.3: 1.1 6.1, 1.2 0.1; correct one of these maxima"
        ],
    ),
    "sum by a hair": (
        [("max_points = 6.2", "max_points = 6.2000000001")],
        ["add up to 6.3000000001, not to its max_points 6.3"],
    ),
    "sum of the fields": (
        [("max_points = 10", "max_points = 11")],
        ["the head: its children's points (score) add up to 10, not to its max_points 11: 1 6.3"],
    ),
    "sum of a bonus": (
        [("max_points = 2\nkind", "max_points = 2.5\nkind")],
        [NODE + "'thưởng': its children's points (bonus) add up to 2, not to its max_points 2.5"],
    ),
    "part": (
        [("self = 7", "self = 6.5")],
        ["self of [parts] is 6.5, but the leaves of this part add up to 7"],
    ),
    "part unknown": (
        [("survey = 3", "surveys = 3")],
        ["names 'surveys'", "did you mean 'survey'?"],
    ),
    "part no number": (
        [("survey = 3", 'survey = "3"')],
        ["survey of [parts] is '3', not a number"],
    ),
    "no maximum of a node": (
        [("max_points = 0.5\n", "")],
        [NODE + "'2.10': max_points is missing; give the most"],
    ),
    "negative": ([("= 0.5", "= -0.5")], ["max_points is -0.5, below 0", 'kind = "deduction"']),
    "negative with a floor": (
        [("max_points = 6.2", "max_points = -6.2")],
        [NODE + "'1.1': max_points is -6.2, below 0"],
    ),
    "column for key": (
        [('missing = "zero"', 'label = "x"')],
        [NODE + "'2.1': rule 'yes_no' knows no 'label'; did you mean 'label_vi'?"],
    ),
    "infinite": ([("= 0.5", "= inf")], ["max_points is inf, which is not finite"]),
    "nan": ([("= 0.5", "= nan")], ["max_points is NaN, not a number; give a number"]),
    "beyond floats": ([("= 0.5", "= 1e999999999999999999999")], ["inf, which is not finite"]),
    "a yes as maximum": ([("= 0.5", "= true")], ["max_points is True, not a number"]),
    "text as maximum": ([("= 0.5", '= "0,5"')], ["max_points is '0,5', not a number; give"]),
    "nothing to score": (
        [("= 0.5", "= 0"), ("max_points = 0.2", "max_points = 0.7")],
        ["'2.10': max_points is 0"],
    ),
    "kind": ([('"bonus"', '"bouns"')], ["kind is 'bouns'", "did you mean 'bonus'?"]),
    "part of a leaf": ([('part = "survey"', 'part = "selv"')], ["'selv'; did you mean 'self'?"]),
    "basis": (
        [('"year_to_date"', '"year-to-date"')],
        ["basis is 'year-to-date'; did you mean 'year_to_date'?"],
    ),
    "missing": ([('missing = "zero"', 'missing = "nil"')], ["'2.1': missing is 'nil'; use one of"]),
    "no word on 0/0": (
        [('zero_denominator = "full"\n', "")],
        ["'1.1': zero_denominator is missing; use one of 'full', 'zero', 'exclude', "],
    ),
    "rounding": ([("rounding = 1", "rounding = -1")], ["'2.2': rounding is -1, not a number of"]),
    "rounding to halves": ([("rounding = 1", "rounding = 1.5")], ["rounding is 1.5, not a whole"]),
    "inner with rule": (
        [("max_points = 3.7", 'max_points = 3.7\nrule = "yes_no"')],
        [NODE + "'2': it has children, which are summed, and rule 'yes_no'; leave it out"],
    ),
    "inner with indicator": (
        [("max_points = 3.7", 'max_points = 3.7\nindicator = "OPENNESS"')],
        ["it has children, which are summed, and indicator 'OPENNESS'"],
    ),
    "inner with a parameter": (
        [("max_points = 3.7", "max_points = 3.7\nfloor = 3")],
        ["it has children, which are summed, and parameters {"],
    ),
    "inner with a policy": (
        [("max_points = 3.7", 'max_points = 3.7\nmissing = "zero"')],
        ["'2': it has children, which are summed, and missing 'zero'; state it at its leaves"],
    ),
    "no rule": (
        [('rule = "yes_no"\n', "")],
        [NODE + "'2.1': it has no children and no rule; name"],
    ),
    "rule": ([('"yes_no"', '"yes-no"')], ["there is no rule 'yes-no'; did you mean 'yes_no'?"]),
    "parameter": (
        [("floor = 95", "flor = 95")],
        [NODE + "'1.1': rule 'proportional' knows no 'flor'; did you mean 'floor'?"],
    ),
    "mistyped column": (
        [('missing = "zero"', 'mising = "zero"')],
        ["rule 'yes_no' knows no 'mising'; did you mean 'missing'?"],
    ),
    "parameter without end": ([("floor = 95", "floor = inf")], ["'1.1': floor is Infinity, no"]),
    "parameter as day": (
        [("floor = 95", "floor = 2020-01-01")],
        ["floor is 2020-01-01, no finite"],
    ),
    "parameter of the rule": ([("floor = 95", "floor = 195")], ["'1.1': rule 'proportional': fl"]),
    "gap": (
        [("{below = 90,", "{below = 80,")],
        [NODE + "'1.2': rule 'bands': no band holds values from 80 to below 90"],
    ),
    "no indicator": (
        [('indicator = "on_time_rate_settled"\n', "")],
        ["'1.1': rule 'proportional' takes the value of an indicator, and none is named"],
    ),
    "indicator": (
        [('"on_time_rate_settled"', '"on_time_rate_setled"')],
        ["no indicator 'on_time_rate_setled'; did you mean 'on_time_rate_settled'?"],
    ),
    "declared indicator": (
        [('indicator = "OPENNESS"', 'indicator = "OPENNES"')],
        ["there is no indicator 'OPENNES'; did you mean 'OPENNESS'?"],
    ),
    "part of a sum": (
        [("+ COMPLAINTS", "+ COMPLAINT")],
        [NODE + "'2.10': there is no indicator 'COMPLAINT'; did you mean 'COMPLAINTS'?"],
    ),
    "sum elsewhere": (
        [('indicator = "OPENNESS"', 'indicator = "OPENNESS + SURVEY"')],
        ["no indicator 'OPENNESS + SURVEY'"],
    ),
    "twice in a sum": ([("late_rate_settled +", "COMPLAINTS +")], ["names one indicator twice"]),
    "answer with indicator": (
        [('rule = "yes_no"', 'rule = "yes_no"\nindicator = "OPENNESS"')],
        ["rule 'yes_no' is scored on an answer, not on indicator 'OPENNESS'"],
    ),
    "no percent": (
        [('"on_time_rate_settled"', '"staff_present"')],
        ["rule 'proportional' takes percents, and 'staff_present' is in people"],
    ),
    "lower is better": (
        [('"on_time_rate_settled"', '"late_rate_settled"')],
        ["rule 'proportional': lower is better for this indicator"],
    ),
    "complement of the better": (
        [("late_rate_settled +", "OPENNESS +")],
        ["higher is better for 'OPENNESS', and its complement would give less"],
    ),
    "no points": ([('unit = "points"', 'unit = "people"')], ["rule 'external' takes points, and"]),
    "shadow": (
        [('code = "OPENNESS"', 'code = "on_time_rate_settled"')],
        ["[[indicators]] 'on_time_rate_settled': the library knows an indicator of this code"],
    ),
    "declared twice": (
        [('code = "COMPLAINTS"', 'code = "OPENNESS"')],
        ["[[indicators]] 'OPENNESS': it is declared twice"],
    ),
    "unit": (
        [('unit = "points"', 'unit = "point"')],
        ["'SURVEY': unit is 'point'; did you mean 'p"],
    ),
    "better": (
        [('better = "lower"', 'better = "low"')],
        ["better is 'low'; did you mean 'lower'?"],
    ),
    "no better": ([('better = "lower"\n', "")], ["'COMPLAINTS': better is missing; use one of"]),
    "kind of an indicator": (
        [('better = "lower"', 'better = "lower"\nkind = "event"')],
        ["[[indicators]] 'COMPLAINTS': kind is 'event'; did you mean 'events'?"],
    ),
    "key of an indicator": (
        [('better = "lower"', 'better = "lower"\nlable_vi = "x"')],
        ["[[indicators]] 'COMPLAINTS': there is no key 'lable_vi'; did you mean 'label_vi'?"],
    ),
    "bonus as score": (
        [('kind = "bonus"\nrule', 'kind = "score"\nrule')],
        ["kind is 'score', but its parent 'thưởng' is a bonus; write kind = \"bonus\", or"],
    ),
    "rule bonus as deduction": (
        [('kind = "bonus"', 'kind = "deduction"'), ('kind = "bonus"', 'kind = "deduction"')],
        ["rule 'bonus' on kind 'deduction'; write kind = \"bonus\""],
    ),
    "classes in disorder": (
        [("at_least = 70", "at_least = 90")],
        ["[[classes]] 2: at_least 90 is not below the 90 before it; list the classes best first"],
    ),
    "class above all": (
        [("at_least = 70", "at_least = 101")],
        ["at_least is 101.0, not a percent"],
    ),
    "class without cut": ([("at_least = 70\n", "")], ["[[classes]] 2: at_least is missing"]),
    "class twice": ([('code = "B"', 'code = "A"')], ["[[classes]] 2: the code 'A' is there twice"]),
    "class by half": (
        [("each_level = 2\n", "")],
        ["[[classes]] 1: each_at_least and each_level be"],
    ),
    "class of no level": (
        [("each_level = 2", "each_level = 3")],
        ["each_level is 3, at which there"],
    ),
    "no label": ([('label_vi = "Đúng hạn"\n', "")], [NODE + "'1.1': label_vi is missing"]),
    "label no text": ([('"Đúng hạn"', "5")], ["'1.1': label is 5, not a text; write it in quotes"]),
    "note without words": ([('vi = "Chỉ để thử."', 'en = "x"')], ["[[notes]] 1: vi is missing"]),
    "notes as text": (
        [('[[notes]]\nvi = "Chỉ để thử."\n', ""), ('version = "1"', 'notes = "x"')],
        ["the head: notes is no table; begin it with [[notes]]"],
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_names_file_place_and_mend(case, tmp_path):
    pairs, phrases = REFUSED[case]
    told = refusal(tmp_path, changed(*pairs))
    for phrase in phrases:
        assert phrase in told
    assert "scheme mini.toml cannot be scored with: " in told
    assert "\n  mend:  " in told


SINGLE = [
    *("unknown head key", "no name", "no status", "ends first", "code as number", "no label"),
    *("no code", "empty code"),
    *("skipped level", "sum", "part", "rule", "parameter", "indicator", "declared twice", "basis"),
    *("shadow", "unit", "classes in disorder", "negative", "text as maximum", "head policy"),
]


@pytest.mark.parametrize("case", SINGLE)
def test_one_mistake_is_told_once(case, tmp_path):
    pairs = REFUSED[case][0]
    if case in ("sum", "negative"):  # the points of the parts are those of the leaves
        pairs = [*pairs, ("[parts]\nself = 7\nsurvey = 3\n", "")]
    if case == "shadow":
        pairs = [*pairs, ('indicator = "OPENNESS"', 'indicator = "on_time_rate_settled"')]
    if case == "declared twice":
        pairs = [*pairs, (" + COMPLAINTS", "")]
    if case == "unit":
        lower = 'better = "lower"'
        pairs = [(f'unit = "percent"\n{lower}', f'unit = "percents"\n{lower}')]
        pairs += [(" + COMPLAINTS", "")]
    assert "cannot be scored with: 1 fault\n" in refusal(tmp_path, changed(*pairs))


def test_all_faults_come_at_once_in_the_order_of_the_file(tmp_path):
    pairs = [
        ('status = "example"', 'status = "examples"'),
        ('parent = "1"\nlevel = 2', 'parent = "1"\nlevel = 3'),
        ("floor = 95", "flor = 95"),
        ('code = "2.10"', "code = 2.10"),
        ("max_points = 3\n", "max_points = 4\n"),
        ('"bonus"\neach', '"bonuss"\neach'),
    ]
    told = refusal(tmp_path, changed(*pairs))
    assert "cannot be scored with: 7 faults" in told
    places = re.findall(r"mini\.toml, (.*?): ", told)
    nodes = ["node '1.1'"] * 2 + ["node '2'", "node '2.10'", "node 'sáng kiến'"]
    assert places == ["the head"] * 2 + nodes
    assert "survey of [parts] is 3, but the leaves of this part add up to 4" in told


def test_very_many_faults_are_counted_and_the_first_told(tmp_path):
    nodes = "".join(f'[[nodes]]\ncode = "x{at}"\nparent = "y{at}"\n' for at in range(3000))
    told = refusal(tmp_path, GOOD + nodes)
    number = int(re.search(r"with: (\d+) faults", told)[1])
    assert number >= 3000 * 4  # parent, label, maximum, rule
    assert f"… and {number - 100} more" in told
    assert len(told) < 20_000


def test_a_long_circle_is_told_by_its_beginning(tmp_path):
    nodes = "".join(
        f'[[nodes]]\ncode = "x{at}"\nparent = "x{(at + 1) % 500}"\n' for at in range(500)
    )
    told = refusal(tmp_path, GOOD + nodes)
    assert told.count("go in a circle") == 1
    assert "node 'x0': its parents go in a circle: x0 → x1 → x2 → " in told
    assert "x11 → … → x0; give one of them" in told


def test_what_is_no_scheme_file_is_refused(tmp_path):
    assert "the scheme is not TOML: " in refusal(tmp_path, GOOD + "\n[[nodes]\n")
    assert "the scheme is not TOML: " in refusal(tmp_path, "max_points = " + "9" * 5000)
    assert "the nodes: there are none; write at least" in refusal(
        tmp_path, GOOD.split("[[nodes]]")[0]
    )
    assert "the nodes: nodes is no table; begin it with [[nodes]]" in refusal(
        tmp_path, "nodes = 3\n" + GOOD.split("[[nodes]]")[0]
    )
    path = tmp_path / "mini.toml"
    path.write_bytes(b"\xff" + GOOD.encode())
    with pytest.raises(SchemeError, match="not UTF-8(.|\n)*save it as UTF-8"):
        load_scheme(path)
    path.write_bytes(GOOD.encode() + b"# " + b"x" * 5_000_000)
    with pytest.raises(SchemeError, match="the scheme file is above 5 MB"):
        load_scheme(path)
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(SchemeError, match=r"cannot be read(.|\n)*folder\.toml"):
        load_scheme(tmp_path / "folder.toml")


def test_a_scheme_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    with pytest.raises(SchemeError) as caught:
        load_scheme("par-index-2019-province")
    told = str(caught.value)
    assert "there is no scheme 'par-index-2019-province'" in told
    assert "qd-766-2022" in told
    assert "did you mean 'par-index-2019-province-self'?" in told
    with pytest.raises(SchemeError, match="ends in .toml"):
        load_scheme("zzz")
    missing = tmp_path / "qd-766-2022.toml"
    with pytest.raises(SchemeError) as caught:
        load_scheme(missing)
    told = str(caught.value)
    assert "there is no such scheme file" in told
    assert str(missing) in told
    assert "did you mean 'qd-766-2022', without .toml?" in told
    with pytest.raises(SchemeError, match="named by a text, not by a int"):
        load_scheme(7)
    with pytest.raises(CchcError, match="no labels in language 'fr'"):
        list_schemes(lang="fr")


# ---------------------------------------------------------------------- replacing


def test_a_changed_frame_is_checked_again():
    scheme = load_scheme("qd-766-2022")
    with pytest.raises(SchemeError) as caught:
        replace(scheme, nodes=with_cell(scheme, "ON_TIME", "max_points", 19))
    assert (
        "qd-766-2022, node 'progress': its children's points (score) add up to 19, "
        "not to its max_points 20: ON_TIME 19"
    ) in str(caught.value)
    for column, cell, phrase in (
        ("rule", "propotional", "did you mean 'proportional'?"),
        ("params", '{"target": 80}', "knows no 'target'"),
        ("params", "[", "the parameters are no JSON table: '['"),
        ("params", '{"floor": NaN}', "the parameters are no JSON table"),
        ("indicator", "ONTIME", "did you mean 'ON_TIME'?"),
        ("group", "", 'group is empty; write "all"'),
        ("level", 3, "a level is skipped"),
        ("code", "", "[[nodes]] 7: code is missing"),
    ):
        with pytest.raises(SchemeError) as caught:
            replace(scheme, nodes=with_cell(scheme, "ON_TIME", column, cell))
        assert phrase in str(caught.value)


def test_what_is_no_nodes_frame_is_refused():
    scheme = load_scheme("qd-766-2022")
    nodes = scheme.nodes
    for wrong, phrase in (
        (None, "the nodes: they are a NoneType, not a DataFrame"),
        (nodes.drop(columns="rule"), "column rule is missing"),
        (nodes.rename(columns={"rule": "rules"}), "column rule is missing; did you mean 'rules'?"),
        (nodes.assign(more=1), "column 'more' is not known; leave it out"),
        (pd.concat([nodes, nodes["rule"]], axis=1), "a column is there twice"),
        (nodes.iloc[1:], "the root 'total' is missing"),
        (nodes.iloc[:1], "there are none"),
        (nodes.iloc[:0], "there are none"),
        (nodes.assign(max_points="x"), "node 'ON_TIME': max_points is 'x', not a number"),
        (nodes.assign(label=1.5), "node 'ON_TIME': label is 1.5, not a text"),
    ):
        with pytest.raises(SchemeError) as caught:
            replace(scheme, nodes=wrong)
        assert phrase in str(caught.value)


def test_replacing_leaves_the_first_scheme_and_the_callers_frame_as_they_were():
    scheme = load_scheme("qd-766-2022")
    nodes = scheme.nodes.copy()
    mine = nodes.sample(frac=1, random_state=1).astype({"max_points": object})
    before = mine.copy()
    again = replace(scheme, nodes=mine)
    pd.testing.assert_frame_equal(mine, before)
    pd.testing.assert_frame_equal(scheme.nodes, nodes)
    pd.testing.assert_frame_equal(
        again.nodes.sort_values("code", ignore_index=True),
        nodes.sort_values("code", ignore_index=True),
    )
    rows = {code: row for row, code in enumerate(again.nodes["code"])}
    assert all(rows[parent] < rows[code] for code, parent in _edges(again.nodes))
    mine.loc[:, "max_points"] = -1.0
    assert again.max_points == 100


def test_a_leaf_may_be_taken_out_with_its_points():
    scheme = load_scheme("par-index-2019-province-self")
    nodes = scheme.nodes[scheme.nodes["code"] != "F8"].copy()
    nodes.loc[0, "max_points"] = 59
    smaller = replace(scheme, nodes=nodes, parts={"self": 59})
    assert repr(smaller) == (
        "<Scheme par-index-2019-province-self: 8 nodes, 7 leaves, 59 points, confirmed>"
    )


def _edges(nodes):
    return [
        (code, parent)
        for code, parent in zip(nodes["code"], nodes["parent"], strict=True)
        if parent
    ]


# ---------------------------------------------------------------------- the shipped ones


@pytest.mark.parametrize("name", list_schemes()["name"])
def test_shipped_schemes_bear_their_file_name_and_add_up(name):
    scheme = load_scheme(name)
    assert (scheme.name, scheme.path) == (name, "")
    for code in set(scheme.nodes["parent"]) - {""}:
        below = scheme.nodes.query("parent == @code and kind == 'score'")
        most = scheme.nodes.set_index("code").loc[code, "max_points"]
        if scheme.nodes.set_index("code").loc[code, "kind"] == "score":
            assert sum(Decimal(str(one)) for one in below["max_points"]) == Decimal(str(most))
    assert (scheme.nodes["label"] != "").all()
    assert (scheme.nodes["label_en"] != "").all()


def test_the_list_of_schemes_is_that_of_the_files():
    schemes = list_schemes(lang="en").set_index("name")
    assert {"qd-766-2022", "par-index-2019-province-self"} <= set(schemes.index)
    assert schemes.index.is_monotonic_increasing
    row = schemes.loc["par-index-2019-province-self"]
    assert row["title"] == load_scheme("par-index-2019-province-self").title.en
    assert (row["valid_from"], row["valid_to"]) == (
        pd.Timestamp("2019-01-01"),
        pd.Timestamp("2019-12-31"),
    )
    assert pd.isna(schemes.loc["qd-766-2022", "valid_to"])
    assert set(schemes["status"]) <= {"confirmed", "confirmed_by_data", "provisional", "example"}


# Maxima as Decision 766/QĐ-TTg and the portal's page name them.
GROUPS_766 = {
    "transparency": 18,
    "progress": 20,
    "online": 12,
    "digitized": 22,
    "payment": 10,
    "satisfaction": 18,
}


def test_decision_766_is_known_but_for_the_12_points_of_online_services():
    scheme = load_scheme("qd-766-2022")
    nodes = scheme.nodes
    fields = nodes[nodes["level"] == 1]
    assert dict(zip(fields["code"], fields["max_points"], strict=True)) == GROUPS_766
    scored = leaves(nodes)
    ruled = scored[scored["rule"] != "external"]
    assert (len(scored), ruled["max_points"].sum()) == (19, 88)
    assert (scored["code"] == scored["indicator"]).all()
    # Row by row: `test_portal_766.py` names them.
    assert scored["zero_denominator"].value_counts().to_dict() == {
        "zero": 12,
        "unknown": 4,
        "full": 3,
    }
    assert set(scored["rounding"]) == {2}
    assert set(scored["basis"]) == {""}
    policies = scored.set_index("code")["missing"]
    assert policies[policies != "unknown"].to_dict() == {"ELECTRONIC_CERTIFIED_COPY": "full"}
    targets = {
        row.code: json.loads(row.params)["target"]
        for row in scored[scored["rule"] == "proportional_to_target"].itertuples()
    }
    assert targets == {
        "REUSED_DIGITIZED_DATA": 80,
        "PAYMENT_PROCEDURES_OFFERED": 80,
        "PAYMENT_PROCEDURES_USED": 80,
        "DOSSIER_RECEIVING_SATISFACTION": 90,
    }
    assert scheme.valid_from == date(2022, 6, 23)
    assert any("88" in note.vi and "12" in note.vi for note in scheme.notes)


def test_maxima_of_decision_766_are_those_that_the_portal_publishes():
    published = pd.read_csv(CASES / "qd766_portal_2026.csv")
    published = published[published["max"].notna() & (published["row"] != "total")]
    scheme = load_scheme("qd-766-2022")
    most = scheme.nodes.set_index("code")["max_points"].to_dict()
    parts = {"PAYMENT_DOSSIERS", "PAYMENT_PROCEDURES_USED", "PAYMENT_PROCEDURES_OFFERED"}
    for _, unit in published.groupby("unit"):
        maxima = dict(zip(unit["code"], unit["max"], strict=True))
        assert set(GROUPS_766) <= set(maxima)
        assert {code: most[code] for code in maxima} == maxima
        assert set(leaves(scheme.nodes)["code"]) - set(maxima) == parts | {"ONLINE_SERVICES"}


def test_fields_of_the_provinces_index_are_those_that_were_published():
    published = pd.read_csv(CASES / "par_index_binh_dinh_2019.csv")
    nodes = load_scheme("par-index-2019-province-self").nodes.iloc[1:]
    assert nodes["label"].tolist() == published["field"].tolist()
    assert nodes["max_points"].tolist() == published["max"].tolist()


def test_the_provinces_index_has_65_points_and_four_classes():
    scheme = load_scheme("par-index-2019-province-self")
    nodes = scheme.nodes.iloc[1:]
    assert nodes["code"].tolist() == [f"F{number}" for number in range(1, 9)]
    assert nodes["max_points"].tolist() == [7, 5, 14, 7.5, 8, 8.5, 9, 6]
    assert scheme.parts == {"self": 65}
    assert [(one.code, one.at_least) for one in scheme.classes] == [
        ("A", 90),
        ("B", 80),
        ("C", 70),
        ("D", 0),
    ]


# ---------------------------------------------------------------------- laws


@st.composite
def trees(draw):
    """Draw a valid tree leaf-up: (code, parent, points in hundredths), and its leaves."""
    rows: list[tuple[str, str, int]] = []
    ends: list[str] = []

    def grow(code: str, parent: str, depth: int) -> int:
        children = draw(st.integers(1 if depth == 0 else 0, 3)) if depth < 3 else 0
        at = len(rows)
        rows.append((code, parent, 0))
        if children == 0:
            points = draw(st.integers(1, 2000))
            ends.append(code)
        else:
            inner = "" if depth == 0 else f"{code}."
            points = sum(grow(f"{inner}{one}", code, depth + 1) for one in range(1, children + 1))
        rows[at] = (code, parent, points)
        return points

    grow("total", "", 0)
    return rows, ends


def written(rows, ends):
    """Return a tree as a scheme file."""
    head = re.sub(r"\n\[parts\](.|\n)*", "", GOOD).replace("max_points = 10", "max_points = {}")
    text = head.format(Decimal(rows[0][2]) / 100)
    for code, parent, points in rows[1:]:
        text += f'\n[[nodes]]\ncode = "{code}"\nparent = "{parent}"\nlabel_vi = "Ô {code}"\n'
        text += f"max_points = {Decimal(points) / 100}\n"
        text += 'rule = "yes_no"\n' if code in ends else ""
    return text


@settings(max_examples=40)
@given(trees(), st.data())
def test_a_tree_built_leaf_up_loads_and_one_wrong_maximum_is_named(tmp_path_factory, tree, data):
    rows, ends = tree
    folder = tmp_path_factory.mktemp("schemes")
    scheme = loaded(folder, written(rows, ends))
    assert scheme.nodes["code"].tolist() == [code for code, _, _ in rows]
    assert leaves(scheme.nodes)["code"].tolist() == ends
    wrong = data.draw(st.sampled_from(ends))
    more = data.draw(st.integers(1, 50))
    parent = next(parent for code, parent, _ in rows if code == wrong)
    told = refusal(
        folder,
        written([(code, up, points + more * (code == wrong)) for code, up, points in rows], ends),
    )
    assert "cannot be scored with: 1 fault\n" in told
    place = "the head" if parent == "total" else f"node '{parent}'"
    assert f"mini.toml, {place}: its children's points" in told
    points = next(points for code, _, points in rows if code == wrong)
    assert f"{wrong} {float(Decimal(points + more) / 100):.12g}" in told


@settings(max_examples=20)
@given(trees(), st.integers(2, 12))
def test_maxima_may_be_scaled_together(tmp_path_factory, tree, factor):
    rows, ends = tree
    scheme = loaded(tmp_path_factory.mktemp("schemes"), written(rows, ends))
    nodes = scheme.nodes.copy()
    nodes["max_points"] = pd.array(
        [float(Decimal(points * factor) / 100) for _, _, points in rows], dtype="Float64"
    )
    scaled = replace(scheme, nodes=nodes)
    assert Decimal(str(scaled.max_points)) == Decimal(rows[0][2] * factor) / 100


def test_a_scheme_of_thousands_of_nodes_or_levels_is_read(tmp_path):
    wide = [("total", "", 3000), *((f"n{at}", "total", 1) for at in range(3000))]
    ends = {code for code, _, _ in wide[1:]}
    assert len(loaded(tmp_path, written(wide, ends)).nodes) == 3001
    deep = [("total", "", 1)]
    deep += [(f"n{at}", f"n{at - 1}" if at else "total", 1) for at in range(2000)]
    scheme = loaded(tmp_path, written(deep, {"n1999"}))
    assert isinstance(scheme, Scheme)
    assert scheme.nodes["level"].max() == 2000
