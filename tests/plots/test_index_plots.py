import datetime as dt
import subprocess
import sys
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from readable import assert_readable, legend, overlapping, texts, ticks

from cchc_stats.index.explaining import points_lost
from cchc_stats.index.ranking import rank_agencies
from cchc_stats.index.scheme.scheme import Scheme, load_scheme
from cchc_stats.index.scoring.scoring import score
from cchc_stats.index.uncertainty.sensitivity import sensitivity
from cchc_stats.plots import plot_caption, plot_points_lost, plot_ranks, plot_scheme, plot_score
from cchc_stats.plots.axes import BLUE, COLOURS, GREY, VERMILLION
from cchc_stats.plots.scheme_tree import TONES
from cchc_stats.plots.score import HATCH
from cchc_stats.words.errors import CchcError, PlotError
from cchc_stats.words.labels import Label

# Bình Định 2019, points that the province gave itself under Decision 1150/QĐ-BNV.
FIELDS = (
    ("Công tác chỉ đạo điều hành CCHC", 7, 7),
    ("Xây dựng và tổ chức thực hiện VBQPPL", 5, 5),
    ("Cải cách thủ tục hành chính", 13.65, 14),
    ("Cải cách tổ chức bộ máy", 7.04, 7.5),
    ("Xây dựng và nâng cao chất lượng đội ngũ CBCCVC", 7, 8),
    ("Cải cách tài chính công", 8, 8.5),
    ("Hiện đại hóa hành chính", 9, 9),
    ("Tác động của CCHC", 3, 6),
)
# Ranks of provinces on the national portal, 2026-10-05, with their points of 100.
PROVINCES = (
    (1, "UBND tỉnh Đồng Tháp", 68.11),
    (2, "UBND Thành phố Đồng Nai", 66.97),
    (3, "UBND Thành phố Hải Phòng", 66.7),
    (4, "UBND tỉnh Gia Lai", 65.57),
    (5, "UBND thành phố Quảng Ninh", 65.47),
    (5, "UBND tỉnh Tây Ninh", 65.47),
    (7, "UBND tỉnh Đắk Lắk", 65.13),
)
ENDLESS = "Tỷ lệ hồ sơ thủ tục hành chính được giải quyết trước và đúng hạn trong năm " * 6


def node(code, points, most, *, parent="total", level=1, known=None, unknown=0.0, **more):
    percent = None if points is None or not most else 100 * points / most
    return {
        "code": code,
        "parent": parent,
        "level": level,
        "label": f"Lĩnh vực {code}",
        "points": points,
        "applicable_max": most,
        "points_known": points if known is None else known,
        "unknown_max": unknown,
        "percent": percent,
        "kind": "score",
    } | more


def scores(*nodes, total=None, **more):
    root = node("total", *(total or (1, 2)), parent="", level=0, label="Chỉ số CCHC")
    frame = pd.DataFrame([root, *nodes]).assign(agency="Bình Định", period="2019Q4")
    figures = ["points", "applicable_max", "points_known", "unknown_max", "percent"]
    frame = frame.astype(dict.fromkeys(figures, "Float64"))
    return frame.assign(assessor="self", scheme="qd-1150", scheme_status="confirmed", **{})[
        ["agency", "period", "assessor", *frame.columns[:-2], "scheme", "scheme_status"]
    ].assign(**more)


def binh_dinh(**more):
    nodes = [
        node(str(n), points, most, label=label)
        for n, (label, points, most) in enumerate(FIELDS, start=1)
    ]
    return scores(*nodes, total=(59.69, 65), **more)


def lost(*rows, **more):
    """Return a frame of points lost from (lost, how); a loss of None is not known."""
    frame = pd.DataFrame(
        {
            "code": [f"1.{n}" for n in range(len(rows))],
            "label": [f"Tiêu chí {n}" for n in range(len(rows))],
            "max_points": 8.0,
            "lost": pd.array([row[0] for row in rows], dtype="Float64"),
            "how": [row[1] for row in rows],
        }
    )
    heads = {"agency": "Sở A", "period": "2022Q4", "assessor": "self", "scheme_status": "confirmed"}
    return frame.assign(**heads | more)


def ranks(rows=PROVINCES, **more):
    frame = pd.DataFrame(rows, columns=["rank", "agency", "percent"])
    frame = frame.astype({"rank": "Float64", "percent": "Float64"})
    return frame.assign(period="2026Q4", assessor="self", scheme_status="confirmed", **more)


def scheme(*nodes, status="confirmed", most=10.0):
    """Return a scheme of nodes (code, parent, level, max_points, part, kind)."""
    rows = [("total", "", 0, most, "", "score"), *nodes]
    columns = ["code", "parent", "level", "max_points", "part", "kind"]
    frame = pd.DataFrame(rows, columns=columns)
    inner = frame["code"].isin(frame["parent"])
    texts_of = ("indicator", "basis", "source", "evidence", "note", "note_en")
    frame = frame.assign(
        **dict.fromkeys(texts_of, ""),
        params=np.where(frame["kind"] == "deduction", '{"each": 1}', "{}"),
        group=np.where(inner, "", "all"),
        rounding=pd.NA,
        zero_denominator=np.where(inner, "", "full"),
        missing=np.where(inner, "", "unknown"),
        label="Nội dung " + frame["code"],
        label_en="Content " + frame["code"],
        rule=frame["kind"].replace("score", "external").mask(inner, ""),
    )
    return Scheme(
        name="qd-1",
        title=Label("Bộ chỉ số", "An index"),
        status=status,
        source="Quyết định 1",
        version="1",
        valid_from=dt.date(2020, 1, 1),
        valid_to=None,
        nodes=frame,
    )


FIELDS_AND_CRITERIA = (
    ("1", "total", 1, 6.0, "self", "score"),
    ("1.1", "1", 2, 2.0, "self", "score"),
    ("1.2", "1", 2, 4.0, "self", "score"),
    ("2", "total", 1, 4.0, "survey", "score"),
)


def bars(ax, *, colour=None, hatch=None, outline=False):
    """Return the bars of a look, top row first."""
    found = []
    for bar in ax.patches:
        hollow = bar.get_facecolor()[3] == 0
        if outline != hollow or (bar.get_hatch() or "") != (hatch or ""):
            continue
        if colour is None or to_hex(bar.get_facecolor()) == colour.lower():
            found.append(bar)
    return sorted(found, key=lambda bar: bar.get_y())


def widths(some):
    return [bar.get_width() for bar in some]


def blocks(ax):
    """Return (left, top, width, height) of the blocks by the label written in them."""
    found = {}
    for text in ax.texts:
        for patch in ax.patches:
            box = patch.get_bbox()
            inside = box.x0 <= text.get_position()[0] <= box.x1
            if inside and np.isclose((box.y0 + box.y1) / 2, text.get_position()[1]):
                found[text.get_text()] = patch
    return found


# --- all four -----------------------------------------------------------------------------------

DRAWN = {
    "score": (plot_score, binh_dinh),
    "lost": (plot_points_lost, lambda: lost((6, "cần đạt 95%"), (1.5, ""))),
    "ranks": (plot_ranks, ranks),
    "scheme": (plot_scheme, lambda: scheme(*FIELDS_AND_CRITERIA)),
}
FRAMES = {name: drawn for name, drawn in DRAWN.items() if name != "scheme"}


@pytest.mark.parametrize(("draw", "make"), DRAWN.values(), ids=DRAWN)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_given_ax_is_drawn_on_and_returned(draw, make, lang):
    _, axes = plt.subplots(1, 2, figsize=(16, 5), layout="constrained")
    assert draw(make(), ax=axes[0], lang=lang) is axes[0]
    assert plt.get_fignums() == [1]
    assert not axes[1].has_data()
    assert_readable(axes[0])


@pytest.mark.parametrize(("draw", "make"), DRAWN.values(), ids=DRAWN)
def test_without_an_ax_a_readable_figure_is_made(draw, make):
    _, mine = plt.subplots()
    ax = draw(make())
    assert ax is not mine
    assert not mine.has_data()
    assert_readable(ax)


@pytest.mark.parametrize(("draw", "make"), DRAWN.values(), ids=DRAWN)
def test_another_language_is_refused(draw, make):
    with pytest.raises(CchcError, match="no labels in language 'fr'"):
        draw(make(), lang="fr")


def test_pyplot_is_only_imported_for_a_new_figure():
    code = (
        "import sys, cchc_stats.plots as plots, pandas as pd; from matplotlib.figure import Figure;"
        "own = pd.DataFrame({'agency': ['A'], 'rank': [1], 'percent': [90.0]});"
        "plots.plot_ranks(own, ax=Figure().add_subplot());"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(("draw", "make"), FRAMES.values(), ids=FRAMES)
def test_an_example_scheme_is_called_so(draw, make):
    frame = make()
    assert "Thang điểm ví dụ" not in texts(draw(frame))
    example = frame.assign(scheme_status="example")
    assert "Thang điểm ví dụ" in texts(draw(example))
    assert "Example scheme" in texts(draw(example, lang="en"))
    both = texts(draw(example.assign(source="synthetic_index.csv")))
    assert {"Thang điểm ví dụ", "số liệu giả lập"} <= set(both)


def test_the_tree_of_an_example_scheme_is_called_so():
    own = scheme(*FIELDS_AND_CRITERIA)
    assert "Thang điểm ví dụ" not in texts(plot_scheme(own))
    example = scheme(*FIELDS_AND_CRITERIA, status="example")
    ax = plot_scheme(example)
    assert "Thang điểm ví dụ" in texts(ax)
    assert "Example scheme" in texts(plot_scheme(example, lang="en"))
    assert_readable(ax)


@pytest.mark.parametrize(("draw", "make"), FRAMES.values(), ids=FRAMES)
def test_the_input_is_left_as_it_was(draw, make):
    frame = make()
    before = frame.copy(deep=True)
    draw(frame)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(("draw", "make"), FRAMES.values(), ids=FRAMES)
def test_dollar_signs_are_no_formulas(draw, make):
    frame = make()
    name = "label" if "label" in frame else "agency"
    ax = draw(frame.assign(**{name: [f"{n}$ và $\\foo$" for n in range(len(frame))]}))
    ax.get_figure().canvas.draw()
    seen = [artist._preprocess_math(artist.get_text()) for artist in ax.get_yticklabels()]
    assert all("$" in text and not formula for text, formula in seen)


NO_FRAME = {
    "score": (plot_score, "scores", "score(values, scheme) gives them"),
    "lost": (plot_points_lost, "points lost", "points_lost(scores) gives them"),
    "ranks": (
        plot_ranks, "ranks", "rank_agencies(scores) or sensitivity(values, scheme) gives them",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("draw", "of", "mend"), NO_FRAME.values(), ids=NO_FRAME)
def test_what_is_no_frame_is_refused(draw, of, mend):
    with pytest.raises(PlotError) as refusal:
        draw([1, 2])
    assert str(refusal.value) == (
        f"{of} are a DataFrame, not a list\n  where: {of}\n  mend:  {mend}"
    )


@pytest.mark.parametrize(("draw", "make"), FRAMES.values(), ids=FRAMES)
def test_no_rows_are_refused(draw, make):
    with pytest.raises(PlotError, match="there are no|nothing to show"):
        draw(make().iloc[:0])


@pytest.mark.parametrize(
    ("draw", "make", "column"),
    [(plot_score, binh_dinh, "points"), (plot_points_lost, lambda: lost((6, "")), "lost"),
     (plot_ranks, ranks, "percent")],
)  # fmt: skip
def test_missing_doubled_and_wrong_columns_are_refused(draw, make, column):
    frame = make()
    with pytest.raises(PlotError, match=f"^column {column} missing\n"):
        draw(frame.drop(columns=column))
    with pytest.raises(PlotError, match=f"^column {column} stands more than once\n"):
        draw(pd.concat([frame, frame[[column]]], axis=1))
    wrong = frame.astype({column: "object"})
    wrong.loc[0, column] = "mười"
    with pytest.raises(PlotError, match=f"^column {column} has a cell that is no number: 'mười'"):
        draw(wrong)


@pytest.mark.parametrize(
    ("draw", "make", "column", "cells", "what"),
    [
        (plot_score, binh_dinh, "agency", "Sở", "agencies"),
        (plot_score, binh_dinh, "scheme", "qd-", "schemes"),
        (plot_points_lost, lambda: lost((6, ""), (1, "")), "agency", "Sở", "agencies"),
        (plot_points_lost, lambda: lost((6, ""), (1, "")), "assessor", "a", "assessors"),
        (plot_ranks, ranks, "assessor", "a", "assessors"),
        (plot_ranks, ranks, "group", "g", "groups"),
        (plot_ranks, ranks, "code", "c", "nodes"),
    ],
)
def test_several_of_what_must_be_one_are_refused(draw, make, column, cells, what):
    frame = make()
    several = frame.assign(**{column: [f"{cells}{n % 2}" for n in range(len(frame))]})
    with pytest.raises(PlotError) as refusal:
        draw(several)
    one = "node" if column == "code" else column
    assert str(refusal.value) == (
        f"2 {what} cannot share one such plot\n"
        f"  where: column {column}: {cells}0, {cells}1\n"
        f"  mend:  choose the rows of one {one}, and draw a plot for each"
    )


@pytest.mark.parametrize(("draw", "make"), FRAMES.values(), ids=FRAMES)
def test_several_periods_are_refused(draw, make):
    frame = make()
    quarters = ["2020Q1", *["2020Q2"] * (len(frame) - 1)]
    with pytest.raises(PlotError, match="^2 periods cannot share one such plot\n"):
        draw(frame.assign(period=quarters))


@pytest.mark.parametrize("top", [0, -1, 2.5, True, "3"])
@pytest.mark.parametrize("name", ["lost", "ranks"])
def test_a_senseless_number_of_rows_is_refused(name, top):
    draw, make = DRAWN[name]
    with pytest.raises(PlotError) as refusal:
        draw(make(), top=top)
    assert str(refusal.value) == (
        f"{top!r} is not a number of rows\n  where: top=\n  mend:  give a whole number from 1 up"
    )


def test_what_the_index_gives_can_be_drawn():
    scheme = load_scheme("qd-766-2022")
    rates = scheme.nodes.query("rule != '' and rule != 'external'")
    values = pd.concat(
        pd.DataFrame(
            {
                "agency": agency,
                "period": "2026Q3",
                "indicator": rates["indicator"],
                "group": rates["group"],
                "numerator": settled,
                "denominator": 100,
            }
        )
        for agency, settled in (("Tỉnh A", 96), ("Tỉnh B", 90))
    )
    answers = pd.DataFrame({"agency": ["Tỉnh A", "Tỉnh B"], "period": "2026Q3",
                            "code": "ONLINE_SERVICES", "number": [12, 9]})  # fmt: skip
    drawn = score(values, scheme, answers=answers)
    one = drawn[drawn["agency"] == "Tỉnh B"]
    assert texts(plot_score(one))[1] == "18/20 (90%)"
    ax = plot_points_lost(points_lost(one))
    assert widths(bars(ax))[0] == 3
    assert sum(widths(bars(ax))) == pytest.approx(100 - float(one["points"].iloc[0]))
    ranked = plot_ranks(rank_agencies(drawn))
    assert ticks(ranked.yaxis) == ["Tỉnh A", "Tỉnh B"]
    assert texts(ranked)[1].startswith("hạng 2 · ")
    varied = sensitivity(values, scheme, answers=answers, draws=100, seed=1)
    assert [rank for _, rank in dots(plot_ranks(varied))] == [1, 2]


# --- score --------------------------------------------------------------------------------------


def test_the_published_points_of_binh_dinh():
    ax = plot_score(binh_dinh())
    assert widths(bars(ax, colour=BLUE)) == [points for _, points, _ in FIELDS]
    assert widths(bars(ax, outline=True)) == [most for _, _, most in FIELDS]
    assert [text.replace("\n", " ") for text in ticks(ax.yaxis)] == [name for name, _, _ in FIELDS]
    assert texts(ax)[2] == "13,65/14 (97,5%)"
    assert ax.get_title(loc="left") == (
        "Chỉ số CCHC · 59,69/65 điểm (91,8%)\nBình Định · Quý IV/2019 · qd-1150"
    )
    assert ax.get_xlabel() == "Điểm"
    assert "13.65/14 (97.5%)" in texts(plot_score(binh_dinh(), lang="en"))


@settings(max_examples=8)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 400)), min_size=1, max_size=12))
def test_a_bar_is_as_long_as_the_points_and_starts_at_0(pairs):
    pairs = [(min(pair) / 20, max(pair) / 20) for pair in pairs]
    ax = plot_score(scores(*(node(str(n), *pair) for n, pair in enumerate(pairs))))
    try:
        # Nothing is drawn for no points: a bar without a length would look like a few.
        assert widths(bars(ax, colour=BLUE)) == [points for points, _ in pairs if points]
        assert widths(bars(ax, outline=True)) == [most for _, most in pairs]
        assert {bar.get_x() for bar in ax.patches} == {0}
        assert ax.get_xlim()[1] > max(most for _, most in pairs)
    finally:
        plt.close("all")


def test_what_is_not_known_is_hatched_and_said():
    frame = scores(
        node("1", None, 14, known=9.65, unknown=4.35),
        node("2", None, 6, known=0, unknown=6),
        node("3", 5, 5),
        total=(None, 25),
    )
    frame.loc[0, ["points_known", "unknown_max"]] = [14.65, 10.35]
    ax = plot_score(frame)
    part, whole = bars(ax, hatch=HATCH)
    assert (part.get_x(), part.get_width()) == (9.65, 4.35)
    assert (whole.get_x(), whole.get_width()) == (0, 6)
    assert widths(bars(ax, colour=BLUE)) == [9.65, 5]
    assert texts(ax) == [
        "9,65/14, chưa có số liệu: 4,35", "chưa có số liệu (tối đa 6)", "5/5 (100%)",
    ]  # fmt: skip
    assert "14,65/25 điểm, chưa có số liệu: 10,35 điểm" in ax.get_title(loc="left")
    assert "chưa có số liệu" in legend(ax)
    assert "chưa có số liệu" not in legend(plot_score(binh_dinh()))
    assert_readable(ax)


def test_points_known_to_be_0_are_not_taken_for_unknown():
    ax = plot_score(
        scores(node("1", None, 8, known=0, unknown=4), node("2", None, 8, known=5, unknown=0))
    )
    # Of the second only a deduction is not known, which is outside its maximum.
    assert texts(ax) == ["0/8, chưa có số liệu: 4", "5/8, chưa có số liệu"]


def test_what_does_not_apply_has_no_bar():
    ax = plot_score(scores(node("1", 0, 0), node("2", 0, 2)))
    assert texts(ax) == ["không áp dụng", "0/2 (0%)"]
    assert widths(bars(ax, outline=True)) == [2]


def test_bonus_and_deduction_have_their_sign():
    ax = plot_score(
        scores(
            node("1", 5, 5),
            node("b", 1, 2, kind="bonus"),
            node("d", 1.5, 3, kind="deduction"),
            node("n", 0, 3, kind="deduction"),
        )
    )
    assert texts(ax)[1:] == ["+1 (tối đa +2)", "−1,5 (tối đa −3)", "0 (tối đa −3)"]
    assert widths(bars(ax, colour=VERMILLION)) == [1.5]
    assert "điểm trừ" in legend(ax)


def test_a_bonus_or_a_deduction_not_known_tells_its_sign():
    ax = plot_score(
        scores(node("1", 1, 1), node("d", None, 3, known=0, unknown=3, kind="deduction"))
    )
    assert texts(ax)[1] == "chưa có số liệu (tối đa −3)"


def test_two_assessors_have_a_bar_each_the_agency_first():
    appraised = binh_dinh(assessor="appraised")
    appraised.loc[3, ["points", "points_known", "percent"]] = [13.0, 13.0, 100 * 13 / 14]
    ax = plot_score(pd.concat([appraised, binh_dinh()], ignore_index=True))
    assert widths(bars(ax, colour=COLOURS[0])) == [points for _, points, _ in FIELDS]
    assert widths(bars(ax, colour=COLOURS[1]))[2] == 13
    assert len(bars(ax, outline=True)) == 2 * len(FIELDS)
    third = ax.texts[2].get_text()
    assert third == "● 13,65/14 (97,5%)\n■ 13/14 (92,9%)"
    assert legend(ax)[1:] == ["tự chấm", "thẩm định"]
    assert "tự chấm 59,69/65 điểm (91,8%)" in ax.get_title(loc="left").replace("\n", " ")
    # Each mark is at the end of its bar, and no bar lies on another.
    marks = sorted((line.get_ydata()[0], line.get_xdata()[0]) for line in ax.lines
                   if line.get_marker() in ("o", "s"))  # fmt: skip
    filled = bars(ax, colour=COLOURS[0]) + bars(ax, colour=COLOURS[1])
    ends = sorted((bar.get_y() + bar.get_height() / 2, bar.get_width()) for bar in filled)
    np.testing.assert_allclose(marks, ends)
    outlines = bars(ax, outline=True)
    for upper, lower in zip(outlines, outlines[1:], strict=False):
        assert upper.get_y() + upper.get_height() < lower.get_y()
    assert_readable(ax)


def test_a_node_that_one_assessor_has_not_says_so():
    appraised = binh_dinh(assessor="Sở Nội vụ").iloc[:8]
    ax = plot_score(pd.concat([binh_dinh(), appraised]))
    assert ax.texts[-1].get_text().endswith("■ chưa có số liệu")
    assert legend(ax)[-1] == "Sở Nội vụ"


def test_a_level_below_a_node_and_the_leaves_above_it():
    frame = scores(
        node("1", 3, 4),
        node("1.1", 1, 2, parent="1", level=2),
        node("1.2", 2, 2, parent="1", level=2),
        node("2", 2, 3),
    )
    assert ticks(plot_score(frame).yaxis) == ["Lĩnh vực 1", "Lĩnh vực 2"]
    assert ticks(plot_score(frame, level=2).yaxis) == [
        "Lĩnh vực 1.1", "Lĩnh vực 1.2", "Lĩnh vực 2",
    ]  # fmt: skip
    one = plot_score(frame, node="1")
    assert ticks(one.yaxis) == ["Lĩnh vực 1.1", "Lĩnh vực 1.2"]
    assert one.get_title(loc="left").startswith("Lĩnh vực 1 · 3/4 điểm (75%)")
    with pytest.raises(PlotError) as refusal:
        plot_score(frame, level=3)
    assert str(refusal.value) == (
        "no node below total is of level 3\n"
        "  where: level=\n"
        "  mend:  choose one of 1, 2, or None for the next one"
    )
    with pytest.raises(PlotError) as refusal:
        plot_score(frame, node="2")
    assert str(refusal.value) == (
        "node 2 has no parts to draw\n"
        "  where: node=\n"
        "  mend:  choose the node above it: node='total'"
    )
    with pytest.raises(PlotError) as refusal:
        plot_score(frame, node="9")
    assert str(refusal.value) == (
        "there is no node '9'\n  where: node=\n  mend:  choose one of total, 1, 1.1, 1.2, 2"
    )


def test_a_node_twice_and_too_many_assessors_are_refused():
    with pytest.raises(PlotError) as refusal:
        plot_score(scores(node("1", 1, 2), node("1", 2, 2)))
    assert str(refusal.value) == (
        "node 1 stands in more than one row\n"
        "  where: column code, assessor self\n"
        "  mend:  choose the rows of one scoring"
    )
    five = pd.concat([binh_dinh(assessor=name) for name in "abcde"])
    with pytest.raises(PlotError, match="^5 assessors cannot share one such plot\n"):
        plot_score(five)


def test_long_labels_and_few_or_many_rows_are_readable():
    for count in (3, 12):
        nodes = [node(str(n), n, 12, label=f"{n} {ENDLESS}") for n in range(count)]
        frame = scores(*nodes)
        frame.loc[0, "label"] = ENDLESS
        ax = plot_score(frame)
        assert_readable(ax)
        assert "1/2 điểm (50%)" in ax.get_title(loc="left").replace("\n", " ")
        assert ax.get_window_extent().height > 100


# --- points lost --------------------------------------------------------------------------------


def test_the_largest_loss_is_on_top_with_its_reason():
    ax = plot_points_lost(lost((1.5, "cần đạt 80%"), (6, "cần đạt 95%"), (0, "")))
    assert widths(bars(ax)) == [6, 1.5]
    assert ticks(ax.yaxis) == ["Tiêu chí 1", "Tiêu chí 0"]
    assert texts(ax) == ["−6 điểm · cần đạt 95%", "−1,5 điểm · cần đạt 80%"]
    assert ax.get_title(loc="left") == "Điểm bị mất\nSở A · Quý IV/2022 · tự chấm"
    assert texts(plot_points_lost(lost((1, "")), lang="en")) == ["−1 point"]


@settings(max_examples=8)
@given(st.lists(st.integers(1, 200), min_size=1, max_size=14), st.none() | st.integers(1, 12))
def test_the_bars_add_up_to_all_that_was_lost(losses, top):
    ax = plot_points_lost(lost(*((n / 20, "") for n in losses)), top=top)
    try:
        lengths = widths(bars(ax))
        assert sum(lengths) == pytest.approx(sum(losses) / 20)
        assert len(lengths) <= len(losses) if top is None else len(lengths) <= top + 1
        own = lengths if len(lengths) == len(losses) else lengths[:-1]
        assert own == sorted((n / 20 for n in losses), reverse=True)[: len(own)]
    finally:
        plt.close("all")


def test_the_rest_is_summed_in_one_row():
    ax = plot_points_lost(lost(*((n, "") for n in (5, 4, 3, 2, 1))), top=2)
    assert ticks(ax.yaxis)[-1] == "còn lại (3)"
    assert texts(ax)[-1] == "−6 điểm"
    assert widths(bars(ax, colour=GREY)) == [6]
    # One that is left over stands in the row that it would take.
    alone = plot_points_lost(lost(*((n, "") for n in (5, 4, 3))), top=2)
    assert ticks(alone.yaxis)[-1] == "Tiêu chí 2"


def test_what_is_not_known_is_a_row_of_words():
    ax = plot_points_lost(lost((5, ""), (None, "chưa có số liệu"), (None, "")))
    assert ticks(ax.yaxis)[-1] == "chưa có số liệu (2): Tiêu chí 1; Tiêu chí 2"
    assert texts(ax)[-1] == "tối đa 16 điểm"
    assert len(bars(ax)) == 1
    alone = plot_points_lost(lost((None, "")))
    assert bars(alone) == []
    assert texts(alone) == ["tối đa 8 điểm"]


def test_that_a_scheme_is_an_example_is_said_once():
    how = "cần đạt 95%: được thêm 1 điểm (thang điểm ví dụ, không phải của một quyết định)"
    ax = plot_points_lost(lost((6, how), (5, how), scheme_status="example"))
    assert texts(ax)[0] == "−6 điểm · cần đạt 95%: được thêm 1 điểm"
    assert sum("ví dụ" in text for text in texts(ax)) == 1


def test_nothing_lost_is_refused():
    with pytest.raises(PlotError) as refusal:
        plot_points_lost(lost((0, "")))
    assert str(refusal.value) == (
        "nothing to show: no criterion lost points, and none is unknown\n"
        "  where: Sở A, 2022Q4\n"
        "  mend:  choose an agency and a period that lost points, or loosen the filter"
    )


def test_a_criterion_twice_is_refused():
    with pytest.raises(PlotError, match="^criterion 1 stands in more than one row\n"):
        plot_points_lost(lost((1, ""), (2, "")).assign(code="1"))


def test_long_sentences_are_wrapped_and_cut():
    rows = [(n + 0.5, ENDLESS if n % 2 else "cần đạt 95%") for n in range(12)]
    frame = lost(*rows, (None, "")).assign(label=[f"{n} {ENDLESS[:200]}" for n in range(13)])
    for top in (3, None):
        ax = plot_points_lost(frame, top=top)
        assert_readable(ax)
        assert any(text.endswith("…") for text in texts(ax))


# --- ranks --------------------------------------------------------------------------------------


def dots(ax):
    return [
        (line.get_ydata()[0], line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "o"
    ]


def test_the_published_ranks_with_a_tie():
    ax = plot_ranks(ranks().iloc[::-1])
    assert dots(ax) == [(place, rank) for place, (rank, _, _) in enumerate(PROVINCES)]
    # 65.57 and 65.47: printed with one decimal as halves go up.
    assert texts(ax)[3:6] == ["hạng 4 · 65,6%", "đồng hạng 5 · 65,5%", "đồng hạng 5 · 65,5%"]
    assert ticks(ax.yaxis)[0] == "UBND tỉnh Đồng Tháp"
    assert ax.get_title(loc="left") == "Xếp hạng các cơ quan\nQuý IV/2026 · tự chấm"
    assert ax.get_legend() is None
    left, right = ax.get_xlim()
    assert left < 1 < 7 < right
    assert ax.get_ylim()[0] > ax.get_ylim()[1]


def test_the_range_of_ranks_is_a_line_beside_its_words():
    frame = ranks().assign(
        rank_low=[1, 1, 2, 4, 4, 5, 6],
        rank_high=[1, 3, 3, 5, 7, 6, 7],
        rank_median=pd.array([1, 2, 3, 4, None, 5.5, 7], dtype="Float64"),
    )
    ax = plot_ranks(frame)
    lines = [tuple(line.get_xdata()) for line in ax.lines if line.get_linestyle() == "-"
             and len(line.get_xdata()) == 2 and line.get_marker() == "|"]  # fmt: skip
    assert lines == list(zip(frame["rank_low"], frame["rank_high"], strict=True))
    medians = [line.get_xdata()[0] for line in ax.lines
               if line.get_marker() == "|" and line.get_linestyle() == "None"]  # fmt: skip
    assert medians == [1, 2, 3, 4, 5.5, 7]
    assert texts(ax)[0] == "hạng 1 · 68,1%"
    assert texts(ax)[1] == "hạng 2 (từ 1 đến 3) · 67%"
    assert legend(ax) == ["hạng", "khoảng hạng qua các lần thử", "hạng trung vị"]
    told = legend(plot_ranks(frame.assign(level=95.0)))
    assert told[1] == "khoảng hạng qua các lần thử (95%)"
    assert_readable(ax)


def test_an_agency_without_a_rank_is_last_and_says_so():
    frame = ranks().astype({"rank": "Float64"})
    frame.loc[0, ["rank", "percent"]] = pd.NA
    ax = plot_ranks(frame)
    assert ticks(ax.yaxis)[-1] == "UBND tỉnh Đồng Tháp"
    assert texts(ax)[-1] == "chưa xếp hạng"
    assert len(dots(ax)) == 6


def test_class_and_incomplete_figures_are_said():
    frame = ranks(PROVINCES[:2]).assign(complete=[True, False])
    frame = frame.assign(**{"class": ["C", ""], "class_label": ["Trung bình", ""]})
    assert texts(plot_ranks(frame)) == [
        "hạng 1 · 68,1% · Trung bình", "hạng 2 · 67% · chưa đủ số liệu",
    ]  # fmt: skip
    assert texts(plot_ranks(frame, lang="en"))[0] == "rank 1 · 68.1% · C"


def test_top_cuts_no_tie_and_says_of_how_many():
    ax = plot_ranks(ranks(), top=5)
    assert len(dots(ax)) == 6
    assert ax.get_title(loc="left").startswith("Xếp hạng các cơ quan (6 trong 7 cơ quan)\n")


@settings(max_examples=8)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=25))
def test_dots_stand_at_their_ranks_and_ticks_at_whole_ones(percents):
    place = pd.Series(percents).rank(method="min", ascending=False)
    rows = [
        (rank, f"Sở {n}", float(x)) for n, (rank, x) in enumerate(zip(place, percents, strict=True))
    ]
    ax = plot_ranks(ranks(rows))
    try:
        assert [rank for _, rank in dots(ax)] == sorted(place)
        assert [at for at, _ in dots(ax)] == list(range(len(percents)))
        at = ax.get_xticks()
        assert at[0] == 1
        assert all(float(tick).is_integer() and 1 <= tick <= place.max() for tick in at)
        assert len(set(at)) == len(at)
    finally:
        plt.close("all")


def test_sixty_three_agencies_are_readable():
    rows = [(n, f"Ủy ban nhân dân tỉnh {n}", 95 - n / 2) for n in range(1, 64)]
    assert_readable(plot_ranks(ranks(rows, rank_low=1.0, rank_high=63.0)))


def test_many_ranks_that_were_drawn_tell_how_many_stand_apart_by_chance():
    rows = [(n, f"Sở {n:02}", 95.0 - n) for n in range(1, 21)]
    chances = {"p_value": [0.001, 0.04, *[0.3] * 18], "p_adjusted": [0.02, 0.4, *[0.5] * 18]}
    frame = ranks(rows, rank_low=1.0, rank_high=20.0, level=95.0, **chances)
    ax = plot_ranks(frame, lang="en", top=3)
    assert plot_caption(ax) == (
        "Of 20 agencies ranked together 2 stand apart from the middle; chance alone sets about 1 "
        "apart. Left when false discoveries are controlled: 1."
    )
    assert_readable(ax)
    assert plot_caption(plot_ranks(frame.head(9))) == ""


def test_senseless_ranks_are_refused():
    twice = ranks().assign(agency="Sở A")
    with pytest.raises(PlotError) as refusal:
        plot_ranks(twice)
    assert str(refusal.value) == (
        "agency Sở A stands in more than one row\n"
        "  where: column agency\n"
        "  mend:  choose the ranks of one period, assessor and node"
    )
    with pytest.raises(PlotError) as refusal:
        plot_ranks(ranks().assign(rank=pd.NA))
    assert str(refusal.value) == (
        "nothing to show: no agency has a rank\n"
        "  where: column rank\n"
        "  mend:  rank agencies whose points are complete"
    )
    with pytest.raises(PlotError, match="^0 is no rank\n  where: column rank, agency UBND tỉnh Đ"):
        plot_ranks(ranks().assign(rank=[0, 1, 2, 3, 4, 5, 6]))


# --- scheme -------------------------------------------------------------------------------------


def test_a_block_is_as_high_as_its_points_and_stands_right_of_what_it_belongs_to():
    ax = plot_scheme(scheme(*FIELDS_AND_CRITERIA))
    found = {label: patch.get_bbox() for label, patch in blocks(ax).items()}
    heights = {code: found[f"Nội dung {code}"].height for code in ("1", "1.1", "1.2", "2")}
    assert heights == {"1": 6, "1.1": 2, "1.2": 4, "2": 4}
    one, first, second = (found[f"Nội dung {code}"] for code in ("1", "1.1", "1.2"))
    assert first.x0 == second.x0 == one.x1
    assert (first.y0, second.y0, second.y1) == (one.y0, first.y1, one.y1)
    # A leaf of an upper level reaches to the right edge: its label has all the room.
    assert found["Nội dung 2"].x1 == second.x1
    assert {"6 điểm", "2", "4", "4 điểm"} <= set(texts(ax))
    assert [label for label in ticks(ax.xaxis) if label] == ["Lĩnh vực", "Tiêu chí"]
    assert ax.get_title(loc="left") == "Bộ chỉ số\nqd-1 · tối đa 10 điểm"
    english = plot_scheme(scheme(*FIELDS_AND_CRITERIA), lang="en")
    assert {"Content 1.1", "6 points"} <= set(texts(english))


def test_the_parts_differ_in_tone_and_the_survey_is_hatched():
    ax = plot_scheme(scheme(*FIELDS_AND_CRITERIA))
    tones = [to_hex(patch.get_facecolor()).upper() for patch in ax.patches if not patch.get_hatch()]
    assert tones.count(TONES["self_part"]) == 3
    assert tones.count(TONES["survey_part"]) == 1
    assert len([patch for patch in ax.patches if patch.get_hatch()]) == 1
    assert legend(ax) == ["tự đánh giá", "điều tra xã hội học"]
    # One tone needs no explanation.
    assert plot_scheme(scheme(*FIELDS_AND_CRITERIA[:3], most=6.0)).get_legend() is None


def test_bonus_and_deduction_are_marked_and_make_their_parent_higher():
    ax = plot_scheme(
        scheme(
            *FIELDS_AND_CRITERIA,
            ("2.1", "2", 2, 4.0, "survey", "score"),
            ("2.b", "2", 2, 1.0, "self", "bonus"),
            ("d", "total", 1, 3.0, "self", "deduction"),
        )
    )
    assert {"+1", "−3 điểm", "4 điểm"} <= set(texts(ax))
    found = blocks(ax)
    assert found["Nội dung 2"].get_bbox().height == 5
    assert to_hex(found["Nội dung d"].get_facecolor()).upper() == TONES["deduction"]
    assert legend(ax)[-2:] == ["+ điểm thưởng", "− điểm trừ"]


def big_scheme(fields=4, criteria=4, leaves=3, label=ENDLESS[:150]):
    sizes = (0.5, 1.0, 1.5, 2.0)
    rows = []
    for field in range(fields):
        part = "survey" if field == fields - 1 else "self"
        below = []
        for n in range(criteria):
            code = f"{field}.{n}"
            own = [
                (f"{code}.{k}", code, 3, sizes[(n + k) % 4], part, "score") for k in range(leaves)
            ]
            below += [(code, str(field), 2, sum(row[3] for row in own), part, "score"), *own]
        most = sum(row[3] for row in below if row[2] == 2)
        rows += [(str(field), "total", 1, most, part, "score"), *below]
    made = scheme(*rows, most=sum(row[3] for row in rows if row[2] == 1), status="example")
    return replace(made, nodes=made.nodes.assign(label=label))


@pytest.mark.parametrize("size", [None, (7, 4), (4, 3)])
def test_texts_stay_in_their_blocks_whatever_the_room(size):
    ax = plt.subplots(figsize=size, layout="constrained")[1] if size else None
    ax = plot_scheme(big_scheme(), ax=ax)
    ax.get_figure().canvas.draw()
    assert len(ax.patches) >= 4 + 4 * 4 + 4 * 4 * 3
    words = [text for text in ax.texts if text.get_text()]
    assert overlapping(words) == []
    boxes = [patch.get_window_extent() for patch in ax.patches]
    for text in words:
        if text.get_text() == "Thang điểm ví dụ":
            continue
        own = text.get_window_extent()
        assert any(
            box.x0 - 1 <= own.x0 and own.x1 <= box.x1 + 1
            and box.y0 - 1 <= own.y0 and own.y1 <= box.y1 + 1
            for box in boxes
        ), text.get_text()  # fmt: skip
    assert any(text.get_text().endswith("…") for text in words) or size == (4, 3)


def test_a_figure_of_its_own_shows_nearly_every_label():
    ax = plot_scheme(big_scheme(label="Tỷ lệ đúng hạn"))
    shown = sum(text.get_text() == "Tỷ lệ đúng hạn" for text in ax.texts)
    assert shown >= 0.8 * (4 + 4 * 4 + 4 * 4 * 3)


def test_what_is_no_scheme_is_refused():
    mend = 'give load_scheme("qd-766-2022"), or that of your own file'
    with pytest.raises(PlotError) as refusal:
        plot_scheme("qd-766-2022")
    assert str(refusal.value) == (
        f"scheme is a Scheme, not a str\n  where: scheme\n  mend:  {mend}"
    )


@pytest.mark.parametrize(
    ("lang", "named"),
    [
        ("vi", ["tự chấm", "thẩm định vòng 1", "thẩm định vòng 2"]),
        ("en", ["self-assessed", "appraised, round 1", "appraised, round 2"]),
    ],
)
def test_both_rounds_of_appraisal_are_named_in_words(lang, named):
    rounds = [binh_dinh(assessor=name) for name in ("appraised_2", "appraised_1", "self")]
    ax = plot_score(pd.concat(rounds, ignore_index=True), lang=lang)
    assert sorted(legend(ax)[1:]) == sorted(named)
    assert "appraised_" not in ax.get_title(loc="left")
