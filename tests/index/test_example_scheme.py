"""The editable example of a department's index: whole, honest, and fed by a real quarter."""

import json
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seed import seed_paragraphs

import cchc_stats as cchc
from cchc_stats.index import rules
from cchc_stats.index.scheme.scheme import load_scheme
from cchc_stats.index.scoring.scoring import score

RULES = {rule.name: rule for rule in rules.RULES}

ROOT = Path(__file__).parents[2]
NAME = "example-department"
REPORT = ROOT / "data" / "binh-dinh-skhcn-2020q3"
ANSWERS = REPORT / "answers.csv"

FIELDS = ["1", "2", "3", "4", "5", "6", "7", "8"]
UNKNOWN = ["1.1.2", "1.2", "1.5", "2.1", "2.3", "2.4", "3.4", "3.5", "4.4", "5.3.2", "5.5"]
UNKNOWN += ["6.4", "6.5", "7.4", "8.1", "8.2", "8.3", "8.4", "10"]

# Worked out by hand from the printed figures: (points, branch) of each leaf that the quarter tells.
BY_HAND = {
    "1.1.1": (1, "yes"),  # I.1: plan 930/KH-SKHCCN of 16/12/2019, before 2020
    "1.3.1": (1, "yes"),  # I.3: plan 42/KH-SKHHCN
    "1.3.2": (2, "band 1"),  # I.3: 3 of 4 units on the spot = 75 %, not below 30 %
    "1.4": (1.5, "items"),  # I.4: 3 channels × 0.5
    "2.2": (1.5, "yes"),  # I.2: plan 42/KH-SKHCCN
    "3.1": (3, "rate"),  # appendix 1, 1a: 02 of 02 published on time
    "3.2": (2.4, "below_target"),  # II.2: (2 + 2)/(15 + 10) days = 16 %; 16/20 × 3
    "3.3.1": (6, "rate"),  # appendix 1, 1b: 60 of 60 on time
    "3.3.2": (2, "band 1"),  # appendix 1, 1b: 0 overdue of 01 pending
    "4.1": (2.5, "yes"),  # II.3.a, note of the table
    "4.2.1": (2, "band 1"),  # II.4.a: 37 present of 40 assigned
    "4.2.2": (1.5, "band 1"),  # II.4.a: 23 present of 47 assigned
    "4.3": (2, "yes"),  # II.3.b
    "5.1": (2.5, "rate"),  # appendix 1, 3a: 8 units of 8 + 0
    "5.2": (0, "nothing_exclude"),  # II.4.a: nobody appointed, moved or recruited in quarter III
    "5.3.1": (0, "no"),  # II.4.b: "chưa đảm bảo theo Kế hoạch"
    "5.4": (2, "band 1"),  # II.4.a: 0 disciplined in quarter III
    "6.1": (1.5, "rate"),  # appendix 1, 4: 2/2
    "6.2": (1, "rate"),  # appendix 1, 4: 2/3 × 1.5
    "6.3": (1, "yes"),  # II.5
    "7.1.1": (2.86, "rate"),  # appendix 1, 5: 1315/1380 × 3 = 2.8587, not the 99 % of the prose
    "7.1.2": (1.38, "below_target"),  # II.6.a and II.4.a: 34 signatures over 37; 34/37 × 1.5
    "7.1.3": (1.13, "level"),  # II.6.a: "khá", 75 % × 1.5 = 1.125, rounded half up
    "7.2.1": (0.86, "below_target"),  # appendix 1, 5 and 1a: (8 + 0)/62 = 12.9 %; over 30 %, × 2
    "7.2.2": (3, "rate"),  # appendix 1, 5: 53 of 53 online
    "7.3": (2.5, "rate"),  # appendix 1, 6: 62/62
    "9": (0, "missing_zero"),  # a bonus that nobody claims
}


@cache
def scheme():
    return load_scheme(NAME)


def leaves(nodes):
    return nodes[nodes["rule"] != ""]


def answers():
    return pd.read_csv(ANSWERS, dtype={"code": "str"})


@cache
def quarter():
    """Return the scores of the real quarter, one row per node, by code."""
    values = cchc.measure(cchc.read_report(REPORT).tables)
    values = values[values["period"] == pd.Period("2020Q3")]
    return score(values, scheme(), answers=answers()).set_index("code")


# ------------------------------------------------------------------------------- the file


def test_it_says_that_it_is_an_example():
    example = scheme()
    assert example.status == "example"
    said = " ".join(f"{note.vi} {note.en}" for note in example.notes)
    assert "không lấy từ quyết định nào" in said and "are no decision's" in said
    for source in leaves(example.nodes)["source"]:
        assert "ví dụ" in source.casefold() and "không theo quyết định nào" in source
    text = " ".join([example.source, *example.nodes["source"], *example.nodes["note"], said])
    assert not re.search(r"\d+/QĐ", text)


def test_eight_fields_add_up_to_a_hundred():
    nodes = scheme().nodes
    fields = nodes[(nodes["level"] == 1) & (nodes["kind"] == "score")]
    assert fields["code"].tolist() == FIELDS
    assert fields["max_points"].sum() == 100
    counted = nodes[nodes["kind"] == "score"]
    for code, children in counted[counted["parent"] != ""].groupby("parent"):
        maximum = nodes.loc[nodes["code"] == code, "max_points"].item()
        assert children["max_points"].sum() == pytest.approx(maximum), code
    ends = leaves(counted)
    assert ends.groupby("part")["max_points"].sum().to_dict() == {"self": 75, "survey": 25}
    assert 30 <= len(leaves(nodes)) <= 46


def test_it_shows_every_rule_and_every_choice_for_nothing_to_measure():
    ends = leaves(scheme().nodes)
    assert set(ends["rule"]) == set(RULES)
    assert set(ends["zero_denominator"]) == {"full", "zero", "exclude"}
    bands = [json.loads(params)["bands"] for params in ends.loc[ends["rule"] == "bands", "params"]]
    assert any("override" in band for table in bands for band in table)
    floored = ends[ends["params"].str.contains('"floor"')]
    assert "proportional" in set(floored["rule"])


def test_a_leaf_says_what_must_be_shown_and_what_feeds_it():
    ends = leaves(scheme().nodes)
    assert (ends["evidence"] != "").all()
    assert (ends["label_en"] != "").all()
    asked = {code.strip() for cell in ends["indicator"] for code in cell.split("+")} - {""}
    declared = set(scheme().indicators)
    known = {indicator.code for indicator in cchc.INDICATORS}
    assert asked <= declared | known
    assert declared <= asked and not declared & known


def test_good_asks_that_no_field_is_weak():
    classes = {each.code: each for each in scheme().classes}
    assert [each.at_least for each in scheme().classes] == [90, 80, 70, 0]
    assert (classes["good"].each_at_least, classes["good"].each_level) == (70, 1)


# ----------------------------------------------------------------------------- the answers


def test_an_answer_has_its_place_and_its_printed_words():
    rows = answers()
    by_words = rows["evidence"].str.contains("“.+”")
    assert rows.loc[~by_words, "code"].tolist() == ["5.2"]  # read off a table's column of noughts
    assert rows["evidence"].str.match(r"Mục I{1,3}\.\d").all()
    # Its prose says it in other words; numbers, days and symbols are the report's.
    text = " ".join(paragraph.text for paragraph in seed_paragraphs())
    quotes = re.findall("“(.+?)”", " ".join(rows["evidence"]))
    stated = [word for quote in quotes for word in quote.split() if re.search(r"\d", word)]
    assert len(stated) > 8
    assert [word for word in stated if word not in text] == []


# ----------------------------------------------------------------------- the real quarter


@pytest.mark.parametrize("code", BY_HAND)
def test_a_leaf_of_the_real_quarter_by_hand(code):
    points, branch = BY_HAND[code]
    row = quarter().loc[code]
    assert (row["points"], row["branch"]) == (points, branch)


def test_the_hand_has_every_leaf():
    codes = leaves(scheme().nodes)["code"]
    assert set(codes) == set(BY_HAND) | set(UNKNOWN)
    assert not set(BY_HAND) & set(UNKNOWN)


def test_what_the_report_does_not_tell_stays_unknown():
    scores = quarter()
    ends = scores[scores["rule"] != ""]
    assert ends.index[ends["points"].isna()].tolist() == UNKNOWN
    assert set(ends.loc[UNKNOWN, "branch"]) == {"missing_unknown", "alone_unknown"}
    root = scores.loc["total"]
    assert not root["complete"] and pd.isna(root["points"])
    known = sum(points for code, (points, _) in BY_HAND.items() if code != "9")
    assert root["points_known"] == pytest.approx(known)
    # 1 of 5.2 leaves the maximum of 100: nobody was appointed or recruited.
    assert root["applicable_max"] == 99
    assert set(scores["scheme_status"]) == {"example"}


def test_a_field_that_is_told_in_full_has_its_sum():
    # 1315/1380 and 34/37 are rounded as leaves and added as rounded: 2.86 + 1.38 + 1.13.
    assert quarter().loc["7.1", "points"] == 5.37
    assert quarter().loc["4.2", "points"] == 3.5
    assert quarter().loc["4", "points_known"] == 8


def test_only_what_must_be_unknown_keeps_the_total_open():
    """With the other leaves told, and somebody to compare with, the same quarter is complete."""
    surveys = {"1.5": 1.5, "2.4": 1.5, "3.5": 2.5, "4.4": 1, "5.5": 1.5, "6.5": 1, "7.4": 1}
    numbers = surveys | {"8.1": 7, "8.2": 4, "10": 1}
    told = [{"code": code, "number": number} for code, number in numbers.items()]
    told += [{"code": "1.2", "answer": "yes"}, {"code": "2.3", "answer": "done"}]
    shares = {"plan_done_share": 90.0, "legal_documents_on_schedule_share": 100.0}
    shares |= {"feedback_answered_on_time_share": 100.0, "disbursement_share": 95.0}
    shares |= {"complaint_share_settled": 0.0, "tasks_on_time_share": 100.0}
    one = {"agency": answers()["agency"].iloc[0], "period": "2020Q3"}
    values = cchc.measure(cchc.read_report(REPORT).tables)
    values = values[values["period"] == pd.Period("2020Q3")]
    brought = [
        one | {"basis": "in_period", "indicator": code, "group": "all", "value": value}
        for code, value in shares.items()
    ]
    values = pd.concat(
        [values, cchc.complete_values(pd.DataFrame(brought))[values.columns]], ignore_index=True
    )
    # Another department with fewer turns per person than II.4.b tells here: 52 + 7 over 37 + 23.
    other = values[values["indicator"] == "training_turns_per_person_present"]
    other = other.assign(agency="Sở khác", numerator=1.0, denominator=2.0, value=0.5)
    values = pd.concat([values, other], ignore_index=True)
    said = pd.concat([answers(), pd.DataFrame(told).assign(**one)], ignore_index=True)
    scores = score(values, scheme(), answers=said)
    root = scores[scores["agency"] == one["agency"]].set_index("code").loc["total"]
    # 5.3.2 as the best of the two; surveys 21; 1.1.2 90 % × 3; 1.2; 2.1; 2.3 75 % × 3; 3.4; 6.4;
    # 8.3; 8.4; less one late report.
    more = 2 + 21 + 2.7 + 2 + 2.5 + 2.25 + 2 + 3 + 2 + 1.5 - 0.5
    assert root["complete"]
    assert root["points"] == pytest.approx(quarter().loc["total", "points_known"] + more)


@pytest.mark.parametrize(("present", "points"), [(40, 2), (41, 0)])
def test_a_full_quota_is_not_above_it(present, points):
    one = {"agency": "Sở A", "period": "2024Q1", "basis": "as_of", "group": "administrative"}
    rate = one | {"indicator": "staffing_rate", "numerator": present, "denominator": 40}
    scores = score(cchc.complete_values(pd.DataFrame([rate])), scheme()).set_index("code")
    assert scores.loc["4.2.1", "points"] == points


# ------------------------------------------------------------------------------------- a law

# Which way each fed leaf is better, and the range its figures are drawn from.
UP, DOWN = 1, -1
FEEDS = {
    ("plan_done_share", "all", "in_period"): (UP, 0, 100),
    ("inspected_share_direct", "all", "year_to_date"): (UP, 0, 100),
    ("legal_documents_on_schedule_share", "all", "in_period"): (UP, 0, 100),
    ("procedures_published_on_time_share", "all", "in_period"): (UP, 0, 100),
    ("time_reduction", "all", "in_period"): (UP, 0, 100),
    ("on_time_rate_settled", "all", "in_period"): (UP, 0, 100),
    ("pending_overdue_share", "all", "as_of"): (DOWN, 0, 100),
    ("feedback_answered_on_time_share", "all", "in_period"): (UP, 0, 100),
    ("staffing_rate", "administrative", "as_of"): (DOWN, 90, 110),
    ("staffing_rate", "public_service", "as_of"): (DOWN, 90, 110),
    ("positions_placed_share", "units_placed", "as_of"): (UP, 0, 100),
    ("training_turns_per_person_present", "all", "year_to_date"): (UP, 0, 5),
    ("staff_changes", "disciplined", "in_period"): (DOWN, 0, 5),
    ("autonomy_share", "agencies_autonomous", "as_of"): (UP, 0, 100),
    ("autonomy_share", "service_units_autonomous", "as_of"): (UP, 0, 100),
    ("disbursement_share", "all", "in_period"): (UP, 0, 100),
    ("electronic_documents_share", "all", "in_period"): (UP, 0, 100),
    ("digital_signatures_per_civil_servant_present", "all", "as_of"): (UP, 0, 2),
    ("online_procedures_share", "all", "as_of"): (UP, 0, 100),
    ("online_share", "all", "in_period"): (UP, 0, 100),
    ("iso_procedures_share", "all", "as_of"): (UP, 0, 100),
    ("late_rate_settled", "all", "in_period"): (DOWN, 0, 100),
    ("complaint_share_settled", "all", "in_period"): (DOWN, 0, 100),
    ("tasks_on_time_share", "all", "in_period"): (UP, 0, 100),
}
YES_NO = ["1.1.1", "1.2", "1.3.1", "2.2", "4.1", "4.3", "5.2", "5.3.1", "6.3"]
WORST_FIRST = {"2.3": ["nothing", "planned", "done", "done_and_followed"]}
WORST_FIRST |= {"7.1.3": ["weak", "average", "fair", "good"]}
WORST_FIRST |= {code: ["no", "yes"] for code in YES_NO}
COUNTED = {"1.4": (UP, 6), "9": (UP, 6), "10": (DOWN, 6)}


@st.composite
def worse_and_better(draw):
    """Draw one agency's inputs twice, the second nowhere worse than the first."""
    values, said = [], []
    pair = {UP: lambda two: sorted(two), DOWN: lambda two: sorted(two, reverse=True)}
    for (indicator, group, basis), (way, least, most) in FEEDS.items():
        # Tenths, so that figures fall on the limits of bands, floors and targets.
        drawn = st.integers(10 * least, 10 * most).map(lambda tenths: tenths / 10)
        two = pair[way](draw(st.tuples(drawn, drawn)))
        values.append(({"indicator": indicator, "group": group, "basis": basis}, two))
    for code, levels in WORST_FIRST.items():
        at = sorted(draw(st.tuples(*[st.integers(0, len(levels) - 1)] * 2)))
        said.append(({"code": code}, [{"answer": levels[place]} for place in at]))
    for code, (way, most) in COUNTED.items():
        two = pair[way](draw(st.tuples(*[st.integers(0, most)] * 2)))
        said.append(({"code": code}, [{"number": number} for number in two]))
    surveys = leaves(scheme().nodes).query("part == 'survey'")
    for code, most in zip(surveys["code"], surveys["max_points"], strict=True):
        two = sorted(draw(st.tuples(*[st.integers(0, int(most))] * 2)))
        said.append(({"code": code}, [{"number": points} for points in two]))
    if draw(st.booleans()):
        said.append(({"code": "1.1.2"}, [{"answer": "delay_allowed"}] * 2))
    return values, said


def scored(drawn, at):
    """Return the scores of one of the two; beside a fixed agency, so that the best can be hers."""
    values, said = drawn
    one = {"agency": "Sở A", "period": "2024Q1"}
    rows = [one | key | {"value": two[at]} for key, two in values]
    best = ("training_turns_per_person_present", "all", "year_to_date")
    beside = dict(zip(("indicator", "group", "basis"), best, strict=True))
    rows.append({"agency": "Sở B", "period": "2024Q1", "value": 2.0} | beside)
    told = pd.DataFrame([one | key | two[at] for key, two in said])
    scores = score(cchc.complete_values(pd.DataFrame(rows)), scheme(), answers=told)
    return scores[scores["agency"] == "Sở A"].set_index("code")


@given(worse_and_better())
@settings(max_examples=40)
def test_better_inputs_never_score_less(drawn):
    worse, better = scored(drawn, 0), scored(drawn, 1)
    assert worse["complete"].all() and better["complete"].all()
    change = (better["points"] - worse["points"]).drop("10")
    assert (change >= 0).all(), change[change < 0]
    assert better.loc["10", "points"] <= worse.loc["10", "points"]
    counted = worse[worse["kind"] == "score"]
    assert (counted["points"].drop("total") <= counted["max_points"].drop("total")).all()


def test_the_law_moves_every_leaf():
    fed = {indicator for indicator, _, _ in FEEDS}
    ends = leaves(scheme().nodes)
    asked = {code.strip() for cell in ends["indicator"] for code in cell.split("+")} - {""}
    assert fed == asked
    answered = ends[(ends["indicator"] == "") & (ends["part"] != "survey")]["code"]
    assert set(answered) == set(WORST_FIRST) | set(COUNTED)
