import subprocess
import sys
from decimal import Decimal

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from readable import all_words, assert_readable, legend, named, overlapping, texts, ticks

from cchc_stats.plots import plot_caption, plot_change, plot_staffing, plot_trend
from cchc_stats.plots.axes import (
    BLUE,
    COLOURS,
    MARKERS,
    VERMILLION,
    scale_of,
    spread,
    text_size,
    wrap,
)
from cchc_stats.plots.shares import draw_shares
from cchc_stats.plots.words import change_words, number_text
from cchc_stats.trends import quarter_over_quarter, year_over_year
from cchc_stats.values.frame import complete_values
from cchc_stats.words.errors import CchcError, PlotError
from cchc_stats.words.periods import label_period

RATE = "on_time_rate_settled"
AGENCY = "Sở Khoa học và Công nghệ tỉnh Bình Định"
LONG = "Sở Nông nghiệp và Phát triển nông thôn tỉnh Bình Định"


def series(agency, figures, *, start="2019Q1", indicator=RATE, unit="percent", **more):
    periods = pd.period_range(start, periods=len(figures), freq="Q-DEC")
    figures = pd.array(figures, dtype="Float64")
    row = {"agency": agency, "period": periods, "indicator": indicator, "value": figures}
    return pd.DataFrame(row | {"unit": unit} | more)


def together(*frames):
    return pd.concat(frames, ignore_index=True)


def staffing(assigned=(40, 5, 47), present=(37, 5, 23), **more):
    # Bình Định DOST, quarter III/2020, section II.4a.
    columns = {
        "agency": AGENCY,
        "period": "2020Q3",
        "category": ["administrative", "administrative_contract", "public_service"],
        "assigned": pd.array(assigned, dtype="Int64"),
        "present": pd.array(present, dtype="Int64"),
    }
    return pd.DataFrame(columns | more)


def staffing_values(rates=(92.5, 100.0, 48.936170212765958)):
    form = staffing()
    return pd.DataFrame(
        {
            "agency": AGENCY,
            "period": "2020Q3",
            "basis": "as_of",
            "indicator": "staffing_rate",
            "group": form["category"],
            "numerator": form["present"],
            "denominator": form["assigned"],
            "value": pd.array(rates, dtype="Float64"),
            "unit": "percent",
        }
    )


# --- all three ----------------------------------------------------------------------------------

DRAWN = {
    "trend": lambda **how: plot_trend(series("Sở A", [96, 97.5, 98]), **how),
    "panels": lambda **how: plot_trend(
        together(series("Sở A", [96, 97]), series("Sở B", [95, 99])), panels="agency", **how
    ),
    "change": lambda **how: plot_change(
        quarter_over_quarter(series("Sở A", [96, 97.5, 98])), **how
    ),
    "staffing": lambda **how: plot_staffing(staffing(), **how),
}


@pytest.mark.parametrize("name", DRAWN)
def test_the_given_ax_is_drawn_on_and_returned(name):
    _, axes = plt.subplots(1, 2)
    current = plt.gca()
    before = dict(plt.rcParams)
    assert DRAWN[name](ax=axes[0]) is axes[0]
    assert plt.get_fignums() == [1]
    assert plt.gca() is current
    assert not axes[1].has_data()
    assert dict(plt.rcParams) == before


@pytest.mark.parametrize("name", DRAWN)
def test_without_an_ax_a_new_figure_is_made_and_the_last_one_left_alone(name):
    _, mine = plt.subplots()
    drawn = DRAWN[name]()
    assert drawn is not mine
    assert not mine.has_data()
    assert len(plt.get_fignums()) == 2


def test_pyplot_is_only_imported_for_a_new_figure():
    code = (
        "import sys, cchc_stats.plots as plots, pandas as pd; from matplotlib.figure import Figure;"
        "own = pd.DataFrame({'agency': 'A', 'period': ['2020Q1'], 'indicator': 'n', 'value': 1});"
        "plots.plot_trend(own, ax=Figure().add_subplot());"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("name", DRAWN)
def test_another_language_is_refused(name):
    with pytest.raises(CchcError, match="no labels in language 'fr'"):
        DRAWN[name](lang="fr")


@pytest.mark.parametrize(
    ("draw", "frame"),
    [
        (plot_trend, series("Sở A", [96, 97, 98])),
        (plot_change, quarter_over_quarter(series("Sở A", [96, 97, 98]))),
        (plot_staffing, staffing()),
    ],
)
def test_made_up_figures_are_called_so(draw, frame):
    assert "số liệu giả lập" not in texts(draw(frame))
    marked = frame.copy()
    marked.attrs["synthetic"] = True
    assert "số liệu giả lập" in texts(draw(marked))
    sourced = frame.assign(source="data/synthetic_quarters/values.csv")
    assert "synthetic data" in texts(draw(sourced, lang="en"))


def test_made_up_figures_are_called_so_in_every_panel():
    frame = together(series("Sở A", [96]), series("Sở B", [97])).assign(source="synthetic_x.csv")
    for child in plot_trend(frame, panels="agency").child_axes:
        assert "số liệu giả lập" in texts(child)


@pytest.mark.parametrize("draw", [plot_trend, plot_change, plot_staffing])
def test_the_input_is_left_as_it_was(draw):
    frame = staffing() if draw is plot_staffing else series("Sở A", [96, 97, 98])
    if draw is plot_change:
        frame = quarter_over_quarter(frame)
    before = frame.copy(deep=True)
    draw(frame)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("draw", "frame"),
    [
        (plot_trend, series("Sở A", [96, 97, 98])),
        (plot_change, quarter_over_quarter(series("Sở A", [96, 97, 98]))),
        (plot_staffing, staffing()),
        (plot_staffing, staffing_values()),
    ],
)
def test_a_doubled_column_is_refused(draw, frame):
    name = frame.columns[-1]
    doubled = pd.concat([frame, frame[[name]]], axis=1)
    with pytest.raises(PlotError) as refusal:
        draw(doubled)
    assert str(refusal.value) == (
        f"column {name} stands more than once\n"
        f"  where: columns: {', '.join(doubled.columns)}\n"
        "  mend:  keep one of the columns"
    )


@pytest.mark.parametrize("agency", [r"Dự án $\foo$", "5$ và 6$", "1$", r"a\$b$"])
def test_dollar_signs_are_no_formulas(agency):
    other = f"{agency} khác"
    two = together(series(agency, [96, 97]), series(other, [95, 99]))
    many = together(*(series(f"{agency} {n}", [90 + n, 91]) for n in range(7)))
    named = series(agency, [96, 97], unit="5$ và 6$", indicator="$x$", group="$y$")
    drawn = [
        plot_trend(two),
        plot_trend(many),
        plot_trend(two, panels="agency"),
        plot_trend(two.assign(indicator=[RATE, RATE, "$x$", "$x$"]), panels="indicator"),
        plot_trend(named),
        plot_trend(named, panels="group"),
        plot_change(quarter_over_quarter(two)),
        plot_change(quarter_over_quarter(named)),
        plot_staffing(staffing().assign(agency=agency)),
        draw_shares(
            series(agency, [96], indicator="$x$")
            .assign(basis="in_period", status="reported", numerator=pd.NA, denominator=pd.NA)
            .assign(period=pd.Period("2020Q3")),
            ax=plt.subplots()[1],
        ),
    ]
    for ax in drawn:
        ax.get_figure().canvas.draw()
        seen = [artist._preprocess_math(artist.get_text()) for artist in all_words(ax)]
        assert [text for text, formula in seen if formula] == []
        words = " ".join(text.replace("\n", " ") for text, _ in seen)
        assert agency in words or "$x$" in words
    lines = plot_trend(two)
    lines.legend()  # the caller's own
    lines.get_figure().canvas.draw()


ENDLESS = {
    "words": "Ban Quản lý dự án " * 133,
    "one word": "Sở" * 1200,
}


@pytest.mark.parametrize("agency", ENDLESS.values(), ids=ENDLESS)
def test_an_endless_name_is_cut_and_the_period_still_seen(agency):
    agency = agency.strip()
    two = together(series(agency, [96, 97]), series(f"B{agency}", [95, 99]))
    late = series(agency, [4, 3], indicator="late_rate_settled")
    many = together(*(series(f"{n} {agency}", [90 + n, 91]) for n in range(7)))
    drawn = [
        plot_trend(two.iloc[:1]),
        plot_change(quarter_over_quarter(together(two.iloc[:2], late))),
        plot_staffing(staffing().assign(agency=agency)),
    ]
    for ax, period in zip(drawn, ["Quý I/2019", "Quý II/2019", "Cuối quý III/2020"], strict=True):
        title = ax.get_title(loc="left")
        assert title.count("\n") < 4
        assert "…" in title
        assert title.endswith(period)
        assert ax.get_window_extent().height > 100
    drawn += [plot_trend(two), plot_trend(many), plot_change(quarter_over_quarter(two))]
    # One endless name leaves the others as large as they were.
    mixed = plot_change(quarter_over_quarter(together(two, series("Sở C", [96, 97]))))
    assert {label.get_fontsize() for label in mixed.get_yticklabels()} == {9}
    drawn += [mixed, plot_trend(two, panels="agency")]
    for ax in drawn:
        assert_readable(ax)
        if ax.get_legend():
            assert all(text.get_text().count("\n") < 3 for text in ax.get_legend().get_texts())
        assert ax.get_window_extent().height > 100
    ax = plot_trend(together(two, series("C", [1, 2])).assign(indicator=[RATE] * 4 + ["x"] * 2),
                    panels="indicator")  # fmt: skip
    assert all(text.get_text().count("\n") < 3 for text in ax.get_legend().get_texts())


# --- trend --------------------------------------------------------------------------------------


def test_a_missing_quarter_and_a_missing_figure_are_gaps():
    frame = series("Sở A", [96, 97, 98, None, 99, 98]).drop(index=1)
    (line,) = plot_trend(frame).lines
    np.testing.assert_array_equal(line.get_ydata(), [96, np.nan, 98, np.nan, 99, 98])
    assert line.get_xdata().tolist() == [0, 1, 2, 3, 4, 5]
    # A figure between two gaps has no line, so its marker has to show it.
    assert line.get_marker() not in ("", "None", None)


@settings(max_examples=25)
@given(st.lists(st.none() | st.floats(0, 100), min_size=1, max_size=12), st.randoms())
def test_a_line_has_each_figure_at_its_quarter_and_nothing_else(figures, random):
    known = [place for place, figure in enumerate(figures) if figure is not None]
    frame = series("Sở A", figures)
    order = list(frame.index)
    random.shuffle(order)
    try:
        if not known:
            with pytest.raises(PlotError, match="nothing to show"):
                plot_trend(frame)
            return
        (line,) = plot_trend(frame.loc[order]).lines
        # From the first quarter with a figure to the last.
        shown = figures[known[0] : known[-1] + 1]
        expected = [np.nan if figure is None else figure for figure in shown]
        np.testing.assert_array_equal(line.get_ydata(), expected)
    finally:
        plt.close("all")


def test_the_axes_say_what_when_whose_and_in_which_unit():
    ax = plot_trend(series(AGENCY, [96, 97.5, 98], start="2020Q1"))
    assert ax.get_title(loc="left") == f"Tỷ lệ trả đúng hạn trên hồ sơ đã giải quyết\n{AGENCY}"
    assert ax.get_ylabel() == "Tỷ lệ (%)"
    assert ticks(ax.xaxis) == ["Quý I/2020", "Quý II/2020", "Quý III/2020"]
    assert texts(ax) == ["96%", "97,5%", "98%"]


def test_the_same_in_english():
    ax = plot_trend(series(AGENCY, [96, 97.5], start="2020Q1"), lang="en", target=95)
    assert ax.get_title(loc="left") == f"On-time rate, of dossiers settled\n{AGENCY}"
    assert ax.get_ylabel() == "Rate (%)"
    assert ticks(ax.xaxis) == ["Q1 2020", "Q2 2020"]
    assert texts(ax) == ["Target 95%", "96%", "97.5%"]


def test_counts_have_their_unit_and_thousands():
    ax = plot_trend(series("Sở A", [1200, 15000], indicator="own_count", unit="dossiers"))
    assert ax.get_ylabel() == "hồ sơ"
    assert "10.000" in ticks(ax.yaxis)
    assert ticks(ax.yaxis)[0] == "0"
    assert texts(ax) == ["1.200", "15.000"]


def test_lines_are_named_at_their_right_end_and_told_apart_by_more_than_colour():
    frame = together(series("Sở A", [96, 97]), series("Sở B", [90, 91]), series("Sở C", [99, 92]))
    ax = plot_trend(frame)
    assert texts(ax) == ["Sở A", "Sở B", "Sở C"]
    assert ax.get_legend() is None
    assert len({line.get_marker() for line in ax.lines}) == 3
    assert [to_hex(line.get_color()).upper() for line in ax.lines] == list(COLOURS[:3])
    for text, line in zip(named(ax), ax.lines, strict=True):
        assert text.get_color() == line.get_color()
        assert text.get_position()[0] > line.get_xdata()[-1]
        assert text.xy == (line.get_xdata()[-1], line.get_ydata()[-1])


def test_seventy_lines_all_look_different():
    looks = {(COLOURS[n % len(COLOURS)], MARKERS[n % len(MARKERS)]) for n in range(70)}
    assert len(looks) == 70


def test_names_of_lines_that_end_together_step_aside():
    ax = plot_trend(together(*(series(f"Sở {name}", [100, 100]) for name in "ABCDEF")))
    assert_readable(ax)
    assert len(texts(ax)) == 6


def test_a_line_that_ends_early_is_led_to_by_a_dotted_line():
    frame = together(series("Sở A", [96, 97, 98]), series("Sở B", [90, 91]))
    first, second = named(plot_trend(frame))
    assert first.arrow_patch is None
    assert second.arrow_patch is not None
    assert second.xy == (1, 91)


def test_more_than_six_lines_have_a_legend_inside_the_axes():
    ax = plot_trend(together(*(series(f"Sở {n}", [90 + n, 91]) for n in range(7))), target=95)
    assert legend(ax) == [f"Sở {n}" for n in range(7)] + ["Mục tiêu 95%"]
    assert texts(ax) == []
    frame, box = ax.get_window_extent(), ax.get_legend().get_window_extent()
    assert box.x1 <= frame.x1 + 1
    assert box.y0 >= frame.y0
    last = ax.transData.transform((1, 91))[0]
    assert box.x0 > last


def test_more_names_than_fit_are_refused():
    frame = together(*(series(f"Sở {n}", [90 + n / 10, 91]) for n in range(7)))
    low = plt.figure(figsize=(6, 0.9)).add_subplot()
    with pytest.raises(PlotError, match="the names of 7 lines do not fit axes of") as refusal:
        plot_trend(frame, ax=low)
    assert 'choose fewer lines, give a taller figure, or draw panels="agency"' in str(refusal.value)


def test_more_lines_than_colours_ask_which_is_to_be_seen():
    frame = together(*(series(f"Sở {n}", [90 + n / 10, 91]) for n in range(12)))
    with pytest.raises(PlotError, match="12 lines cannot be told apart by 7 colours") as refusal:
        plot_trend(frame)
    assert "highlight=" in refusal.value.mend and 'panels="agency"' in refusal.value.mend
    ax = plot_trend(frame, highlight=["Sở 7", "Sở 3"])
    assert sorted(texts(ax)) == ["Sở 3", "Sở 7"]
    colours = [to_hex(line.get_color()).upper() for line in ax.lines]
    assert sorted(colours[:2]) == sorted(COLOURS[:2]) and len(set(colours[2:])) == 1
    assert set(colours[2:]).isdisjoint(COLOURS) and len(colours) == 12
    assert "Sở 5" not in plot_caption(ax) and "10 đường khác" in plot_caption(ax)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"highlight": "Sở Z"}, "no line is called 'Sở Z'"),
        ({"highlight": "Sở 1", "panels": "agency"}, "are two plots"),
    ],
)
def test_a_highlight_of_nothing_is_refused(options: dict[str, str], what: str):
    frame = together(*(series(f"Sở {n}", [90, 91]) for n in range(2)))
    with pytest.raises(PlotError, match=what):
        plot_trend(frame, **options)


def test_a_line_without_any_figure_is_named_with_the_reason():
    frame = together(series("Sở A", [96, 97]), series("Sở B", [None, None]))
    ax = plot_trend(frame)
    assert texts(ax) == ["Sở A", "Sở B (chưa báo cáo)"]
    undefined = frame.assign(status=["reported"] * 2 + ["undefined"] * 2)
    assert texts(plot_trend(undefined))[1] == "Sở B (không tính được (mẫu số bằng 0))"


def test_lines_are_named_by_what_tells_them_apart():
    posts = staffing_values()
    ax = plot_trend(together(posts, posts.assign(period="2020Q4")))
    assert texts(ax) == [
        "Biên chế hành chính",
        "Hợp đồng lao động (hành chính)",
        "Biên chế sự nghiệp",
    ]
    whole = posts.iloc[:1].assign(group="all")
    assert texts(plot_trend(together(posts, whole)))[-1] == "Chung"
    claims = together(series("Sở A", [96]), series("Sở A", [99], origin="claimed"))
    assert texts(plot_trend(claims)) == ["số báo cáo", "nêu trong lời văn"]


def test_year_to_date_and_the_quarter_alone_are_two_lines():
    quarters = series("Sở A", [5, 7, 6], indicator="own_turns", unit="turns")
    sums = quarters.assign(basis="year_to_date", value=[5.0, 12.0, 18.0])
    ax = plot_trend(together(quarters, sums))
    assert texts(ax) == ["trong kỳ", "lũy kế"]
    assert [line.get_ydata().tolist() for line in ax.lines] == [[5, 7, 6], [5, 12, 18]]
    assert plot_trend(sums).get_title(loc="left").endswith("Sở A · lũy kế")


def test_the_target_is_a_named_dashed_line():
    ax = plot_trend(series("Sở A", [96, 97]), target=95)
    (dashes,) = ax.collections
    assert {y for _, y in dashes.get_segments()[0]} == {95}
    assert dashes.get_linestyle()[0][1] is not None
    assert "Mục tiêu 95%" in texts(ax)
    assert ax.get_ylim()[0] < 95


@pytest.mark.parametrize(
    ("target", "told"),
    [(float("nan"), "nan"), (float("inf"), "inf"), ("95", "'95'"), (pd.NA, "<NA>"), (True, "True")],
)
def test_a_target_that_is_no_level_is_refused(target, told):
    with pytest.raises(PlotError) as refusal:
        plot_trend(series("Sở A", [96]), target=target)
    assert str(refusal.value) == (
        f"the target {told} is no level\n  where: target=\n  mend:  give a number or None"
    )


@pytest.mark.parametrize("target", [95, np.int64(95), np.float32(95), Decimal("95")])
def test_a_target_may_be_any_number(target):
    assert "Mục tiêu 95%" in texts(plot_trend(series("Sở A", [96, 97]), target=target))


def test_the_year_to_date_starts_anew_each_year():
    quarters = series("Sở A", [10, 20, 30, 5, 9], start="2020Q2", indicator="own", unit="turns")
    sums = quarters.assign(basis="year_to_date")
    (line,) = plot_trend(sums).lines
    np.testing.assert_array_equal(line.get_ydata(), [10, 20, 30, np.nan, 5, 9])
    np.testing.assert_array_equal(line.get_xdata(), [0, 1, 2, 2.5, 3, 4])
    (line,) = plot_trend(quarters).lines
    np.testing.assert_array_equal(line.get_ydata(), [10, 20, 30, 5, 9])
    (child,) = plot_trend(sums, panels="agency").child_axes
    assert len(child.lines[0].get_ydata()) == 6
    (begins_a_year,) = plot_trend(sums.iloc[3:]).lines
    np.testing.assert_array_equal(begins_a_year.get_ydata(), [5, 9])


def test_empty_quarters_at_either_end_are_left_out_and_gaps_inside_stay():
    frame = series("Sở A", [None, 96, None, 98, None, None], start="2019Q4")
    ax = plot_trend(frame)
    assert ticks(ax.xaxis) == ["Quý I/2020", "Quý II/2020", "Quý III/2020"]
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), [96, np.nan, 98])
    # The quarter belongs to the axis where any line has a figure.
    two = together(frame, series("Sở B", [90], start="2020Q4"))
    assert ticks(plot_trend(two).xaxis)[-1] == "Quý IV/2020"
    assert plot_trend(frame.iloc[:2]).get_title(loc="left").endswith("Sở A · Quý I/2020")


def test_percent_near_100_neither_starts_at_0_nor_passes_100():
    ax = plot_trend(series("Sở A", [95.3, 100, 98]))
    assert ax.get_ylim()[0] > 90
    assert "100" in ticks(ax.yaxis)
    assert max(ax.get_yticks()) == 100
    assert ax.get_ylim()[1] > 100  # room for the marker


def test_percent_above_100_has_its_ticks():
    ax = plot_trend(series("Sở A", [95, 130]))
    assert max(ax.get_yticks()) > 100


def test_low_figures_start_at_0():
    assert min(plot_trend(series("Sở A", [2, 60])).get_yticks()) == 0


@given(
    st.lists(st.floats(0, 100).map(lambda x: round(x, 6)), min_size=1, max_size=20),
    st.sampled_from(["percent", "dossiers"]),
    st.integers(2, 8),
)
def test_a_scale_holds_all_figures_and_no_impossible_tick(figures, unit, bins):
    bottom, top, marks = scale_of(np.array(figures), unit=unit, bins=bins)
    assert bottom <= min(figures) <= max(figures) <= top
    assert bottom < top
    assert len(marks) >= 1
    assert marks.min() >= 0
    if unit == "percent":
        assert marks.max() <= 100


@pytest.mark.parametrize("highest", [7, 10, 12, 59, 1000])
def test_a_small_panel_has_at_least_three_ticks(highest):
    frame = together(
        *(series("Sở A", [0, highest], indicator=f"own_{n}", unit="turns") for n in range(6))
    )
    ax = plt.subplots(figsize=(7, 3.3), layout="constrained")[1]
    for child in plot_trend(frame, panels="indicator", ax=ax, caption=False).child_axes:
        assert child.get_window_extent().height < 100
        marks = child.get_yticks()
        assert len(marks) >= 3
        assert np.mod(marks, 1).max() == 0
        child.get_figure(root=True).canvas.draw()
        assert overlapping(child.get_yticklabels()) == []


@pytest.mark.parametrize("figures", [[0.0, 1.0], [0.0], [1.0]])
def test_figures_of_nought_and_one_have_three_whole_ticks(figures):
    _, _, marks = scale_of(np.array(figures), unit="turns", bins=2, most=6)
    assert marks.tolist() == [0, 1, 2]


@pytest.mark.parametrize("quarters", [1, 2, 8, 12, 13, 20, 40, 100])
@pytest.mark.parametrize("given_ax", [False, True])
def test_quarters_are_named_without_touching_up_to_the_last(quarters, given_ax):
    frame = series("Sở A", [90 + n % 9 for n in range(quarters)])
    ax = plt.subplots()[1] if given_ax else None
    ax = plot_trend(frame, ax=ax)
    names = ticks(ax.xaxis)
    assert names[-1] == label_period(frame["period"].iloc[-1])
    assert len(names) <= 12
    ax.get_figure().canvas.draw()
    labels = ax.get_xticklabels()
    if labels[0].get_rotation() == 0:
        assert overlapping(labels) == []
    else:
        spacing = np.diff(ax.transData.transform([(0, 0), (1, 0)])[:, 0])[0]
        height = labels[0].get_fontsize() / 72 * ax.get_figure().dpi
        step = np.diff(ax.get_xticks()).min()
        # Leaning by 35°, neighbours stand sin(35°) of their distance apart.
        assert spacing * step * np.sin(np.radians(35)) > 1.1 * height


def test_one_quarter_is_a_point_with_its_figure():
    ax = plot_trend(series("Sở A", [95.2898], start="2020Q3"))
    assert texts(ax) == ["95,3%"]
    assert ax.get_title(loc="left").endswith("Sở A · Quý III/2020")
    assert_readable(ax)


def test_mixed_units_are_refused_with_both_ways_out():
    frame = together(
        series("Sở A", [96]), series("Sở A", [60], indicator="own_count", unit="dossiers")
    )
    with pytest.raises(PlotError) as refusal:
        plot_trend(frame)
    assert str(refusal.value) == (
        "2 units cannot share one axis: percent (Tỷ lệ (%)), dossiers (hồ sơ)\n"
        "  where: column unit, percent: on_time_rate_settled; dossiers: own_count\n"
        '  mend:  choose the rows of one unit, or draw one axis for each: panels="indicator"'
    )
    assert len(plot_trend(frame, panels="indicator").child_axes) == 2
    with pytest.raises(PlotError, match='choose the rows of one unit; panels="agency" share'):
        plot_trend(frame, panels="agency")


def test_one_indicator_in_two_units_is_refused_in_panels_too():
    frame = together(series("Sở A", [96]), series("Sở B", [96], unit="dossiers"))
    with pytest.raises(PlotError, match="give every value of an indicator the same unit"):
        plot_trend(frame, panels="indicator")


@pytest.mark.parametrize("draw", [plot_trend, plot_change])
@pytest.mark.parametrize("frame", [pd.DataFrame(), series("Sở A", [])])
def test_nothing_at_all_is_refused(draw, frame):
    with pytest.raises(PlotError) as refusal:
        draw(frame)
    assert str(refusal.value) == (
        "there are no values to draw\n"
        "  where: values\n"
        "  mend:  measure a report first, or loosen the filter that left no row"
    )


def test_values_without_a_figure_are_refused_with_their_status():
    frame = series("Sở A", [None, None]).assign(status=["not_reported", "undefined"])
    with pytest.raises(PlotError) as refusal:
        plot_trend(frame)
    assert str(refusal.value) == (
        "nothing to show: every value is missing\n"
        "  where: indicator on_time_rate_settled: 1 not_reported, 1 undefined\n"
        "  mend:  choose an agency, a period or an indicator that has figures"
    )


def test_wrong_columns_are_refused_by_name():
    with pytest.raises(PlotError) as refusal:
        plot_trend(series("Sở A", [96]).drop(columns=["agency", "value"]))
    assert "values cannot be drawn: 2 faults" in str(refusal.value)
    assert "column agency is missing" in str(refusal.value)
    assert "neither column value nor columns numerator and denominator" in str(refusal.value)


def test_a_key_told_twice_is_refused():
    with pytest.raises(PlotError, match="rows 1, 2 have the same agency, period"):
        plot_trend(together(series("Sở A", [96]), series("Sở A", [97])))


def test_unknown_panels_are_refused():
    with pytest.raises(PlotError, match="there are no panels by 'basis'") as refusal:
        plot_trend(series("Sở A", [96]), panels="basis")
    assert refusal.value.mend == "use one of indicator, agency, group, or None"


# --- panels -------------------------------------------------------------------------------------


def agencies(count, quarters=8):
    return together(
        *(
            series(f"Ủy ban nhân dân huyện số {n}", [90 + (n + q) % 10 for q in range(quarters)])
            for n in range(count)
        )
    )


@pytest.mark.parametrize("count", [2, 3, 5, 8, 12])
def test_panels_are_one_each_titled_and_share_the_scale(count):
    ax = plot_trend(agencies(count), panels="agency", target=95)
    children = ax.child_axes
    assert [child.get_title(loc="left") for child in children] == [
        f"Ủy ban nhân dân huyện số {n}" for n in range(count)
    ]
    assert len({child.get_ylim() for child in children}) == 1
    assert all(len(child.lines) == 1 for child in children)
    assert legend(ax) == ["Mục tiêu 95%"]
    assert not ax.axison
    frame = ax.get_window_extent()
    boxes = [child.get_tightbbox() for child in children]
    for place, box in enumerate(boxes):
        assert box.x0 >= frame.x0 - 2
        assert box.x1 <= frame.x1 + 2
        assert box.y0 >= frame.y0 - 2
        assert box.y1 <= frame.y1 + 2
        assert not any(box.overlaps(other) for other in boxes[place + 1 :])


def test_panels_by_indicator_have_a_scale_and_a_unit_each():
    frame = together(
        series(AGENCY, [96, 97]),
        series(LONG, [92, 99]),
        series(AGENCY, [1500, 20], indicator="own_count", unit="dossiers"),
        series(AGENCY, [None, None], indicator="own_share"),
    )
    ax = plot_trend(frame, panels="indicator")
    rate, count, empty = ax.child_axes
    assert [child.get_ylabel() for child in ax.child_axes] == ["Tỷ lệ (%)", "hồ sơ", "Tỷ lệ (%)"]
    assert rate.get_ylim() != count.get_ylim()
    assert texts(empty) == ["chưa báo cáo"]
    assert legend(ax) == [AGENCY, LONG]
    # The same agency looks the same in every panel.
    assert rate.lines[0].get_color() == count.lines[0].get_color()
    assert rate.lines[0].get_color() != rate.lines[1].get_color()


def test_panels_by_group_have_the_words_of_the_form():
    ax = plot_trend(staffing_values(), panels="group")
    assert [child.get_title(loc="left").replace("\n", " ") for child in ax.child_axes] == [
        "Biên chế hành chính",
        "Hợp đồng lao động (hành chính)",
        "Biên chế sự nghiệp",
    ]


def test_a_gap_in_a_panel_stays_a_gap_on_the_quarters_of_all():
    frame = together(series("Sở A", [96, 97, 98, 99]), series("Sở B", [95, None, 94]))
    _, second = plot_trend(frame, panels="agency").child_axes
    np.testing.assert_array_equal(second.lines[0].get_ydata(), [95, np.nan, 94, np.nan])


def test_panels_of_one_quarter_print_their_figures():
    children = plot_trend(staffing_values(), panels="group").child_axes
    assert [texts(child) for child in children] == [["92,5%"], ["100%"], ["48,9%"]]


def test_more_panels_than_fit_are_refused():
    _, ax = plt.subplots(figsize=(3, 2))
    with pytest.raises(
        PlotError, match=r"12 panels do not fit axes of \d+ × \d+ pixels"
    ) as refusal:
        plot_trend(agencies(12), panels="agency", ax=ax)
    assert "with ax=None the figure is made to fit" in str(refusal.value)


# --- change -------------------------------------------------------------------------------------


def test_the_latest_quarter_stands_against_the_one_before():
    frame = together(series("Sở A", [95, 96, 98]), series("Sở B", [99, 98.5, 97]))
    ax = plot_change(quarter_over_quarter(frame))
    assert ticks(ax.yaxis) == ["Sở A", "Sở B"]
    assert texts(ax) == ["▲ +2 điểm %", "▼ −1,5 điểm %"]
    assert ax.get_title(loc="left").endswith("Quý II/2019 → Quý III/2019")
    assert legend(ax) == ["Quý II/2019", "Quý III/2019 (tốt lên)", "Quý III/2019 (xấu đi)"]
    assert ax.get_xlabel() == "Tỷ lệ (%)"
    points = [
        (line.get_xdata()[0], line.get_ydata()[0])
        for line in ax.lines
        if line.get_linestyle() == "None" or len(line.get_xdata()) == 1
    ]
    for point in [(96, 0), (98, 0), (98.5, 1), (97, 1)]:
        assert point in points


def test_another_period_can_be_asked_for_by_name():
    changes = quarter_over_quarter(series("Sở A", [95, 96, 98]))
    assert texts(plot_change(changes, period="quý II/2019")) == ["▲ +1 điểm %"]
    assert texts(plot_change(changes, period=pd.Period("2019Q3"))) == ["▲ +2 điểm %"]


def test_year_over_year_names_the_year_before():
    changes = year_over_year(series("Sở A", [90, 91, 92, 93, 97]))
    ax = plot_change(changes, lang="en")
    assert ax.get_title(loc="left").endswith("Q1 2019 → Q1 2020")
    assert texts(ax) == ["▲ +7 pp"]


def test_the_quarter_compared_with_is_told_and_never_guessed():
    # The same figure every quarter: figures cannot tell which of them was compared with.
    frame = series("Sở A", [95, 95, 95, 95, 95])
    by_year, by_quarter = year_over_year(frame), quarter_over_quarter(frame)
    for changes in (by_year, by_year.iloc[-1:]):
        title = plot_change(changes).get_title(loc="left")
        assert title.endswith("Quý I/2019 → Quý I/2020")
    title = plot_change(by_quarter).get_title(loc="left")
    assert title.endswith("Quý IV/2019 → Quý I/2020")
    as_text = by_year.astype({"previous_period": "str", "period": "str"})
    assert plot_change(as_text).get_title(loc="left").endswith("Quý I/2019 → Quý I/2020")


def test_rows_of_two_comparisons_are_refused():
    rates = series("Sở A", [95, 96, 97, 98, 99])
    late = series("Sở A", [5, 4, 3, 2, 1], indicator="late_rate_settled")
    both = together(year_over_year(rates), quarter_over_quarter(late))
    with pytest.raises(PlotError) as refusal:
        plot_change(both)
    assert str(refusal.value) == (
        "rows compared with 2 quarters cannot share a plot\n"
        "  where: column previous_period: 2019Q1, 2019Q4\n"
        "  mend:  choose the rows of one comparison, and draw a plot for each"
    )


def test_a_quarter_compared_with_that_is_missing_or_no_quarter_is_refused():
    changes = quarter_over_quarter(series("Sở A", [95, 96]))
    with pytest.raises(PlotError) as refusal:
        plot_change(changes.assign(previous_period=[None, None]))
    assert str(refusal.value) == (
        "the quarter that a row is compared with is missing\n"
        "  where: column previous_period, row 1 of 2019Q2\n"
        "  mend:  pass the values through quarter_over_quarter(values) or year_over_year(values)"
        " first"
    )
    with pytest.raises(PlotError, match="column previous_period(.|\n)*year_over_year"):
        plot_change(changes.assign(previous_period="hôm qua"))


@pytest.mark.parametrize("name", ["previous", "change", "change_pct"])
@pytest.mark.parametrize("cell", ["chín mươi", float("inf")])
def test_a_change_that_is_no_number_is_refused(name, cell):
    changes = quarter_over_quarter(series("Sở A", [95, 96]))
    changes = changes.astype({name: object})
    changes.loc[1, name] = cell
    with pytest.raises(PlotError) as refusal:
        plot_change(changes)
    assert refusal.value.what == f"column {name} has a cell that is no number: {str(cell)!r}"
    assert refusal.value.where == f"column {name}, row 2"
    assert "year_over_year(values) first" in refusal.value.mend


@pytest.mark.parametrize(
    ("indicator", "figures", "verdict", "colour", "arrow"),
    [
        (RATE, [95, 96], "tốt lên", BLUE, "▲"),
        (RATE, [96, 95], "xấu đi", VERMILLION, "▼"),
        ("late_rate_settled", [5, 4], "tốt lên", BLUE, "▼"),
        ("late_rate_settled", [4, 5], "xấu đi", VERMILLION, "▲"),
    ],
)
def test_better_and_worse_follow_the_indicator(indicator, figures, verdict, colour, arrow):
    ax = plot_change(quarter_over_quarter(series("Sở A", figures, indicator=indicator)))
    assert legend(ax)[1] == f"Quý II/2019 ({verdict})"
    (text,) = ax.texts
    assert text.get_text().startswith(arrow)
    assert text.get_color() == colour


def test_an_indicator_of_the_users_own_is_not_judged():
    ax = plot_change(quarter_over_quarter(series("Sở A", [95, 96], indicator="own_share")))
    assert legend(ax) == ["Quý I/2019", "Quý II/2019"]


def test_counts_change_in_numbers_and_percent():
    counts = together(
        series("Sở A", [387, 375], indicator="own_count", unit="dossiers"),
        series("Sở B", [1000, 2500], indicator="own_count", unit="dossiers"),
        series("Sở C", [0, 7], indicator="own_count", unit="dossiers"),
        series("Sở D", [7, 7], indicator="own_count", unit="dossiers"),
    )
    ax = plot_change(quarter_over_quarter(counts))
    assert texts(ax) == ["▼ −12 (−3,1%)", "▲ +1.500 (+150%)", "▲ +7", "= không đổi"]
    assert ax.get_xlabel() == "hồ sơ"


def test_rows_with_nothing_to_compare_stay_and_say_so():
    frame = together(
        series("Sở A", [95, 96]), series("Sở B", [98], start="2019Q2"), series("Sở C", [97, None])
    )
    ax = plot_change(quarter_over_quarter(frame))
    assert ticks(ax.yaxis) == ["Sở A", "Sở B", "Sở C"]
    assert texts(ax) == [
        "▲ +1 điểm %",
        "không có số liệu kỳ trước (Quý I/2019)",
        "chưa báo cáo",
    ]


def test_no_figures_of_the_year_before_are_not_called_those_of_the_quarter_before():
    frame = together(series("Sở A", [95, 95, 95, 95, 95]), series("Sở B", [98], start="2020Q1"))
    ax = plot_change(year_over_year(frame))
    assert texts(ax) == ["= không đổi", "không có số liệu kỳ trước (Quý I/2019)"]


def test_a_row_that_cannot_be_compared_says_why():
    frame = together(
        series("Sở A", [95], unit="dossiers", indicator="own"),
        series("Sở A", [96], start="2019Q2", indicator="own"),
    )
    (words,) = texts(plot_change(quarter_over_quarter(frame)))
    assert words == "kỳ trước dùng đơn vị khác, không so sánh được"


def test_a_small_change_is_not_printed_as_none():
    ax = plot_change(quarter_over_quarter(series("Sở A", [98.33, 98.36])))
    assert texts(ax) == ["▲ +0,03 điểm %"]


@pytest.mark.parametrize("given_ax", [False, True])
def test_twenty_rows_and_long_names_are_readable(given_ax):
    rows = [series(f"Ủy ban nhân dân huyện số {n}", [90 + n / 3, 96]) for n in range(20)]
    ax = plt.subplots()[1] if given_ax else None
    assert_readable(plot_change(quarter_over_quarter(together(*rows)), ax=ax))
    ax = plt.subplots()[1] if given_ax else None
    long = together(series(AGENCY, [95, 96]), series(LONG, [97, 96]))
    assert_readable(plot_change(quarter_over_quarter(long), ax=ax))


def test_more_rows_than_fit_are_refused():
    rows = [series(f"Sở {n}", [95, 96]) for n in range(60)]
    _, ax = plt.subplots()
    with pytest.raises(PlotError, match=r"60 rows do not fit axes of \d+ pixels") as refusal:
        plot_change(quarter_over_quarter(together(*rows)), ax=ax)
    assert "give a taller figure or fewer rows" in str(refusal.value)


def test_values_that_were_not_compared_are_refused():
    with pytest.raises(PlotError) as refusal:
        plot_change(series("Sở A", [95, 96]))
    assert str(refusal.value) == (
        "columns previous, change, change_pct, previous_period, comparison_note missing\n"
        "  where: columns: agency, period, indicator, value, unit\n"
        "  mend:  pass the values through quarter_over_quarter(values) or year_over_year(values)"
        " first"
    )


def test_a_period_that_is_not_there_is_refused():
    changes = quarter_over_quarter(series("Sở A", [95, 96]))
    with pytest.raises(PlotError) as refusal:
        plot_change(changes, period="2021Q1")
    assert str(refusal.value) == (
        "there are no values of 2021Q1\n  where: period=\n  mend:  choose one of 2019Q1, 2019Q2"
    )
    with pytest.raises(PlotError, match="no quarter, month or year is named"):
        plot_change(changes, period="hôm qua")


def test_changes_of_several_units_are_refused():
    frame = together(
        series("Sở A", [95, 96]), series("Sở A", [5, 6], indicator="own_count", unit="dossiers")
    )
    with pytest.raises(PlotError, match="choose the rows of one unit, and draw a plot for each"):
        plot_change(quarter_over_quarter(frame))


def test_a_period_without_any_figure_is_refused():
    changes = quarter_over_quarter(series("Sở A", [95, None, None]))
    with pytest.raises(PlotError, match="nothing to show: every value is missing"):
        plot_change(changes, period="2019Q3")


def test_quarters_to_come_are_not_taken_for_the_latest():
    ax = plot_change(quarter_over_quarter(series("Sở A", [95, 96, None])))
    assert ax.get_title(loc="left").endswith("Quý I/2019 → Quý II/2019")


# --- staffing -----------------------------------------------------------------------------------


def test_posts_and_people_are_printed_as_the_report_has_them():
    ax = plot_staffing(staffing())
    assert texts(ax) == ["37/40", "5/5", "23/47"]
    assert [name.replace("\n", " ") for name in ticks(ax.yaxis)] == [
        "Biên chế hành chính",
        "Hợp đồng lao động (hành chính)",
        "Biên chế sự nghiệp",
    ]
    assert ax.get_title(loc="left") == (
        f"Biên chế được giao và hiện có\n{AGENCY} · Cuối quý III/2020"
    )
    assert legend(ax) == ["Được giao", "Hiện có"]
    assert ax.get_xlabel() == "Số biên chế, lao động"
    assert [bar.get_width() for bar in ax.patches] == [37, 40, 5, 5, 23, 47]
    assert [bar.get_fill() and bar.get_facecolor()[3] > 0 for bar in ax.patches] == [
        True,
        False,
    ] * 3
    assert_readable(ax)


def test_the_percentage_is_printed_where_values_give_it():
    ax = plot_staffing(staffing_values())
    assert texts(ax) == ["37/40 (92,5%)", "5/5 (100%)", "23/47 (48,9%)"]
    others = series(AGENCY, [96], start="2020Q3")
    assert texts(plot_staffing(together(staffing_values(), others), lang="en")) == [
        "37/40 (92.5%)",
        "5/5 (100%)",
        "23/47 (48.9%)",
    ]


def test_a_missing_figure_is_said_and_the_other_one_drawn():
    ax = plot_staffing(staffing(present=(37, None, None), assigned=(40, 5, None)))
    assert texts(ax) == ["37/40", "chưa báo cáo / 5", "chưa báo cáo"]
    assert [bar.get_width() for bar in ax.patches] == [37, 40, 5]
    dash = staffing(present=(37, None, 23), not_applicable=["", "present", ""])
    assert texts(plot_staffing(dash))[1] == "không áp dụng / 5"


def test_dashes_are_read_as_forms_read_them():
    both = staffing(
        assigned=(40, None, 47), present=(37, None, 23), not_applicable=["", "assigned,present", ""]
    )
    assert texts(plot_staffing(both))[1] == "không áp dụng"
    empty = staffing(present=(37, None, 23)).assign(not_applicable=[None, float("nan"), None])
    assert texts(plot_staffing(empty))[1] == "chưa báo cáo / 5"


def test_the_whole_has_one_name():
    whole = staffing_values().iloc[:1].assign(group="all")
    (of_posts,) = ticks(plot_staffing(whole).yaxis)
    of_rates = texts(plot_trend(together(staffing_values(), whole)))[-1]
    assert of_posts == of_rates == "Chung"


def test_a_rate_that_is_undefined_leaves_its_parts():
    frame = staffing_values(rates=(92.5, None, 48.9)).assign(denominator=[40, 0, 47])
    assert texts(plot_staffing(frame))[1] == "5/0"


def test_more_people_than_posts_are_seen_and_not_cut():
    ax = plot_staffing(staffing(assigned=(10, 5, 47), present=(60, 9, 23)))
    assert texts(ax)[0] == "60/10"
    assert ax.get_xlim()[1] > 60
    filled, outline = ax.patches[:2]
    assert (filled.get_width(), outline.get_width()) == (60, 10)
    assert outline.get_zorder() > filled.get_zorder()


@pytest.mark.parametrize(
    ("column", "other", "words"),
    [
        ("agency", "Sở B", f"2 agencies cannot share one staffing plot\n"
                           f"  where: column agency: {AGENCY}, Sở B\n"),
        ("period", "2020Q4", "2 periods cannot share one staffing plot\n"
                             "  where: column period: 2020Q3, 2020Q4\n"),
    ],
)  # fmt: skip
def test_several_agencies_or_periods_are_refused(column, other, words):
    frame = together(staffing(), staffing().assign(**{column: other}))
    with pytest.raises(PlotError) as refusal:
        plot_staffing(frame)
    assert str(refusal.value) == words + "  mend:  choose the rows of one agency and one period"


def test_a_category_told_twice_is_refused():
    with pytest.raises(PlotError, match="category administrative stands in more than one row"):
        plot_staffing(together(staffing(), staffing()))


def test_staffing_without_rows_columns_or_figures_is_refused():
    with pytest.raises(PlotError, match="there is no staffing to draw(.|\n)*table staffing of a"):
        plot_staffing(staffing().iloc[:0])
    with pytest.raises(
        PlotError, match=r"columns category, present missing(.|\n)*the form staffing"
    ):
        plot_staffing(staffing().drop(columns=["category", "present"]))
    with pytest.raises(PlotError, match="nothing to show: no category has a figure"):
        plot_staffing(staffing(assigned=(None,) * 3, present=(None,) * 3))
    with pytest.raises(PlotError, match="there is no staffing_rate among the values") as refusal:
        plot_staffing(series("Sở A", [95]))
    assert "column indicator: on_time_rate_settled" in str(refusal.value)
    with pytest.raises(PlotError, match="column numerator missing"):
        plot_staffing(staffing_values().drop(columns="numerator"))


def test_text_in_staffing_is_refused_with_the_heading():
    frame = staffing().astype({"present": object})
    frame.loc[0, "present"] = "ba mươi bảy"
    with pytest.raises(PlotError) as refusal:
        plot_staffing(frame)
    assert str(refusal.value).startswith(
        "column present (Tổng số biên chế, lao động hiện có) has a cell that is no number: "
        "'ba mươi bảy'\n  where: column present, row 1\n"
    )
    assert 'pass the table through validate(frame, "staffing") first' in str(refusal.value)


def test_a_month_in_staffing_is_refused():
    with pytest.raises(CchcError, match="a quarter is needed, not a month"):
        plot_staffing(staffing().assign(period=pd.Period("2020-09", "M")))


# --- words and room -----------------------------------------------------------------------------


@given(st.lists(st.tuples(st.floats(-50, 250), st.floats(5, 30)), min_size=1, max_size=8))
def test_labels_that_step_aside_do_not_touch_and_keep_their_order(labels):
    centres, heights = (np.array(column) for column in zip(*labels, strict=True))
    placed = spread(centres, heights, low=0, high=400)
    order = np.argsort(centres, kind="stable")
    lower = (placed - heights / 2)[order]
    upper = (placed + heights / 2)[order]
    assert (lower[1:] >= upper[:-1] - 1e-6).all()
    assert lower[0] >= -1e-6
    assert upper[-1] <= 400 + 1e-6


def test_labels_that_have_room_stay_where_they_are():
    assert spread([10, 50, 90], [10, 10, 10], low=0, high=100).tolist() == [10, 50, 90]


@pytest.mark.parametrize(
    ("x", "unit", "signed", "printed"),
    [
        (13.35, "percent", False, "13,4%"),  # half up, where floats would print 13,3
        (0.2 + 0.1 - 0.05, "percent", False, "0,3%"),
        (20.0, "percent", False, "20%"),
        (0.001, "percent", False, "0,001%"),
        (0.0, "percentage_points", True, "0 điểm %"),
        (0.2, "percentage_points", True, "+0,2 điểm %"),
        (-12, "", True, "−12"),
        (1234567.0, "", False, "1.234.567"),
        (2e-9, "", False, "0,000000002"),
        (4e-10, "", False, "0"),  # noise of floats
    ],
)
def test_figures_are_printed_as_reports_print_them(x, unit, signed, printed):
    assert number_text(x, unit=unit, lang="vi", signed=signed) == printed


@given(st.text(alphabet="abcỆ $\\", max_size=60), st.integers(20, 200), st.integers(1, 5))
@settings(max_examples=50)
def test_no_line_is_wider_than_asked(text, width, lines):
    _, ax = plt.subplots(figsize=(1, 1))
    try:
        wrapped = wrap(ax, text, width=width, size=9, lines=lines)
        assert wrapped.count("\n") < lines
        assert text_size(ax, wrapped, 9)[0] <= width
        whole = wrap(ax, text, width=width, size=9)
        assert "".join(whole.split()) == "".join(text.replace("$", r"\$").split())
    finally:
        plt.close("all")


def test_changes_are_said_in_the_way_of_their_unit():
    counted = {"unit": "dossiers", "change": 1500.0, "change_pct": 150.0}
    assert change_words(counted, lang="vi") == "+1.500 (+150%)"
    assert change_words(counted | {"change_pct": pd.NA}, lang="en") == "+1,500"
    assert change_words(counted | {"change": 0.0, "change_pct": 0.0}, lang="en") == "no change"
    assert change_words(counted | {"change": pd.NA}, lang="en") == ""
    share = {"unit": "percent", "change": -1.5, "change_pct": pd.NA}
    assert change_words(share, lang="vi") == "−1,5 điểm %"


# --- shares -------------------------------------------------------------------------------------


def test_shares_are_bars_with_their_figures_and_reasons():
    frame = complete_values(
        pd.DataFrame(
            {
                "agency": AGENCY,
                "period": "2020Q3",
                "indicator": ["electronic_documents_share", RATE, "own_share"],
                "numerator": [1315, 0, None],
                "denominator": [1380, 0, None],
                "basis": ["in_period", "in_period", "year_to_date"],
            }
        )
    )
    ax = draw_shares(frame, ax=plt.subplots(figsize=(9, 3), layout="constrained")[1])
    assert texts(ax) == [
        "95,3% (1.315/1.380)",
        "không tính được (mẫu số bằng 0) (0/0)",
        "chưa báo cáo",
    ]
    assert ticks(ax.yaxis)[2].replace("\n", " ") == "own_share (lũy kế)"
    assert [round(bar.get_width(), 1) for bar in ax.patches] == [95.3, 0, 0]
    assert ax.get_title(loc="left") == f"{AGENCY} · Quý III/2020"
    assert ticks(ax.xaxis)[0] == "0"
    assert ticks(ax.xaxis)[-1] == "100"
    assert ax.get_xlabel() == "Tỷ lệ (%)"
    assert_readable(ax)


@pytest.mark.parametrize("draw", [plot_trend, plot_change, plot_staffing])
def test_an_array_of_axes_is_not_one(draw):
    frame = pd.DataFrame(
        {
            "agency": "Sở A",
            "period": pd.PeriodIndex(["2020Q3"], freq="Q-DEC"),
            "category": "administrative",
            "assigned": 40,
            "present": 37,
        }
    )
    if draw is not plot_staffing:
        frame = frame.assign(indicator="x", value=1.0)
    if draw is plot_change:
        frame = quarter_over_quarter(
            pd.concat([frame, frame.assign(period=frame["period"] + 1)], ignore_index=True)
        )
    with pytest.raises(PlotError, match="ax is a ndarray, not one Axes") as caught:
        draw(frame, ax=np.array([1, 2]))
    assert "mend:  give one Axes; of an array of them, axes[0]" in str(caught.value)


def test_a_wrong_type_is_not_called_empty():
    with pytest.raises(PlotError, match="values are a DataFrame, not a list"):
        plot_trend([1])
    with pytest.raises(PlotError, match="staffing is a DataFrame, not a list"):
        plot_staffing([1])


def test_many_changes_tell_how_many_chance_alone_makes():
    rows = [
        (f"Sở {n:02}", q, x, 100) for n in range(20) for q, x in (("2020Q2", 90), ("2020Q3", 91))
    ]
    frame = pd.DataFrame(rows, columns=["agency", "period", "numerator", "denominator"])
    frame.loc[1, "numerator"] = 100  # 90 to 100 of 100: limits leave out 0
    changes = quarter_over_quarter(frame.assign(indicator="on_time_rate_settled"))
    assert plot_caption(plot_change(changes, lang="en")) == (
        "Of 20 changes with 95 % limits 1 differ from 0; chance alone makes about 1."
    )
    assert plot_caption(plot_change(changes.head(18))) == ""
