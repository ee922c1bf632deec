"""Decision 766 as the national portal scores it: every published row, total and rank; refusals."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats.index import (
    explain,
    load_scheme,
    points_lost,
    portal_scores_766,
    rank_agencies,
    read_answers,
    read_portal_766,
    score,
)
from cchc_stats.words.errors import ReadError

PUBLISHED = Path(__file__).parents[2] / "data" / "published"
UNITS = PUBLISHED / "qd766_units_2026-10-10.csv"
CELLS = pd.read_csv(UNITS)
SCHEME = load_scheme("qd-766-2022")
GROUPS = ["transparency", "progress", "online", "digitized", "payment", "satisfaction"]
ZERO = [
    *("DOSSIER_SYNC", "ON_TIME", "ORIGINAL_RESULT_AVAILABLE", "SO_HOA_GIAY_TO_GIAI_QUYET"),
    *("REUSED_DIGITIZED_DATA", "SYNCED_WITH_DVCQG_PERSONAL_STORAGE"),
    *("CITIZEN_DATA_CONNECTED_DOSSIER", "PAYMENT_DOSSIERS", "PAYMENT_PROCEDURES_OFFERED"),
    *("PAYMENT_PROCEDURES_USED", "DOSSIER_RECEIVING_SATISFACTION"),
]
FULL = [
    *("PETITION_PROCESSING_ON_TIME", "PETITION_HANDLING_SATISFACTION"),
    "ELECTRONIC_CERTIFIED_COPY",
]
NOT_SEEN = [
    *("PUBLISH_ON_TIME", "PUBLIC_UPDATE_ON_TIME", "PUBLIC_CONTENT_FULL"),
    "CITIZEN_DATA_CONNECTED_FORMALITY",
]
HEAD = "unit,unit_code,row,numerator,denominator,published_score\n"


def written(folder, text, name="units_2026-10-10.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_more_counted_than_there_were_is_no_share(tmp_path):
    path = written(tmp_path, HEAD + "Sở A,H1.2,ON_TIME,500,82,\n")
    row = read_portal_766(path).iloc[0]
    assert (row["status"], row["numerator"], row["denominator"]) == ("implausible", 500, 82)
    assert pd.isna(row["value"]) and row["note"].startswith("tử số lớn hơn mẫu số")


@pytest.mark.parametrize(
    ("metric", "said"),
    [({"max": 7}, "has 7 points, by Decision 766 20"), ({"score": 21}, "21 is above the row's 20")],
)
def test_points_that_the_decision_does_not_give_are_told(tmp_path, metric, said):
    row = {"code": "ON_TIME", "num": 1, "den": 2, "score": 10, "max": 20} | metric
    unit = {"name": "Sở A", "code": "H1.2", "metrics": [row]}
    text = json.dumps({"as_of": "2026-10-10", "year": 2026, "units": [unit]})
    with pytest.raises(ReadError, match=said):
        read_portal_766(written(tmp_path, text, "s.json"))


@pytest.fixture(scope="module")
def scores():
    return score(read_portal_766(UNITS), SCHEME)


def test_every_published_row_is_reproduced(scores):
    published = portal_scores_766(UNITS)
    both = published.merge(scores, on=["agency", "code"], suffixes=("_published", ""))
    assert len(both) == len(published) == 96
    assert (both["points_published"] == both["points"]).all()


def test_every_published_group_total_and_order_is_reproduced(scores):
    units = CELLS.drop_duplicates("unit").set_index("unit")
    points = scores.pivot_table(index="agency", columns="code", values="points").loc[units.index]
    groups = units["group_scores_tr_prog_online_dig_pay_sat"].str.split("|", expand=True)
    assert (points[GROUPS].to_numpy(float) == groups.to_numpy(float)).all()
    assert (points["total"].astype(float) == units["published_total"]).all()
    ranked = rank_agencies(scores).set_index("agency")["rank"]
    published = units["rank_of_116"].dropna()
    assert ranked[published.index].rank().tolist() == published.rank().tolist()


def test_provinces_and_their_ranks_with_ties_are_reproduced():
    answers = read_answers(PUBLISHED / "qd766_groups_2026-10-05.csv")
    scheme = load_scheme(PUBLISHED / "qd766_groups.toml")
    ranked = rank_agencies(score(None, scheme, answers=answers))
    assert ranked["rank"].tolist() == [1, 2, 3, 4, 5, 5, 7, 8, 9, 10]
    assert ranked["points"].round(2).tolist()[4:7] == [65.47, 65.47, 65.13]


def test_nothing_of_nothing_is_scored_row_by_row():
    policies = SCHEME.nodes.set_index("code")["zero_denominator"]
    assert policies[ZERO].eq("zero").all()
    assert policies[FULL].eq("full").all()
    assert policies[NOT_SEEN].eq("unknown").all()


def test_a_row_whose_zero_of_zero_was_not_seen_says_so(tmp_path):
    path = written(tmp_path, HEAD + "Sở A,H1.1,PUBLISH_ON_TIME,0,0,\nSở A,H1.1,ON_TIME,0,0,0\n")
    scores = score(read_portal_766(path), SCHEME)
    rows = scores.set_index("code")
    assert pd.isna(rows.loc["PUBLISH_ON_TIME", "points"])
    assert rows.loc["PUBLISH_ON_TIME", "branch"] == "nothing_unknown"
    assert rows.loc["ON_TIME", "points"] == 0
    assert "chưa thấy nguồn nào" in explain(scores, "PUBLISH_ON_TIME")
    assert "no source shows" in explain(scores, "PUBLISH_ON_TIME", lang="en")
    lost = points_lost(scores).set_index("code")
    assert lost.loc["PUBLISH_ON_TIME", "unknown"]
    assert "chưa thấy nguồn nào" in lost.loc["PUBLISH_ON_TIME", "how"]


def test_null_is_not_nought(tmp_path):
    rows = "Sở A,H1.1,ON_TIME,,,\nSở A,H1.1,DOSSIER_SYNC,null,5,\nSở A,H1.1,PUBLISH_ON_TIME,0,5,0\n"
    values = read_portal_766(written(tmp_path, HEAD + rows)).set_index("indicator")
    assert values["status"].tolist() == ["not_reported", "not_reported", "reported"]
    assert values.loc["DOSSIER_SYNC", "note"] == "Cổng chỉ in một trong hai số"
    points = score(values.reset_index(), SCHEME).set_index("code")["points"]
    assert pd.isna(points["ON_TIME"]) and points["PUBLISH_ON_TIME"] == 0


def test_a_row_that_does_not_apply_to_a_commune_gives_all_points(tmp_path):
    rows = "UBND xã Ea A,H1.2,PAYMENT_DOSSIERS,,,6\nSở A,H1.1,PAYMENT_DOSSIERS,,,6\n"
    values = read_portal_766(written(tmp_path, HEAD + rows)).set_index("agency")
    assert values["status"].to_dict() == {"UBND xã Ea A": "not_applicable", "Sở A": "not_reported"}
    scores = score(values.reset_index(), SCHEME)
    points = scores[scores["code"] == "PAYMENT_DOSSIERS"].set_index("agency")["points"]
    assert points["UBND xã Ea A"] == 6 and pd.isna(points["Sở A"])


@pytest.mark.parametrize(
    ("rows", "remark"),
    [
        ("Sở A,H1.1,PAYMENT_PROCEDURES_USED,0,1,", "Cổng in 0/1"),
        ("Sở A,H1.1,DOSSIER_SYNC,10,123.25,", "chia 12"),
        ("Sở A,H1.1,ON_TIME,0,0,0\nSở A,H1.1,DOSSIER_SYNC,0,40,", "không có hồ sơ nào"),
    ],
)
def test_temporary_denominators_are_flagged(tmp_path, rows, remark):
    values = read_portal_766(written(tmp_path, HEAD + rows + "\n"))
    assert remark in values["note"].iloc[-1]


SNAPSHOT = {
    "as_of": "2026-10-10",
    "year": 2026,
    "units": [
        {
            "name": "Sở A (giả lập)",
            "code": "H1.1",
            "groups": {"online": 8.97},
            "metrics": [
                {"code": "ON_TIME", "num": 9, "den": 10, "score": 18},
                {"code": "ELECTRONIC_CERTIFIED_COPY", "num": None, "den": None, "score": 2},
            ],
            "payment": {
                "parts": [
                    {"name": "dossiers paid online / dossiers with a fee", "num": 1, "den": 2},
                    {"name": "fee procedures offered / fee procedures", "num": 0, "den": 1},
                ]
            },
        }
    ],
}


def test_a_json_snapshot_is_read(tmp_path):
    values = read_portal_766(written(tmp_path, json.dumps(SNAPSHOT), "a.json"))
    assert values["indicator"].tolist() == [
        *("ON_TIME", "ELECTRONIC_CERTIFIED_COPY", "PAYMENT_DOSSIERS"),
        *("PAYMENT_PROCEDURES_OFFERED", "ONLINE_SERVICES"),
    ]
    assert values["basis"].unique().tolist() == ["year_to_date"]
    assert str(values["window_end"].iloc[0].date()) == "2026-10-10"
    assert str(values["period"].iloc[0]) == "2026Q4"
    points = score(values, SCHEME).set_index("code")["points"]
    rows = ["ON_TIME", "ELECTRONIC_CERTIFIED_COPY", "PAYMENT_DOSSIERS", "ONLINE_SERVICES"]
    assert points[rows].tolist() == [18, 2, 3, 8.97]


def test_figures_of_a_year_end_with_it(tmp_path):
    text = json.dumps(SNAPSHOT | {"as_of": "05/01/2027"})
    values = read_portal_766(written(tmp_path, text, "a.json"))
    assert str(values["window_end"].iloc[0].date()) == "2026-12-31"
    assert str(values["period"].iloc[0]) == "2026Q4"


def test_units_may_take_turns_and_groups_stand_in_another_order(tmp_path):
    head = "unit,unit_code,row,numerator,denominator,group_scores_online_tr\n"
    rows = "A,1,ON_TIME,1,2,3.5|9\nB,2,ON_TIME,1,2,4|9\nA,1,DOSSIER_SYNC,1,2,3.5|9\n"
    values = read_portal_766(written(tmp_path, head + rows)).set_index(["agency", "indicator"])
    assert values["value"].xs("ONLINE_SERVICES", level=1).to_dict() == {"A": 3.5, "B": 4.0}


def test_two_spellings_of_a_unit_and_its_code_are_one_unit(tmp_path):
    rows = "Sở Hòa,H1.A,ON_TIME,1,2,\nSỞ HOÀ,h1.a,DOSSIER_SYNC,1,2,\n"
    assert read_portal_766(written(tmp_path, HEAD + rows))["agency"].tolist() == 2 * ["Sở Hòa"]


def changed(**unit):
    return json.dumps(SNAPSHOT | {"units": [SNAPSHOT["units"][0], SNAPSHOT["units"][0] | unit]})


@pytest.mark.parametrize(
    ("text", "name", "what", "mend"),
    [
        (changed(name="Sở B"), "a.json", "unit code H1.1 is there twice, of", "its own code"),
        (
            HEAD + 2 * "Sở A,H1.1,ON_TIME,1,2,\n" + "Sở A,h1.1,ON_TIME,1,2,\n",
            "u_2026-10-10.csv",
            "twice: row ON_TIME again at line 3, and 1 more",
            "keep one",
        ),
        ('{"units": [], "units": []}', "a.json", "units is stated twice", ""),
        ('{"units": [{"name": "A"}]}', "a.json", "a.json, units 1", ""),
        (changed(code="H1.2"), "a.json", "the name Sở A .* is there twice, of H1.1 and H1.2", ""),
        (
            HEAD + "Sở A,H1.1,ON_TIMES,1,2,\n",
            "u_2026-10-10.csv",
            "line 2: there is no row 'ON_TIMES' in Decision 766",
            "did you mean ON_TIME",
        ),
        (HEAD + "Sở A,H1.1,ON_TIME,x,2,\n", "u_2026-10-10.csv", "numerator 'x' is no number", ""),
        (HEAD + "Sở A,H1.1,ON_TIME,-1,2,\n", "u_2026-10-10.csv", "below 0", ""),
        (
            HEAD + "Sở A,H1.1,ON_TIME,1.380,2.000,\n",
            "u_2026-10-10.csv",
            "no whole count",
            "not 1.380",
        ),
        (HEAD + "Sở A,,ON_TIME,1,2,\n", "u_2026-10-10.csv", "unit_code is empty", ""),
        (HEAD, "u_2026-10-10.csv", "there are no rows", ""),
        (HEAD + "Sở A,H1.1,ON_TIME,1,2,\n", "units.csv", "does not state its day", "as_of="),
        (
            HEAD + "Sở A,H1.1,ON_TIME,1,380,2,000,\n",
            "u_2026-10-10.csv",
            "more or fewer cells",
            "comma",
        ),
        (HEAD + "Sở A,H1.1,ON_TIME,1\n", "u_2026-10-10.csv", "more or fewer cells", "comma"),
        ("unit,row\nSở A,ON_TIME\n", "u.csv", "column unit_code, numerator, denominator", ""),
        ('{"units": [{"name": "A"}]}', "a.json", "no snapshot of units", "metrics"),
        ("{", "a.json", "no snapshot of units", ""),
    ],
)
def test_a_faulty_snapshot_is_refused_in_words(tmp_path, text, name, what, mend):
    with pytest.raises(ReadError, match=what) as error:
        read_portal_766(written(tmp_path, text, name))
    assert mend in str(error.value)


def test_all_faults_come_at_once(tmp_path):
    rows = "Sở A,H1.1,ON_TIME,x,2,\nSở A,H1.1,FOO,1,2,\n"
    with pytest.raises(ReadError, match="2 faults"):
        read_portal_766(written(tmp_path, HEAD + rows))


def test_a_file_of_a_vietnamese_spreadsheet_is_read(tmp_path):
    text = "\ufeff" + (HEAD + "Sở A,H1.1,ON_TIME 2.1,213,249,\n").replace(",", ";")
    values = read_portal_766(written(tmp_path, text, "units.csv"), as_of="10/10/2026")
    assert values[["indicator", "numerator"]].values.tolist() == [["ON_TIME", 213.0]]


def test_the_online_group_by_three_provisional_rows(tmp_path):
    rows = {
        "ONLINE_SERVICES_OFFERED": (60, 100),
        "ONLINE_SERVICES_USED": (30, 60),
        "ONLINE_DOSSIERS": (40, 100),
    }
    text = HEAD + "".join(f"Sở A,H1.1,{row},{a},{b},\n" for row, (a, b) in rows.items())
    scheme = load_scheme("qd-766-2022-online")
    scores = score(read_portal_766(written(tmp_path, text)), scheme).set_index("code")
    assert scores.loc[list(rows), "points"].tolist() == [1.5, 2.0, 4.8]
    assert scores.loc["online", "points"] == 8.3
    assert scheme.status == "provisional"
    assert "tạm tính" in scores.loc["total", "note"]
    shared = SCHEME.nodes[~SCHEME.nodes["code"].isin(["total", "ONLINE_SERVICES"])]
    rest = scheme.nodes[scheme.nodes["code"].isin(shared["code"])]
    columns = ["code", "parent", "max_points", "rule", "params", "zero_denominator", "missing"]
    assert rest[columns].values.tolist() == shared[columns].values.tolist()


@given(st.integers(0, 500), st.integers(0, 500))
def test_more_on_time_never_scores_less(few, more):
    few, more = sorted((few, more))
    rows = pd.DataFrame(
        {
            "agency": ["A", "B"],
            "period": "2026Q4",
            "indicator": "ON_TIME",
            "numerator": [few, more],
            "denominator": 500,
        }
    )
    points = score(rows, SCHEME).query("code == 'ON_TIME'")["points"].tolist()
    assert points[0] <= points[1]
