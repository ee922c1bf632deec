from io import BytesIO

import pandas as pd
import pytest
from matplotlib.figure import Figure

from cchc_stats.plots import plot_trend
from cchc_stats.plots.axes import GID, plot_caption, write_caption

SENTENCE = "Tỷ lệ đúng hạn của 4 quý: cao nhất 98,3 %, thấp nhất 95,1 %; quý II/2020 chưa báo cáo."


def caption_artist(ax):
    (found,) = [text for text in ax.texts if text.get_gid() == GID]
    return found


def axes(layout="constrained"):
    ax = Figure(figsize=(5, 4), layout=layout).add_subplot()
    ax.plot([0, 1, 2], [95, 98, 96])
    ax.set_xlabel("Quý")
    return ax


@pytest.mark.parametrize("layout", ["constrained", None])
def test_a_caption_stands_under_the_axis_label_within_the_width_of_the_axes(layout):
    ax = axes(layout)
    write_caption(ax, SENTENCE)
    ax.figure.draw_without_rendering()
    box = caption_artist(ax).get_window_extent()
    assert box.y1 < ax.xaxis.label.get_window_extent().y0
    assert box.width <= ax.get_window_extent().width + 1
    assert "\n" in caption_artist(ax).get_text()


def test_the_layout_makes_room_for_it():
    ax = axes()
    write_caption(ax, SENTENCE)
    ax.figure.draw_without_rendering()
    assert caption_artist(ax).get_window_extent().y0 >= 0


@pytest.mark.parametrize("dpi", [50, 72, 200, 300])
def test_saved_with_other_dots_it_is_still_within_the_figure(dpi):
    """Letters are wider and lines higher with fewer dots."""
    ax = axes()
    write_caption(ax, SENTENCE * 3)
    boxes = []
    ax.figure.canvas.mpl_connect(
        "draw_event",
        lambda event: boxes.append(
            (caption_artist(ax).get_window_extent(event.renderer), ax.figure.bbox.frozen())
        ),
    )
    ax.figure.savefig(BytesIO(), dpi=dpi)
    box, page = boxes[-1]
    assert page.x0 <= box.x0 <= box.x1 <= page.x1
    assert page.y0 <= box.y0 + 1


def test_it_is_read_back_as_one_sentence():
    ax = axes()
    write_caption(ax, "Câu khác")
    write_caption(ax, SENTENCE)
    assert plot_caption(ax) == SENTENCE
    assert len([text for text in ax.texts if text.get_gid() == GID]) == 1


def test_a_plot_without_one_has_none():
    assert plot_caption(axes()) == ""


@pytest.mark.parametrize("agency", ["Sở A", "Sở Nông nghiệp và Môi trường tỉnh Bình Định cũ"])
def test_a_figure_without_a_layout_cuts_neither_title_nor_caption(agency):
    quarters = [str(pd.Period("2024Q1") + at) for at in range(8)]
    own = pd.DataFrame({"agency": agency, "period": quarters, "unit": "percent"})
    own = own.assign(indicator="on_time_rate_settled", value=[90.0 + at for at in range(8)])
    others = [own.assign(agency=f"{agency} {name}") for name in "BCDE"]
    figure = Figure(figsize=(8, 4.5))
    ax = plot_trend(pd.concat([own, *others]), ax=figure.add_subplot())
    drawn = ax.get_tightbbox()
    assert drawn.y0 >= 0 and drawn.y1 <= figure.bbox.height
    # With room enough the axes stay where the caller has put them.
    roomy = Figure(figsize=(8, 9))
    placed = roomy.add_axes((0.1, 0.4, 0.8, 0.4))
    plot_trend(own, ax=placed)
    assert placed.get_position().bounds == pytest.approx((0.1, 0.4, 0.8, 0.4))
