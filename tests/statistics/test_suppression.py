"""Small numbers: left out where they stand, and where they would follow from what stays."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from cchc_stats.indicators import measure
from cchc_stats.ledger import tally
from cchc_stats.statistics import add_intervals, control_chart, funnel
from cchc_stats.statistics.suppression import (
    audit_suppression,
    choosing,
    suppress_small,
    suppress_together,
)
from cchc_stats.statistics.suppression import suppression as room
from cchc_stats.trends import quarter_over_quarter
from cchc_stats.values.frame import complete_values
from cchc_stats.words.errors import CchcError, ValuesError

FIGURES = ["numerator", "denominator", "value"]
BELOW = 5


def values(groups, *, whole=True, indicator="late_rate_settled", **columns):
    """Return values of group -> (numerator, denominator), with their whole."""
    rows = [(group, *pair) for group, pair in groups.items()]
    if whole:
        rows.append(("all", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    frame = pd.DataFrame(rows, columns=["group", "numerator", "denominator"])
    return frame.assign(agency="Sở A", period="2020Q3", indicator=indicator, **columns)


def counts(figures, *, indicator="dossiers_settled_late", **columns):
    """Return values of group -> count, as they stand."""
    frame = pd.DataFrame({"group": [*figures], "value": [*figures.values()]})
    return frame.assign(**{"agency": "Sở A", "period": "2020Q3", "indicator": indicator} | columns)


def left_out(frame, **options):
    told = suppress_small(frame, **options)
    return [*told["group"][told["suppressed"] != ""]]


# --- an attack of our own: arithmetic of the test, none of the library's ---------


def ranges(cells, sums):
    """Return name -> (low, high) of the hidden cells: name -> figure or None; (whole, parts)."""
    hidden = [name for name, figure in cells.items() if figure is None]
    rows, right = [], []
    for whole, parts in sums:
        row = dict.fromkeys(hidden, 0.0)
        total = 0.0
        for name, sign in ((whole, 1.0), *((part, -1.0) for part in parts)):
            if cells[name] is None:
                row[name] += sign
            else:
                total -= sign * cells[name]
        rows.append([*row.values()])
        right.append(total)
    found = {}
    for at, name in enumerate(hidden):
        ends = []
        for sign in (1.0, -1.0):
            costs = np.zeros(len(hidden))
            costs[at] = sign
            end = linprog(costs, A_eq=rows, b_eq=right)
            assert end.status in (0, 3), end.message
            ends.append(sign * end.fun if end.status == 0 else np.inf)
        found[name] = tuple(ends)
    return found


def cube(figures):
    """Return values of units x sectors x quarters with province, whole and years to date."""
    figures = np.concatenate([figures, figures.sum(0, keepdims=True)])
    figures = np.concatenate([figures, figures.sum(1, keepdims=True)], axis=1)
    bases = {"in_period": figures, "year_to_date": figures.cumsum(axis=2)}
    units, sectors, quarters = figures.shape
    rows = [
        (agency_of(a, units), group_of(s, sectors), f"2020Q{q + 1}", basis, table[a, s, q])
        for basis, table in bases.items()
        for a in range(units)
        for s in range(sectors)
        for q in range(quarters)
    ]
    frame = pd.DataFrame(rows, columns=["agency", "group", "period", "basis", "value"])
    return frame.assign(indicator="dossiers_settled_late")


def agency_of(at, units):
    return "UBND tỉnh" if at == units - 1 else f"Sở {at}"


def group_of(at, sectors):
    return "all" if at == sectors - 1 else f"lĩnh vực {at}"


def ranges_of_cube(published):
    cells = {}
    for row in published.itertuples():
        at = (row.agency, row.group, row.basis, row.period.quarter)
        cells[at] = None if pd.isna(row.value) else float(row.value)
    agencies = {at[0] for at in cells} - {"UBND tỉnh"}
    groups = {at[1] for at in cells} - {"all"}
    sums = []
    for at in cells:
        agency, group, basis, quarter = at
        if agency == "UBND tỉnh":
            sums.append((at, [(one, group, basis, quarter) for one in agencies]))
        if group == "all":
            sums.append((at, [(agency, one, basis, quarter) for one in groups]))
        if basis == "year_to_date":
            sums.append((at, [(agency, group, "in_period", q + 1) for q in range(quarter)]))
    return ranges(cells, sums)


def test_nothing_follows_over_units_sectors_quarters_and_years_to_date():
    generator = np.random.default_rng(7)
    sizes = generator.gamma(1, 8, size=(4, 6, 1))
    figures = cube(generator.poisson(sizes, size=(4, 6, 2)))
    published = suppress_small(figures)
    small = ((figures["value"] > 0) & (figures["value"] < BELOW)).to_numpy()
    assert small.sum() > 20
    assert (published["suppressed"].to_numpy() != "")[small].all()
    assert published["suppressed"].eq("").mean() > 0.3
    found = ranges_of_cube(published)
    assert [at for at, (low, high) in found.items() if high - low < BELOW - 1e-6] == []
    # A small one may be anything from 0 on, so that nobody knows which of them are.
    names = list(zip(published["agency"], published["group"], published["basis"],
                     published["period"].dt.quarter, strict=True))  # fmt: skip
    assert all(found[names[at]][0] < 1e-6 for at in np.flatnonzero(small))
    assert audit_suppression(published).empty


@settings(max_examples=6)
@given(st.integers(0, 10**6))
def test_no_range_of_a_hidden_count_is_narrow(seed):
    generator = np.random.default_rng(seed)
    published = suppress_small(cube(generator.poisson(4, size=(3, 3, 1))))
    wide = [high - low > BELOW - 1e-6 for low, high in ranges_of_cube(published).values()]
    assert all(wide)


def test_what_is_too_large_is_protected_by_figures_nearby(monkeypatch):
    generator = np.random.default_rng(3)
    figures = cube(generator.poisson(generator.gamma(2, 20, size=(3, 6, 1)), size=(3, 6, 2)))
    exact = suppress_small(figures)
    monkeypatch.setattr(room, "MOST_COUNTS", 80)
    monkeypatch.setattr(choosing, "NEAREST", 40)
    published = suppress_small(figures, lang="en")
    gone, gone_exactly = (frame["suppressed"] != "" for frame in (published, exact))
    assert not published["note"].str.contains("lines").any()
    assert gone_exactly.sum() <= gone.sum() <= 1.3 * gone_exactly.sum()
    small = figures["value"].between(1, BELOW - 1)
    assert small.any() and gone[small.to_numpy()].all()
    found = ranges_of_cube(published)
    assert [at for at, (low, high) in found.items() if high - low < BELOW - 1e-6] == []


def test_with_too_many_small_ones_lines_are_lost_and_it_is_said(monkeypatch):
    generator = np.random.default_rng(3)
    figures = cube(generator.poisson(generator.gamma(2, 20, size=(3, 6, 1)), size=(3, 6, 2)))
    monkeypatch.setattr(room, "MOST_COUNTS", 80)
    monkeypatch.setattr(room, "MOST_SMALL", 1)
    published = suppress_small(figures, lang="en")
    gone = published[published["suppressed"] != ""]
    assert gone["note"].str.contains("lines with most numbers below 5 are left out").all()
    assert len({*gone["group"]}) > 1
    assert published["suppressed"].eq("").any()
    found = ranges_of_cube(published)
    assert [at for at, (low, high) in found.items() if high - low < BELOW - 1e-6] == []


def test_counts_of_one_form_are_known_under_every_indicator():
    shown = suppress_small(
        measure({"dossiers": tally("data/synthetic_ledger", "2020Q3", by="sector")})
    )
    assert 0.3 < shown["suppressed"].eq("").mean() < 1
    at = shown.set_index(["indicator", "group"])

    def told(indicator, column="value"):
        return at.xs(indicator)[column].drop("all", errors="ignore").dropna()

    settled = told("dossiers_settled").combine_first(told("late_rate_settled", "denominator"))
    on_time = told("on_time_rate_settled", "numerator").combine_first(
        told("on_time_rate_received", "numerator")
    )
    received = told("dossiers_received").combine_first(told("settlement_rate", "denominator"))
    for less, whole in ((on_time, settled), (settled, received)):
        late = (whole - less).dropna()
        assert len(late) > 3
        assert not ((late > 0) & (late < BELOW)).any()
    assert audit_suppression(shown).empty


# --- what is left out, in small ---------


def test_a_small_numerator_and_the_next_smallest_group_are_left_out():
    told = left_out(values({"A": (2, 60), "B": (9, 90), "C": (8, 40), "D": (0, 200)}))
    assert told == ["A", "C"]


def test_what_is_not_in_the_numerator_is_small_as_well():
    # 59 of 60 on time tells of one that was late.
    assert left_out(values({"A": (59, 60)}, whole=False, indicator="on_time_rate_settled")) == ["A"]


def test_a_small_denominator_is_left_out_and_nought_stays():
    told = left_out(values({"A": (0, 3), "C": (0, 50), "D": (0, 60)}, whole=False))
    assert told == ["A", "C"]


def test_two_small_ones_that_add_up_to_a_small_number_take_a_third():
    groups = {"A": (1, 100), "B": (1, 100), "C": (20, 300), "D": (30, 400)}
    assert left_out(values(groups)) == ["A", "B", "C"]


def test_two_small_ones_that_add_up_to_enough_protect_each_other():
    assert left_out(values({"A": (3, 100), "B": (4, 100), "C": (20, 300)})) == ["A", "B"]


@pytest.mark.parametrize(("first", "second"), [(4, 4), (5, 1)])
def test_nobody_is_told_which_of_them_is_small(first, second):
    # 1 to 4 and 1 to 4 would be 4 and 4, below 5 and at least 5 would be 1 and 5.
    frame = counts({"x": first, "y": second, "z": 20, "all": 20 + first + second})
    published = suppress_small(frame).set_index("group")
    hidden = published.loc[["x", "y"]]
    assert hidden["suppressed"].tolist() == ["suppressed"] * 2
    assert len({*hidden["note"]}) == 1
    shown = {name: None for name in "xy"} | {"z": 20.0, "all": 20.0 + first + second}
    assert ranges(shown, [("all", ["x", "y", "z"])])["x"] == pytest.approx((0, first + second))


def test_the_remainder_of_a_whole_is_no_small_number():
    # 18 less 9 less 7 is 2, though no row has it.
    frame = values({"x": (9, 90), "y": (7, 70)}, whole=False)
    whole = values({"all": (18, 190)}, whole=False)
    assert len(left_out(pd.concat([frame, whole]))) == 1


@pytest.mark.parametrize(("value", "small"), [(100 * 2 / 60, True), (3.3, True), (15.0, False)])
def test_a_percentage_times_its_denominator_is_a_number(value, small):
    frame = values({"x": (0, 60), "y": (0, 90)}).drop(columns="numerator")
    frame = frame.assign(value=[value, 10.0, 12.0], unit="percent")
    assert ("x" in left_out(frame)) == small


def test_a_count_is_its_own_number():
    frame = counts({"A": 1, "B": 30, "C": 40, "all": 71}, indicator="dossiers_pending")
    assert left_out(frame) == ["A", "B"]
    # Three days are no three dossiers.
    assert left_out(frame.assign(indicator="mine", unit="working_days")) == []


def test_nested_groups_are_parts_of_their_level():
    figures = {"A|x": 2, "A|y": 9, "A": 11, "B": 30, "all": 41}
    assert {"A|x", "A|y"} <= {*left_out(counts(figures, indicator="mine"))}


def test_nested_groups_that_are_no_sums_are_refused():
    figures = {"A|x": 7, "A|y": 9, "A": 11, "B": 30, "all": 41}
    with pytest.raises(ValuesError) as caught:
        suppress_small(counts(figures, indicator="mine"))
    assert "the groups within 'A' are together 16, more than its own 11" in str(caught.value)
    assert "Sở A, 2020Q3, mine" in str(caught.value)
    assert "name overlapping groups without '|'" in str(caught.value)


def test_what_is_left_out_has_no_figure_and_says_why():
    frame = values(
        {"A": (2, 60), "B": (9, 90)}, source="bảng 1b, ô '2'", note="2/60", rank=[1, 2, 3]
    )
    told = suppress_small(frame, below=10, lang="en").set_index("group")
    assert told.loc[["A", "B"], [*FIGURES, "rank"]].isna().all(axis=None)
    assert told.loc["A", ["status", "source"]].tolist() == ["not_reported", ""]
    assert told.loc["A", "note"].startswith("not published: a number below 10, or one")
    assert told.loc["all", FIGURES].notna().all()
    told = suppress_small(values({"A": (2, 60), "B": (9, 90)}), lang="vi").set_index("group")
    assert told.loc["B", "note"].startswith("không công bố: số dưới 5, hoặc số")


def test_texts_that_stay_quote_no_figure_that_is_left_out():
    frame = values({"A": (2, 60), "B": (9, 90)})
    frame["note"] = ["", "", "Hộ tịch: 2 trễ"]
    frame["source"] = ["", "", "bảng 2, cột 'Trễ hạn' “2” + “9”, cột 'Tổng số' “150”"]
    whole = suppress_small(frame).set_index("group").loc["all"]
    assert whole["note"] == "ghi chú có số không công bố"
    assert whole["source"] == "bảng 2, cột 'Trễ hạn' … + …, cột 'Tổng số' “150”"


def test_a_later_quarter_does_not_tell_an_earlier_one():
    frame = pd.concat(
        [
            counts({"x": 2, "y": 9, "z": 30, "all": 41}, period="2020Q2"),
            counts({"x": 12, "y": 25, "z": 33, "all": 70}),
        ]
    )
    shown = suppress_small(quarter_over_quarter(frame)).set_index(["period", "group"])
    later = shown.xs("2020Q3")
    assert later.loc[["x", "y"], ["previous", "change", "change_pct"]].isna().all(axis=None)
    assert later["value"].tolist() == [12, 25, 33, 70]
    assert later.loc["z", "previous"] == 30
    # Nor where the earlier quarter itself is not among the values.
    alone = suppress_small(quarter_over_quarter(frame).iloc[4:].reset_index(drop=True))
    assert alone.set_index("group").loc["x", ["previous", "change"]].isna().all()


@pytest.mark.parametrize("over", ["period", "agency"])
def test_charts_do_not_tell_what_is_left_out(over):
    many = [f"{2018 + at // 4}Q{at % 4 + 1}" for at in range(12)]
    frame = values({"all": (58, 60)}, whole=False, indicator="on_time_rate_settled")
    frame = pd.concat([frame.assign(**{over: name}) for name in many], ignore_index=True)
    frame = frame.drop(columns="period").assign(period="2020Q3") if over == "agency" else frame
    frame["numerator"] = [58, *[50] * 11]
    charted = control_chart(frame) if over == "period" else funnel(frame)
    shown = suppress_small(add_intervals(charted) if over == "agency" else charted)
    assert shown["centre"].isna().all()
    assert shown["value"].notna().sum() == 11
    if over == "agency":  # a chance under the centre tells the centre
        shown = suppress_small(funnel(frame, levels=(90,)))
        assert shown[["low_90", "high_90", "p_value", "p_adjusted"]].isna().all(axis=None)


@pytest.mark.parametrize("told", ["previous", "change", "change_pct"])
def test_what_a_row_says_of_another_that_is_left_out_is_found(told):
    # 20, 3 and 30 settled: 3 − 20 = −17 is −85 %, 30 − 3 = 27 is 900 %.
    rows = zip(("2020Q1", "2020Q2", "2020Q3"), (20, 3, 30), strict=True)
    frame = pd.DataFrame(rows, columns=["period", "value"])
    compared = quarter_over_quarter(frame.assign(agency="A", indicator="dossiers_settled"))
    shown = suppress_small(compared)
    assert audit_suppression(shown).empty
    for row in (1, 2):
        leak = shown.copy()
        leak.loc[row, told] = compared.loc[row, told]
        found = audit_suppression(leak)
        assert found[["low", "high"]].values.tolist() == (
            [[3, 3]] if (row, told) != (1, "previous") else []
        )


def test_a_change_in_points_tells_the_percentage_before():
    frame = values({"all": (50, 60)}, whole=False, indicator="on_time_rate_settled")
    frame = pd.concat([frame.assign(period=one) for one in ("2020Q1", "2020Q2")])
    frame = pd.concat(
        [
            frame.assign(numerator=[50, 57]),
            frame.assign(
                indicator="dossiers_settled",
                numerator=pd.NA,
                denominator=pd.NA,
                value=60,
                unit="dossiers",
            ),
        ]
    )
    compared = quarter_over_quarter(frame)
    leak = suppress_small(compared).assign(change_pp=compared["change_pp"])
    assert audit_suppression(leak)[["figure", "low", "high"]].values.tolist() == [["rest", 3, 3]]


def test_sets_are_kept_apart():
    frame = pd.concat(
        [
            values({"A": (2, 60), "B": (9, 90)}),
            values({"A": (20, 60), "B": (9, 90)}).assign(agency="B"),
        ]
    )
    told = suppress_small(frame)
    assert told.loc[told["agency"] == "B", "suppressed"].eq("").all()


def test_nothing_small_changes_nothing():
    frame = complete_values(values({"A": (20, 60), "B": (9, 90)}))
    told = suppress_small(frame)
    pd.testing.assert_frame_equal(told.drop(columns="suppressed"), frame)
    assert (told["suppressed"] == "").all()


def test_cells_of_forms_are_left_out_together_with_values():
    table = tally("data/synthetic_ledger", "2020Q3", by="sector")
    shown = suppress_together(measure({"dossiers": table}), {"dossiers": table})
    form = shown.tables["dossiers"]
    late = form["settled_total"] - form["settled_on_time"]
    assert len(late.dropna()) > 3
    for figure in (late, form["settled_late"], form["carried_over"]):
        assert not ((figure > 0) & (figure < BELOW)).fillna(False).any()
    rows = shown.values.set_index(["indicator", "group"])["numerator"]
    told = rows.xs("on_time_rate_received").reindex(form["sector"]).to_numpy()
    both = pd.Series(told, index=form.index).dropna()
    # What the values leave out the form does not print, and the other way round.
    assert form.loc[both.index, "settled_on_time"].notna().all()


# --- the attack ---------


def test_the_attack_finds_what_follows():
    shown = counts({"x": None, "y": 9, "all": 11, "z": None})
    found = audit_suppression(shown.iloc[:3])
    assert found[["group", "figure", "low", "high"]].values.tolist() == [["x", "value", 2.0, 2.0]]
    found = audit_suppression(shown)
    assert found[["group", "low", "high"]].values.tolist() == [["x", 0.0, 2.0], ["z", 0.0, 2.0]]
    assert audit_suppression(shown, below=2).empty
    assert audit_suppression(counts({"x": None, "y": None, "all": 11})).empty


@st.composite
def hidden_twice(draw):
    """Return a table of counts with some hidden, and the same with more hidden."""
    figures = draw(st.lists(st.integers(0, 9), min_size=3, max_size=5))
    table = cube(np.array(figures).reshape(1, -1, 1).repeat(2, axis=0))
    first = draw(st.sets(st.integers(0, len(table) - 1), max_size=len(table) // 2))
    more = draw(st.sets(st.integers(0, len(table) - 1), max_size=len(table) // 3))
    hide = [
        table["value"].astype("Float64").mask(table.index.isin(one))
        for one in (first, first | more)
    ]
    return [table.assign(value=column) for column in hide]


@settings(max_examples=15)
@given(hidden_twice())
def test_hiding_more_never_reveals_more(tables):
    fewer, more = (audit_suppression(table) for table in tables)
    key = ["agency", "period", "basis", "group", "figure"]
    hidden = tables[0][tables[0]["value"].isna()]
    at = fewer.set_index(key)
    for row in more.to_dict("records"):
        same = all((hidden[name].astype(str) == str(row[name])).any() for name in key[:-1])
        told = tuple(row[name] for name in key)
        if same and told in at.index:
            assert row["low"] <= at.loc[told, "low"]
            assert row["high"] >= at.loc[told, "high"]


@st.composite
def tables(draw):
    groups = {}
    for name in "ABCDE"[: draw(st.integers(2, 5))]:
        size = draw(st.one_of(st.integers(0, 12), st.integers(0, 300)))
        groups[name] = (draw(st.one_of(st.integers(0, min(size, 8)), st.integers(0, size))), size)
    return values(groups)


@settings(max_examples=15)
@given(tables(), st.integers(2, 12), st.randoms(use_true_random=False))
def test_no_small_number_stands_or_follows_whatever_the_order(frame, below, random):
    before = frame.copy()
    told = suppress_small(frame, below=below)
    shown = told[told["value"].notna()]
    for numbers in (
        shown["numerator"],
        shown["denominator"],
        shown["denominator"] - shown["numerator"],
    ):
        assert not ((numbers > 0) & (numbers < below)).any()
    small = complete_values(frame)
    small = small[(small["numerator"] > 0) & (small["numerator"] < below)]
    if "all" not in {*small["group"]}:
        cells = dict(zip(told["group"], told["numerator"].astype(object), strict=True))
        cells = {name: None if pd.isna(cell) else float(cell) for name, cell in cells.items()}
        if cells["all"] is not None:
            parts = [name for name in cells if name != "all"]
            found = ranges(cells, [("all", parts)])
            assert all(np.subtract(*found[name][::-1]) > below - 1e-6 for name in small["group"])
    order = list(range(len(frame)))
    random.shuffle(order)
    assert {*left_out(frame.iloc[order], below=below)} == {*left_out(frame, below=below)}
    pd.testing.assert_frame_equal(frame, before)


@settings(max_examples=10)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=4), st.data())
def test_a_finer_partition_keeps_what_was_small(figures, data):
    coarse = dict(zip("ABCD", figures, strict=False))
    fine = dict(coarse)
    for name, figure in coarse.items():
        part = data.draw(st.integers(0, figure))
        fine |= {f"{name}|x": part, f"{name}|y": figure - part}
    whole = {"all": sum(figures)}
    small = {name for name, figure in (coarse | whole).items() if 0 < figure < BELOW}
    published = suppress_small(counts(fine | whole, indicator="mine"))
    assert small <= {*published["group"][published["suppressed"] != ""]}
    assert audit_suppression(published).empty


@pytest.mark.parametrize(
    ("own", "gone"),
    [
        ({"dossiers_settled_on_time": 58}, ["dossiers_settled_on_time"]),
        ({"settled_on_time": 58}, ["settled_on_time"]),
        ({"mine": 58}, ["mine"]),
        ({"mine": 40, "yours": 18}, ["yours"]),
        ({"mine": 45, "yours": 31}, []),
    ],
)
def test_what_an_indicator_of_ones_own_may_be_a_part_of_gives_nothing_away(own, gone):
    figures = {"dossiers_settled": 60, **own, "dossiers_settled_late": 2}
    frame = counts({"all": 0}).drop(columns=["value", "indicator"]).iloc[[0] * len(figures)]
    frame = frame.assign(indicator=[*figures], value=[*figures.values()]).reset_index(drop=True)
    published = suppress_small(frame, lang="en")
    hidden = published["suppressed"] != ""
    assert [*published["indicator"][hidden]] == [*gone, "dossiers_settled_late"]
    unnamed = "mine" in own
    of_own = published[published["indicator"].isin([*own]) & ~hidden]
    assert of_own["note"].str.contains("is a part of is not stated").eq(unnamed).all()
    audit = audit_suppression(published, lang="en")
    assert audit.empty and ("mine" in audit.attrs["note"]) == unnamed
    if gone and len(own) == 1:
        late = frame.assign(value=frame["value"].mask(frame["value"] == 2))
        assert audit_suppression(late)[["low", "high"]].values.tolist() == [[2.0, 2.0]]


@pytest.mark.parametrize("below", [1, 0, 2.5, True, None])
def test_a_bound_that_leaves_nothing_out_is_refused(below):
    for call in (suppress_small, audit_suppression):
        with pytest.raises(CchcError, match="give a whole number of 2 or more"):
            call(values({"A": (2, 60)}), below=below)
