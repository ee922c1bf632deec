"""Control charts and funnels as drawn: by their artists, their words and what they refuse."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import StepPatch
from matplotlib.text import Text

from cchc_stats.plots import plot_caption, plot_control_chart, plot_funnel
from cchc_stats.plots.axes import BLUE, GID, VERMILLION
from cchc_stats.statistics import (
    control_chart,
    funnel,
    funnel_curves,
    standardised_ratio,
    suppress_small,
)
from cchc_stats.words.errors import CchcError, PlotError

RATE = "on_time_rate_settled"
LONG = "Ủy ban nhân dân thành phố Quy Nhơn thuộc tỉnh Bình Định, Bộ phận tiếp nhận và trả kết quả"
REASON = "Mở bộ phận tiếp nhận và trả kết quả theo cơ chế một cửa liên thông, phần mềm mới"
PART = [57, 58, 57, 59, 58, 40, 58, 57, 59, 58, 57, 58, 59]
NAMES = ("Sở Nội vụ", "Sở Y tế", "Sở Nông nghiệp và Phát triển nông thôn tỉnh Bình Định", "Sở D")


def values(part, whole=60, *, agency="Sở A", indicator=RATE, **more):
    periods = pd.period_range("2017Q1", periods=len(part), freq="Q-DEC")
    columns = {"agency": agency, "period": periods, "indicator": indicator}
    part = pd.array(part, dtype="Float64")
    return pd.DataFrame(columns | {"numerator": part, "denominator": whole} | more)


def units(part, whole, names=NAMES, **more):
    columns = {"agency": list(names)[: len(part)], "period": "2020Q3", "indicator": RATE}
    return pd.DataFrame(columns | {"numerator": part, "denominator": whole} | more)


def drawn_chart(chart, **how):
    """Draw on axes of their own, which no layout moves: that takes most of the time."""
    return plot_control_chart(chart, ax=Figure(figsize=(9, 5)).add_subplot(), **how)


def drawn_funnel(told, **how):
    return plot_funnel(told, ax=Figure(figsize=(9, 5)).add_subplot(), **how)


def texts(ax):
    return [text.get_text().replace("\n", " ") for text in ax.texts if text.get_gid() != GID]


def points(ax, colour):
    """Return (x, y) of the markers filled with a colour."""
    return [
        (x, y)
        for line in ax.lines
        if line.get_linestyle() == "None" and to_hex(line.get_color()) == colour.lower()
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]


def steps(ax, style):
    return [
        patch for patch in ax.patches
        if isinstance(patch, StepPatch) and patch.get_linestyle() == style
    ]  # fmt: skip


def assert_readable(ax):
    """Assert that no text touches another or leaves the figure."""
    figure = ax.get_figure(root=True)
    figure.canvas.draw()
    every = [ax._left_title, *ax.texts, ax.xaxis.label, ax.yaxis.label]
    every += [*ax.get_xticklabels(), *ax.get_yticklabels()]
    words = [artist for artist in every if artist.get_text()]
    boxes = [Text.get_window_extent(artist) for artist in words]
    width, height = figure.canvas.get_width_height()
    for place, box in enumerate(boxes):
        assert box.x0 >= -1, words[place].get_text()
        assert box.y0 >= -1, words[place].get_text()
        assert box.x1 <= width + 1, words[place].get_text()
        assert box.y1 <= height + 1, words[place].get_text()
        for other in range(place + 1, len(boxes)):
            # The box of words that lean is larger than they are.
            leaning = words[place].get_rotation() % 90 and words[other].get_rotation() % 90
            touching = box.overlaps(boxes[other]) and not leaning
            assert not touching, (words[place].get_text(), words[other].get_text())


CHARTS = {
    "signal": lambda: control_chart(values(PART), target=95),
    "all at 100": lambda: control_chart(values([60] * 8), target=95),
    "gaps": lambda: control_chart(values(PART).drop([3, 4]), kind="p"),
    "long": lambda: control_chart(
        values(PART, agency=LONG), rebase={"2018Q3": REASON, "2019Q2": "Phần mềm"}, kind="p"
    ),
    "one": lambda: control_chart(values([5], 6)),
    "counts": lambda: control_chart(
        values([310, 290, 305, 300, 280, 312, 295, 301], None, indicator="dossiers_settled").rename(
            columns={"numerator": "value"}
        )
    ),
    "many": lambda: control_chart(values([57, 58, 50] * 16), kind="p"),
}
FUNNELS = {
    "mixed": lambda: funnel(units([60, 980, 450, 0], [60, 1000, 500, 0])),
    "all at 100": lambda: funnel(units([60, 1000, 500, 0], [60, 1000, 500, 0])),
    "one": lambda: funnel(units([1], [1])),
    "wide": lambda: funnel(units([10, 9000, 12000, 700], [12, 10000, 15000, 800]), target=95),
    "one size": lambda: funnel(units([57, 40, 60, 58], [60] * 4)),
    "many": lambda: funnel(
        units(range(40, 80), [100] * 20 + [400] * 20, [f"{LONG} {n}" for n in range(40)])
    ),
    "widened": lambda: funnel(
        units([60, 900, 450], [60, 1000, 500]), over_dispersion="additive", levels=[95]
    ),
}


def ratios(late, sizes=(100, 400, 40), **columns):
    """Return standardised ratios of agencies with so many late of two groups each."""
    rows = [
        (f"Sở {at}", group, size - one, size)
        for at, (one, size) in enumerate(zip(late, sizes, strict=True))
        for group in ("Đất đai", "Hộ tịch")
    ]
    frame = pd.DataFrame(rows, columns=["agency", "group", "numerator", "denominator"])
    columns = {"period": "2020Q3", "indicator": "on_time_rate_settled"} | columns
    return standardised_ratio(frame.assign(**columns))


@pytest.mark.parametrize("name", CHARTS)
def test_a_control_chart_can_be_read(name):
    assert_readable(plot_control_chart(CHARTS[name]()))


@pytest.mark.parametrize("name", FUNNELS)
def test_a_funnel_can_be_read(name):
    assert_readable(plot_funnel(FUNNELS[name]()))


def test_both_can_be_read_in_english():
    assert_readable(plot_control_chart(CHARTS["long"](), lang="en"))
    assert_readable(plot_funnel(FUNNELS["mixed"](), lang="en"))


@pytest.mark.parametrize(
    ("draw", "frame"), [(plot_control_chart, CHARTS["signal"]), (plot_funnel, FUNNELS["mixed"])]
)
def test_the_given_ax_is_drawn_on_and_the_frame_left_alone(draw, frame):
    _, axes = plt.subplots(1, 2, figsize=(16, 5), layout="constrained")
    told = frame()
    before = told.copy(deep=True)
    assert draw(told, ax=axes[0]) is axes[0]
    assert not axes[1].has_data()
    assert plt.get_fignums() == [1]
    pd.testing.assert_frame_equal(told, before)


# --- control charts -----------------------------------------------------------------------------


def test_points_and_limits_are_those_of_the_frame():
    chart = CHARTS["signal"]()
    ax = drawn_chart(chart)
    assert ax.lines[0].get_ydata().tolist() == chart["value"].tolist()
    (centre,) = steps(ax, "-")
    assert centre.get_data().values.tolist() == chart["centre"].tolist()
    low, high = steps(ax, "--")
    assert low.get_data().values.tolist() == chart["low"].tolist()
    assert high.get_data().values.tolist() == chart["high"].tolist()
    assert points(ax, VERMILLION) == [(5, pytest.approx(100 * 40 / 60))]
    assert points(ax, BLUE) == []
    assert "66,7%" in texts(ax)
    assert "■ tín hiệu xấu đi" in texts(ax)
    assert {"Giới hạn trên 100%", "Trung bình 94,2%", "Mục tiêu 95%"} <= set(texts(ax))
    assert ax.get_ylabel() == "Tỷ lệ (%)"


def test_better_and_worse_differ_in_colour_and_shape():
    late = control_chart(values(PART, indicator="late_rate_settled"), kind="p")
    ax = drawn_chart(late)
    assert len(points(ax, BLUE)) == 1
    assert "● tín hiệu tốt lên" in texts(ax)
    own = control_chart(values(PART, indicator="mine"), kind="p")
    assert "◆ signal: a change" in texts(drawn_chart(own, lang="en"))


def test_trial_limits_are_dotted():
    ax = drawn_chart(control_chart(values(PART[:5]), kind="p"))
    assert len(steps(ax, ":")) == 2
    assert steps(ax, "--") == []


def test_a_missing_quarter_is_a_gap_in_figures_and_limits():
    ax = drawn_chart(CHARTS["gaps"]())
    assert np.flatnonzero(np.isnan(ax.lines[0].get_ydata())).tolist() == [3, 4]
    assert np.flatnonzero(np.isnan(steps(ax, "-")[0].get_data().values)).tolist() == [3, 4]


def test_limits_that_start_anew_have_their_reason_and_are_not_joined():
    ax = drawn_chart(CHARTS["long"]())
    assert {REASON, "Phần mềm"} <= set(texts(ax))
    assert [patch.get_data().edges.tolist()[0] for patch in steps(ax, "-")] == [-0.5, 5.5, 8.5]
    assert [line.get_xdata()[0] for line in ax.lines if list(line.get_xdata()) == [5.5, 5.5]] == [
        5.5
    ]
    assert f"Giới hạn tính lại từ Quý III/2018: {REASON}." in plot_caption(ax)


def test_without_limits_there_is_a_centre_and_the_reason_is_told():
    ax = drawn_chart(CHARTS["all at 100"]())
    assert "Trung bình 100%" in texts(ax)
    assert not any("Giới hạn" in text for text in texts(ax))
    assert plot_caption(ax) == (
        "Tỷ lệ trả đúng hạn trên hồ sơ đã giải quyết, Sở A: 8 quý có số liệu, Quý I/2017 đến Quý "
        "IV/2018. Giới hạn: các điểm bằng nhau, độ lệch bằng 0, nên chưa có giới hạn để phân biệt "
        "tín hiệu. Không quý nào là tín hiệu theo các quy tắc đã chọn. Mục tiêu 95%: chưa nói được "
        "là sẽ đạt hay không."
    )


def test_the_caption_says_what_is_seen_in_both_languages():
    chart = control_chart(values(PART, agency="Dept. A"), target=95)
    assert plot_caption(drawn_chart(chart, lang="en")) == (
        "On-time rate, of dossiers settled, Dept. A: 13 quarters with figures, Q1 2017 to Q1 2020. "
        "Centre 94.2%, limits of common variation 85.2% to 100% (p chart). "
        "A signal in one quarter: Q2 2018: 66.7% (40/60), worse. "
        "Target 95%: met in some quarters and missed in others, by chance."
    )
    assert "Tín hiệu ở một quý: Quý II/2018: 66,7% (40/60), xấu đi." in plot_caption(
        drawn_chart(chart)
    )


def test_many_signals_are_counted_and_the_latest_four_named():
    chart = control_chart(values([57] * 9 + [50] * 9), kind="p", rules=["run"])
    caption = plot_caption(drawn_chart(chart, lang="en"))
    assert "Signals in 18 quarters: Q3 2020: 83.3% (50/60), worse; Q4 2020:" in caption
    assert "Q2 2021: 83.3% (50/60), worse; 14 earlier ones." in caption


def test_synthetic_figures_are_called_so():
    made_up = values(PART, source="synthetic_x.csv")
    assert "số liệu giả lập" in texts(drawn_chart(control_chart(made_up)))
    assert "số liệu giả lập" in texts(drawn_funnel(funnel(units([57], [60], source="giả lập"))))


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (values(PART), "columns centre, low, high, target, kind"),
        (control_chart(pd.concat([values(PART), values(PART, agency="Sở B")])),
         "2 series cannot share a control chart\n  where: column agency: Sở A, Sở B\n"
         "  mend:  choose the rows of one agency, and draw a chart for each"),
        (control_chart(values(PART)).iloc[:0], "there are no values to draw"),
        (control_chart(values([0, 0], 0)), "nothing to show: every value is missing"),
        ([1], "values are a DataFrame, not a list"),
    ],
    ids=["values", "two", "empty", "nothing", "list"],
)  # fmt: skip
def test_what_cannot_be_drawn_as_a_control_chart_is_refused(frame, words):
    with pytest.raises(PlotError) as refusal:
        drawn_chart(frame)
    assert str(refusal.value).startswith(words)


# --- funnels ------------------------------------------------------------------------------------


def test_agencies_stand_at_their_rates_and_those_beyond_are_named():
    told = FUNNELS["mixed"]()
    ax = drawn_funnel(told)
    assert [y for _, y in points(ax, BLUE)] == [98.0]
    assert [y for _, y in points(ax, VERMILLION)] == [90.0]
    hollow = [line for line in ax.lines if line.get_markerfacecolor() == "white"]
    assert [line.get_ydata().tolist() for line in hollow] == [[100.0]]
    assert "Sở Y tế 98%" in texts(ax)
    assert f"{NAMES[2]} 90%" in texts(ax)
    assert not any("Sở D" in text or "Nội vụ" in text for text in texts(ax))


def test_curves_are_those_of_the_funnel():
    told = FUNNELS["mixed"]()
    curves, ax = funnel_curves(told), drawn_funnel(told)
    drawn = [line.get_ydata().tolist() for line in ax.lines]
    for name in ("centre", "low_95", "high_95", "low_99_8", "high_99_8"):
        assert curves[name].tolist() in drawn
    assert texts(ax).count("giới hạn 99,8%") == 2


def test_denominators_of_many_sizes_stand_by_their_ratios():
    def spaces(name):
        ax = drawn_funnel(FUNNELS[name]())
        at = {
            label.get_text(): tick for label, tick in zip(
                ax.get_xticklabels(), ax.get_xticks(), strict=True
            )
        }  # fmt: skip
        return at

    ratios = spaces("wide")
    assert ratios["100"] - ratios["10"] == pytest.approx(ratios["1.000"] - ratios["100"])
    even = spaces("mixed")
    assert even["400"] - even["200"] == pytest.approx(even["600"] - even["400"])


def test_who_is_not_counted_is_told():
    caption = plot_caption(drawn_funnel(FUNNELS["mixed"](), lang="en"))
    assert caption.startswith(
        "On-time rate, of dossiers settled, Q3 2020: 3 agencies, rate of all 95.5%. "
        "Beyond the 99.8% limits: Sở Y tế: 98% (980/1,000), above; "
    )
    assert caption.endswith("Not counted: Sở D.")


def test_a_funnel_without_width_says_so():
    ax = drawn_funnel(FUNNELS["all at 100"]())
    assert "Tỷ lệ chung 100%" in texts(ax)
    assert not any("giới hạn" in text for text in texts(ax))
    assert "phễu không có bề rộng, không đơn vị nào tách biệt" in plot_caption(ax)
    assert "Không đơn vị nào ngoài giới hạn" not in plot_caption(ax)
    alone = plot_caption(drawn_funnel(FUNNELS["one"]()))
    assert "Lưu ý: chỉ có một đơn vị: không có gì để so sánh." in alone


def test_at_most_eight_agencies_are_named_and_fewer_where_there_is_no_room():
    ax = drawn_funnel(funnel(units(range(40, 80), 100, [f"Xã {n}" for n in range(40)])))
    assert len([text for text in texts(ax) if text.startswith("Xã")]) == 8
    ax = plot_funnel(FUNNELS["many"](), ax=Figure(figsize=(9, 3)).add_subplot())
    assert 0 < len([text for text in texts(ax) if text.startswith("Ủy ban")]) < 6


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_ratios_of_indirect_standardisation_are_drawn_as_a_funnel(lang):
    told = ratios([20, 20, 1])
    ax = plot_funnel(told, lang=lang)
    assert_readable(ax)
    assert [y for _, y in points(ax, VERMILLION)] == told["ratio"][[0]].tolist()
    assert [y for _, y in points(ax, BLUE)] == told["ratio"][[1]].tolist()
    # 82 late of 1,080, so 7.59 % of 200 are expected, 15.19, where 40 are seen.
    assert told["expected"][0] == pytest.approx(82 / 1080 * 200)
    if lang == "en":
        assert plot_caption(ax).startswith(
            "On-time rate, of dossiers settled, Q3 2020: 3 agencies, what is not in the numerator "
            "over what the common rate of each group makes expected (1: as many). Beyond the 99.8% "
            "limits: Sở 0: 2.63 (40/15.19), above"
        )
        assert "Chance alone puts about 0.15 of 3 agencies beyond the 95% limits." in plot_caption(
            ax
        )
    heights = np.concatenate([line.get_ydata() for line in ax.lines])
    assert heights.min() >= 0


def test_ratios_of_two_indicators_or_without_their_columns_are_refused():
    two = pd.concat([ratios([9, 9, 1]), ratios([9, 9, 1], indicator="late_rate_settled")])
    with pytest.raises(PlotError, match="2 funnels cannot share one axes"):
        plot_funnel(two)
    with pytest.raises(PlotError, match="column expected missing"):
        plot_funnel(ratios([9, 9, 1]).drop(columns="expected"))
    with pytest.raises(PlotError, match="no agency counts\n  where: column note: "):
        plot_funnel(ratios([0, 0, 0]))


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (units([57], [60]), "columns centre, phi, tau_pp, centre_kind"),
        (funnel(pd.concat([units([57], [60]), units([58], [60], indicator="late_rate_settled")])),
         "2 funnels cannot share one axes\n"
         "  where: column indicator: on_time_rate_settled, late_rate_settled\n"
         "  mend:  choose the rows of one indicator, and draw a funnel for each"),
        (funnel(units([0], [0])), "nothing to show: every value is missing"),
        (funnel(units([61], [60])), "nothing to show: no agency counts"),
    ],
    ids=["values", "two", "nothing", "not counted"],
)  # fmt: skip
def test_what_cannot_be_drawn_as_a_funnel_is_refused(frame, words):
    with pytest.raises(PlotError) as refusal:
        drawn_funnel(frame)
    assert str(refusal.value).startswith(words)


@pytest.mark.parametrize(
    ("draw", "frame"), [(plot_control_chart, CHARTS["one"]), (plot_funnel, FUNNELS["one"])]
)
def test_another_language_is_refused(draw, frame):
    with pytest.raises(CchcError, match="no labels in language 'fr'"):
        draw(frame(), lang="fr")


def test_a_point_outside_that_is_no_signal_is_told():
    """Seven quarters of 60 in 60, then 58: hollow, and the sentence says why."""
    chart = control_chart(values([60] * 7 + [58]), kind="p", lang="en")
    ax = drawn_chart(chart, lang="en")
    assert "Outside the limits, but chance gives as much often enough, so no signal: Q4 2018: " in (
        plot_caption(ax)
    )
    assert not points(ax, VERMILLION)
    other = control_chart(values([60] * 7 + [58]), kind="p", rules=["run"])
    assert "Ngoài giới hạn" not in plot_caption(drawn_chart(other))


def test_the_caption_tells_since_when_the_level_is_another_and_what_limits_come_from():
    chart = control_chart(values([57] * 9 + [50] * 9), exclude={"2017Q2": "chuyển trụ sở"})
    ax = drawn_chart(chart, lang="en")
    caption = plot_caption(ax)
    assert (
        "From Q2 2019 on the level is another than before: limits are those of Q1 2017" in caption
    )
    assert "Left out of the limits: Q2 2017 (chuyển trụ sở)." in caption
    assert "Signals in 9 quarters" in caption
    assert "the level changed" in texts(ax)


def test_a_signal_is_not_called_none_in_the_same_breath():
    """191 of 220 is outside by as much as chance gives often, but the level has changed by then."""
    before = [(144, 153), (181, 196), (207, 222), (188, 201), (199, 218), (219, 236), (159, 165)]
    before += [(204, 221), (186, 198), (174, 183), (179, 199), (223, 238), (194, 206)]
    after = [(168, 201), (191, 220), (168, 202), (200, 241)]
    counts = pd.DataFrame([*before, *after], columns=["numerator", "denominator"])
    quarters = pd.period_range("2020Q1", periods=len(counts), freq="Q-DEC")
    counts = counts.assign(agency="Sở A", period=quarters, indicator="on_time_rate_settled")
    chart = control_chart(counts, lang="en")
    row = chart[chart["period"] == "2023Q3"].iloc[0]
    assert row["value"] < row["low"]
    assert row["signal"]
    assert not row["beyond_limits"]
    assert "no signal" not in row["chart_note"]
    caption = plot_caption(drawn_chart(chart, lang="en"))
    assert "Signals in 4 quarters" in caption
    assert "no signal" not in caption


def test_the_caption_says_how_many_agencies_chance_alone_puts_beyond():
    own = pd.DataFrame({"agency": [f"A{n}" for n in range(40)], "period": "2020Q3"})
    own = own.assign(indicator="on_time_rate_settled", numerator=[30] + [58] * 39, denominator=60)
    ax = plot_funnel(funnel(own), ax=Figure(figsize=(9, 5)).add_subplot(), lang="en")
    assert "Chance alone puts about 2 of 40 agencies beyond the 95% limits." in plot_caption(ax)
    calm = funnel(own.assign(numerator=58))
    ax = plot_funnel(calm, ax=Figure(figsize=(9, 5)).add_subplot(), lang="en")
    assert "Chance alone" not in plot_caption(ax)


@pytest.mark.parametrize(
    ("over", "draw"), [("period", plot_control_chart), ("agency", plot_funnel)]
)
def test_a_chart_whose_centre_is_not_published_is_refused(over, draw):
    names = ["2020Q1", "2020Q2", "2020Q3", "2020Q4"]
    frame = pd.DataFrame({"agency": "A", "period": "2020Q3"} | {over: names})
    frame = frame.assign(
        indicator="on_time_rate_settled", numerator=[50, 52, 57, 51], denominator=60
    )
    chart = control_chart if over == "period" else funnel
    with pytest.raises(PlotError, match="suppress_small\\(values\\), then the chart or funnel"):
        draw(suppress_small(chart(frame)))
    assert plot_caption(draw(chart(suppress_small(frame))))
