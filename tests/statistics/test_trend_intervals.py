"""Intervals on a trend, by their artists, and the sentences below it."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from cchc_stats.plots import plot_caption, plot_trend
from cchc_stats.plots.axes import COLOURS
from cchc_stats.plots.trend import WHISKER_GID as GID
from cchc_stats.statistics import add_intervals
from cchc_stats.words.errors import PlotError

RATE = "on_time_rate_settled"


def rates(agency, pairs, *, start="2020Q1", **columns):
    periods = pd.period_range(start, periods=len(pairs), freq="Q-DEC")
    frame = pd.DataFrame({"agency": agency, "period": periods, "indicator": RATE} | columns)
    for at, name in enumerate(("numerator", "denominator")):
        frame[name] = pd.array([pair[at] for pair in pairs], dtype="Float64")
    return frame


def together(*frames):
    return pd.concat(frames, ignore_index=True)


def drawn(values, **how):
    return plot_trend(
        values, ax=Figure(figsize=(9, 4.8), layout="constrained").add_subplot(), **how
    )


def stems(ax):
    return [part for part in ax.collections if part.get_gid() != GID and len(part.get_paths())]


def ends(ax):
    return [part for part in ax.collections if part.get_gid() == GID]


ONE = rates("Sở A", [(58, 60), (None, None), (60, 60), (55, 61)])
TWO = together(ONE, rates("Sở B", [(8, 10), (10, 10), (9, 11), (12, 12)]))


def test_each_figure_has_its_interval_and_a_gap_stays_a_gap():
    values = add_intervals(ONE)
    ax = drawn(values)
    (stem,) = stems(ax)
    known = values[values["low"].notna()]
    segments = [path.vertices.tolist() for path in stem.get_paths()]
    assert segments == [
        [[place, low], [place, high]]
        for place, low, high in zip([0, 2, 3], known["low"], known["high"], strict=True)
    ]
    (caps,) = ends(ax)
    assert sorted(caps.get_offsets()[:, 1]) == sorted([*known["low"], *known["high"]])
    bottom, top = ax.get_ylim()
    assert bottom < values["low"].min() <= values["high"].max() < top


def test_values_without_intervals_have_none_and_their_scale_is_their_own():
    ax = drawn(ONE)
    assert ends(ax) == []
    assert ax.get_ylim()[0] > 85 > add_intervals(ONE)["low"].min()
    assert drawn(ONE.assign(low=50.0)).get_ylim() == ax.get_ylim()  # half an interval is none


def test_lines_have_their_intervals_side_by_side_in_their_colours():
    ax = drawn(add_intervals(TWO))
    ax.figure.draw_without_rendering()
    pictures = [part.get_window_extent().x0 for part in ends(ax)]
    assert [to_hex(part.get_edgecolor()[0]) for part in ends(ax)] == [
        colour.lower() for colour in COLOURS[:2]
    ]
    first, second = (part.get_transform() for part in stems(ax))
    assert first.transform((0, 0))[0] < second.transform((0, 0))[0]
    assert len(pictures) == 2


def test_more_than_six_lines_have_no_intervals_and_no_room_for_them():
    many = add_intervals(together(*(rates(f"Sở {n}", [(9, 10), (95, 100)]) for n in range(7))))
    ax = drawn(many)
    assert ends(ax) == []
    assert ax.get_ylim() == drawn(many.drop(columns=["low", "high"])).get_ylim()
    assert "khoảng" not in plot_caption(ax)
    assert len(ends(drawn(many[many["agency"] != "Sở 6"]))) == 6


def test_panels_have_intervals_on_one_scale():
    ax = drawn(add_intervals(TWO), panels="agency")
    assert [len(ends(child)) for child in ax.child_axes] == [1, 1]
    first, second = (child.get_ylim() for child in ax.child_axes)
    assert first == second
    assert first[0] < add_intervals(TWO)["low"].min()


def test_a_single_quarter_has_its_interval():
    (stem,) = stems(drawn(add_intervals(ONE.iloc[:1])))
    assert len(stem.get_paths()) == 1


def test_figures_are_written_above_their_intervals():
    ax = drawn(add_intervals(ONE))
    high = add_intervals(ONE)["high"].dropna()
    places = [text.xy[1] for text in ax.texts if text.get_text().endswith("%")]
    assert places == pytest.approx(high.tolist())


def test_limits_that_are_no_numbers_are_refused():
    with pytest.raises(PlotError) as caught:
        drawn(ONE.assign(low="thấp", high=100.0))
    assert str(caught.value) == (
        "column low has a cell that is no number: 'thấp'\n"
        "  where: column low, row 1\n"
        "  mend:  give numbers: add_intervals(values) makes them"
    )


# The sentences below


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "vi",
            "Tỷ lệ trả đúng hạn trên hồ sơ đã giải quyết, Sở A, từ Quý I/2020 đến Quý IV/2020: "
            "đầu kỳ 96,7% (khoảng 88,6% đến 99,1%), cuối kỳ 90,2% (khoảng 80,2% đến 95,4%), "
            "thiếu Quý II/2020. Vạch đứng là khoảng tin cậy 95%: số liệu đếm đủ, khoảng nói về "
            "quy trình tạo ra số liệu.",
        ),
        (
            "en",
            "On-time rate, of dossiers settled, Sở A, Q1 2020 to Q4 2020: "
            "96.7% (88.6% to 99.1%) at first, 90.2% (80.2% to 95.4%) at last, without Q2 2020. "
            "Upright lines are 95% intervals: the figures are full counts, the intervals speak of "
            "the process.",
        ),
    ],
)
def test_the_caption_says_what_is_shown(lang, told):
    # 58/60 and 55/61, Wilson: 88.64-99.08 and 80.16-95.42.
    assert plot_caption(drawn(add_intervals(ONE, lang=lang), lang=lang)) == told


def test_the_caption_of_several_lines_names_each():
    assert plot_caption(drawn(TWO)) == (
        "Tỷ lệ trả đúng hạn trên hồ sơ đã giải quyết, từ Quý I/2020 đến Quý IV/2020: "
        "Sở A đầu kỳ 96,7%, cuối kỳ 90,2%, thiếu Quý II/2020; Sở B đầu kỳ 80%, cuối kỳ 100%."
    )
    assert plot_caption(drawn(TWO, panels="agency")) == plot_caption(drawn(TWO))


def test_a_line_without_figures_and_many_lines_are_told_shortly():
    none = rates("Sở C", [(None, None)] * 4)
    assert plot_caption(drawn(together(ONE, none))).endswith("; Sở C (chưa báo cáo).")
    many = together(*(rates(f"Sở {n}", [(9, 10)]) for n in range(6)))
    assert plot_caption(drawn(many)).endswith("Sở 3 90%; và 2 đường khác.")
    gaps = rates("Sở A", [(9, 10), *[(None, None)] * 6, (9, 10)])
    assert plot_caption(drawn(gaps)).endswith(
        "thiếu Quý II/2020, Quý III/2020, Quý IV/2020, Quý I/2021 và 2 quý khác."
    )


def test_the_level_is_told_as_it_is_known():
    values = add_intervals(ONE, level=99.8)
    assert "khoảng tin cậy 99,8%" in plot_caption(drawn(values))
    own = values.drop(columns="interval_level")
    assert "Vạch đứng là khoảng tin cậy: số liệu" in plot_caption(drawn(own))


def test_it_can_be_left_out_and_is_no_part_of_a_legend():
    bare = drawn(ONE, caption=False)
    assert plot_caption(bare) == plot_caption(drawn(ONE))  # told, and not written
    assert [text for text in bare.texts if text.get_visible() and text.get_gid()] == []
    ax = drawn(TWO)
    names = [text.get_text() for text in ax.legend().get_texts()]
    assert names == ["Sở A", "Sở B"]


@pytest.mark.parametrize("panels", [None, "agency"])
def test_it_stands_below_everything_on_the_figure(panels):
    ax = drawn(add_intervals(TWO), panels=panels)
    figure = ax.figure
    figure.draw_without_rendering()
    (caption,) = [text for text in ax.texts if text.get_gid() == "caption"]
    box = caption.get_window_extent()
    assert box.y0 >= 0
    assert box.x1 <= figure.bbox.x1
    for child in ax.child_axes or [ax]:
        for label in child.get_xticklabels():
            assert label.get_window_extent().y0 > box.y1
    assert np.isfinite(box.y1)
