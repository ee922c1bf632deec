"""What a reader sees of a plot: its texts, and that none covers another."""

from matplotlib.text import Text

from cchc_stats.plots.axes import GID


def named(ax):
    """Return the texts in the axes; the caption under them is looked at on its own."""
    return [text for text in ax.texts if text.get_gid() != GID]


def texts(ax):
    return [text.get_text().replace("\n", " ") for text in named(ax)]


def ticks(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def legend(ax):
    return [text.get_text().replace("\n", " ") for text in ax.get_legend().get_texts()]


def words_box(artist):
    """Return where the words stand, without the line that leads to what they name."""
    return Text.get_window_extent(artist)


def overlapping(artists):
    boxes = [words_box(artist) for artist in artists if artist.get_text()]
    return [
        (one, other)
        for place, one in enumerate(boxes)
        for other in boxes[place + 1 :]
        if one.overlaps(other)
    ]


def all_words(ax):
    """Return every text drawn on an axes and its panels, as artists."""
    every = []
    for one in (ax, *ax.child_axes):
        every += [one.title, one._left_title, *one.texts]
        if one.axison:
            every += [one.xaxis.label, one.yaxis.label]
            every += [*one.get_xticklabels(), *one.get_yticklabels()]
        if one.get_legend():
            every += one.get_legend().get_texts()
    return [artist for artist in every if artist.get_text()]


def assert_readable(ax):
    """Assert that no text touches another or leaves the figure."""
    figure = ax.get_figure(root=True)
    figure.canvas.draw()
    words = all_words(ax)
    assert words
    assert overlapping(words) == []
    width, height = figure.canvas.get_width_height()
    for artist in words:
        box = words_box(artist)
        inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1
        assert inside, artist.get_text()
