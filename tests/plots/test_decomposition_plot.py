"""The waterfall of a decomposed change: its steps, its signs without colour, its caption."""

import pandas as pd
import pytest
from das_gupta import Q1, Q2, published, values
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from cchc_stats.plots import plot_caption, plot_decomposition
from cchc_stats.plots.axes import BLUE, GID, VERMILLION
from cchc_stats.statistics import decompose_change
from cchc_stats.words.errors import PlotError

# From 60 to 81.7 percent: both sectors got worse or stayed, the better one grew.
ROWS = [(Q1, "Đất đai", 40, 80), (Q1, "Hộ tịch", 20, 20), (Q2, "Đất đai", 18, 40),
        (Q2, "Hộ tịch", 80, 80)]  # fmt: skip
HIDDEN = decompose_change(values(ROWS), Q1, Q2)


def axes(width=9.0, height=4.5):
    return Figure(figsize=(width, height), layout="constrained").add_subplot()


def remarks(ax):
    return [text.get_text() for text in ax.texts if text.get_gid() != GID]


def names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def marks(ax):
    """Return marker, place and level of every mark, from the top down."""
    drawn = [line for line in ax.lines if line.get_marker() not in ("None", "", None)]
    return sorted(
        (float(line.get_ydata()[0]), line.get_marker(), float(line.get_xdata()[0]))
        for line in drawn
    )


def test_the_steps_lead_from_the_rate_before_to_the_rate_after():
    ax = plot_decomposition(HIDDEN, ax=axes())
    assert names(ax) == [
        "Quý I/2020",
        "Cơ cấu (tỷ trọng các nhóm)",
        "Tỷ lệ trong từng nhóm",
        "Quý II/2020",
    ]
    assert remarks(ax) == ["60%", "▲ +24,5 điểm %", "▼ −2,8 điểm %", "81,7%"]
    sums = HIDDEN.groupby("component")["effect_pp"].sum()
    levels = [level for _, _, level in marks(ax)]
    assert levels == pytest.approx([60, 60 + sums["mix"], 60 + sums.sum(), 100 * 98 / 120])
    bars = sorted((bar.get_y(), bar.get_width()) for bar in ax.patches)
    assert [width for _, width in bars] == pytest.approx([sums["mix"], sums["rate"]])


def test_signs_are_read_without_colour():
    ax = plot_decomposition(HIDDEN, ax=axes())
    assert [marker for _, marker, _ in marks(ax)] == ["D", ">", "<", "D"]


def test_colour_and_legend_tell_better_from_worse():
    ax = plot_decomposition(HIDDEN, ax=axes())
    assert [to_hex(bar.get_facecolor()).upper() for bar in ax.patches] == [BLUE, VERMILLION]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["tốt lên", "xấu đi"]
    late = decompose_change(values(ROWS, indicator="late_rate_settled"), Q1, Q2)
    ax = plot_decomposition(late, ax=axes())
    assert [to_hex(bar.get_facecolor()).upper() for bar in ax.patches] == [VERMILLION, BLUE]


def test_where_nothing_is_better_there_is_no_legend():
    ax = plot_decomposition(decompose_change(published("5.1"), "2019Q4", "2020Q4"), ax=axes())
    assert ax.get_legend() is None


def test_the_caption_tells_the_components_and_what_the_mix_hides():
    assert plot_caption(plot_decomposition(HIDDEN, ax=axes())) == (
        "Tỷ lệ trả đúng hạn trên hồ sơ đã giải quyết, Sở A: từ 60% (Quý I/2020) đến 81,7% "
        "(Quý II/2020), +21,7 điểm %; trong đó do cơ cấu +24,5 điểm %; do tỷ lệ trong từng nhóm "
        "−2,8 điểm %. Tỷ lệ trong các nhóm giảm, nhưng bị thay đổi về cơ cấu che lấp."
    )
    assert plot_caption(plot_decomposition(HIDDEN, ax=axes(), lang="en")) == (
        "On-time rate, of dossiers settled, Sở A: from 60% (Q1 2020) to 81.7% (Q2 2020), +21.7 pp; "
        "of this by the mix +24.5 pp; by the rates within groups −2.8 pp. "
        "The rates within groups fell, which the change of their mix hides."
    )


def test_the_published_case_of_a_mix_that_hides_a_rate():
    # Das Gupta 5.3: death rates fell within ages and races while the population grew older.
    effects = decompose_change(published("5.3", per=1000), "2019Q4", "2020Q4")
    told = plot_caption(plot_decomposition(effects, ax=axes(), lang="en"))
    assert told.endswith("Mix and rates within groups pull in opposite directions.")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([(Q1, "A", 5, 10), (Q2, "A", 4, 10), (Q2, "B", 90, 90)], "which groups that came or went"),
        ([(Q1, "A", 5, 10), (Q2, "A", 6, 10)], "by the rates within groups +10 pp."),
    ],
)
def test_other_captions(rows, told):
    effects = decompose_change(values(rows), Q1, Q2)
    assert told in plot_caption(plot_decomposition(effects, ax=axes(), lang="en"))


def test_rates_that_rose_and_fell_are_counted_and_the_fewer_named():
    rows = [(Q1, "big", 800, 1000), (Q2, "big", 760, 1000), (Q1, "top", 99, 100)]
    rows += [(Q2, "top", 990, 1000)]
    rows += [(Q1, f"g{n}", 80, 100) for n in range(9)] + [(Q2, f"g{n}", 82, 100) for n in range(9)]
    told = plot_caption(
        plot_decomposition(decompose_change(values(rows), Q1, Q2), ax=axes(), lang="en")
    )
    assert told.endswith("Rates within groups: 9 rose, 1 fell (big: 80% → 76%), 1 stayed (top).")
    assert "The rates within groups fell" not in told


def test_of_effects_that_print_as_nothing_nothing_is_said():
    # The rates within groups take 0.01 points: less than a decimal shows.
    rows = [(Q1, "A", 5000, 10000), (Q2, "A", 4999, 10000), (Q1, "B", 10, 100), (Q2, "B", 10, 90)]
    told = plot_caption(
        plot_decomposition(decompose_change(values(rows), Q1, Q2), ax=axes(), lang="en")
    )
    assert "hides" not in told
    assert "opposite" not in told


def test_groups_as_steps_the_largest_first_and_the_rest_in_one():
    effects = decompose_change(published("5.1"), "2019Q4", "2020Q4")
    ax = plot_decomposition(effects, by="group", top=3, ax=axes(), lang="en")
    assert names(ax)[1:-1] == ["15-19", "35-39", "75+", "10 other groups"]
    sizes = [abs(bar.get_width()) for bar in ax.patches][:3]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(bar.get_width() for bar in ax.patches) == pytest.approx(
        float(effects["effect_pp"].sum())
    )


def test_each_factor_of_the_mix_has_a_step():
    effects = decompose_change(
        published("5.3", per=1000), "2019Q4", "2020Q4", factors=["race", "age"]
    )
    ax = plot_decomposition(effects, ax=axes(), lang="en")
    assert names(ax)[1:4] == [
        "Mix (weights of the groups): race",
        "Mix (weights of the groups): age",
        "Rates within groups",
    ]


def test_it_computes_nothing_and_changes_nothing():
    before = HIDDEN.copy()
    ax = axes()
    assert plot_decomposition(HIDDEN, ax=ax) is ax
    pd.testing.assert_frame_equal(HIDDEN, before)


def test_a_figure_of_its_own_holds_everything():
    ax = plot_decomposition(HIDDEN)
    ax.figure.draw_without_rendering()
    box = ax.figure.bbox
    for text in ax.texts:
        extent = text.get_window_extent()
        assert extent.x1 <= box.x1
        assert extent.y0 >= 0


def test_rates_are_told_with_the_decimals_that_tell_them_apart():
    effects = decompose_change(published("5.3", per=1000), "2019Q4", "2020Q4")
    ax = plot_decomposition(effects, ax=axes(), lang="en")
    assert [remarks(ax)[0], remarks(ax)[-1]] == ["0.94%", "0.87%"]
    assert "from 0.94% (Q4 2019) to 0.87% (Q4 2020)" in plot_caption(ax)


def test_effects_that_cancel_are_nought_in_the_caption():
    rows = [(Q1, "A", 5, 10), (Q1, "B", 5, 10), (Q2, "A", 4, 10), (Q2, "B", 6, 10)]
    told = plot_caption(plot_decomposition(decompose_change(values(rows), Q1, Q2), ax=axes()))
    assert "0 điểm %; trong đó do cơ cấu 0 điểm %; do tỷ lệ trong từng nhóm 0 điểm %." in told


def test_no_change_is_told_as_such():
    same = decompose_change(values([(Q1, "A", 5, 10), (Q2, "A", 5, 10)]), Q1, Q2)
    ax = plot_decomposition(same, ax=axes())
    assert remarks(ax) == ["50%", "không đổi", "không đổi", "50%"]


UNKNOWN = decompose_change(values([(Q1, "A", None, 10), (Q2, "A", 5, 10)]), Q1, Q2, lang="en")
SEVERAL = pd.concat([HIDDEN, HIDDEN.assign(agency="Sở B")])


@pytest.mark.parametrize(
    ("effects", "options", "told"),
    [
        (HIDDEN.iloc[:0], {}, "there are no effects to draw"),
        (HIDDEN.drop(columns="effect_pp"), {}, "column effect_pp missing"),
        (SEVERAL, {}, "2 changes cannot share a plot\n  where: column agency: Sở A, Sở B"),
        (UNKNOWN, {}, "nothing to show: the effects are not known\n  where: figures of Q1 2020"),
        (HIDDEN.assign(effect_pp="1"), {"by": "sector"}, "no steps by 'sector'"),
        (HIDDEN, {"top": 0}, "top=0 leaves no step"),
        (HIDDEN.assign(effect_pp="x"), {}, "column effect_pp has a cell that is no number"),
    ],
)
def test_what_cannot_be_drawn_is_refused(effects, options, told):
    with pytest.raises(PlotError) as caught:
        plot_decomposition(effects, ax=axes(), **options)
    assert told in str(caught.value)
