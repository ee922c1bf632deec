"""The page in a real browser: silent, alone, narrow, dark, in both languages, on paper."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from quarters import made_up_history

from cchc_stats import read_report, write_report

DATA = Path(__file__).parents[2] / "data" / "binh-dinh-skhcn-2020q3"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
PATIENCE = 60_000  # milliseconds for one answer, on a machine with much else to do


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the fullest page there is, in both languages."""
    folder = tmp_path_factory.mktemp("pages")
    report = read_report(DATA)
    history = made_up_history(report, quarters=12)
    return {
        lang: write_report(
            report,
            folder / f"{lang}.html",
            history=history,
            scheme="example-department",
            answers=DATA / "answers.csv",
            lang=lang,
        )
        for lang in ("vi", "en")
    }


class Window:
    """A window of the browser: what it shows, what it asked the net for, what it complained of."""

    def __init__(self, page) -> None:
        self.page, self.complaints, self.requests = page, [], []
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def open(self, path: Path, *, width: int, dark: bool = False) -> None:
        """Show a file in a width, with the colours that the reader prefers."""
        self.complaints.clear()
        self.requests.clear()
        self.page.set_viewport_size({"width": width, "height": 800})
        self.page.emulate_media(media="screen", color_scheme="dark" if dark else "light")
        self.page.goto(path.resolve().as_uri())

    def value(self, expression: str):
        """Return what an expression gives on the page."""
        return self.page.evaluate(expression)


@pytest.fixture(scope="module")
def browser() -> Iterator[Window]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # The system's own: Playwright's builds are not asked for.
        program = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False)
        yield Window(program.new_page())
        program.close()


def brightness(colour: str) -> float:
    """Return how bright "rgb(…)" is, 0 to 1."""
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", colour)[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


LOOKS = [(lang, dark) for lang in ("vi", "en") for dark in (False, True)]


@pytest.mark.parametrize(("lang", "dark"), LOOKS)
@pytest.mark.parametrize("width", [360, 1200])
def test_it_is_silent_alone_and_no_wider_than_the_window(
    browser: Window, pages: dict[str, Path], lang: str, dark: bool, width: int
):
    browser.open(pages[lang], width=width, dark=dark)
    browser.value("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert browser.value("document.documentElement.scrollWidth") <= width
    assert browser.value("document.documentElement.lang") == lang
    assert browser.complaints == []
    assert browser.requests == [pages[lang].resolve().as_uri()]


def test_the_test_sees_what_a_page_must_not_do(browser: Window, tmp_path: Path):
    path = tmp_path / "bad.html"
    path.write_text(
        "<!doctype html><img src='other.png'><div style='width:2000px'>x</div>"
        "<script>console.error('no'); nothing()</script>",
        encoding="utf-8",
    )
    browser.open(path, width=360)
    assert browser.value("document.documentElement.scrollWidth") > 360
    assert len(browser.complaints) >= 2
    assert any(address.endswith("other.png") for address in browser.requests)


@pytest.mark.parametrize("dark", [False, True])
def test_it_is_light_or_dark_and_plots_stand_on_white(
    browser: Window, pages: dict[str, Path], dark: bool
):
    browser.open(pages["vi"], width=1200, dark=dark)
    style = "getComputedStyle(document.querySelector('{}')).{}"
    paper = brightness(browser.value(style.format("body", "backgroundColor")))
    ink = brightness(browser.value(style.format("body", "color")))
    assert (paper < 0.2 and ink > 0.7) if dark else (paper > 0.9 and ink < 0.2)
    assert brightness(browser.value(style.format(".plot", "backgroundColor"))) == 1.0


def test_plots_are_seen_and_named(browser: Window, pages: dict[str, Path]):
    browser.open(pages["vi"], width=1200)
    plots = browser.value(
        "[...document.querySelectorAll('.plot svg')].map(one => [one.getAttribute('role'),"
        " one.getAttribute('aria-label').length, one.clientWidth, one.clientHeight,"
        " one.querySelectorAll('text').length])"
    )
    assert len(plots) == 8
    for role, told, width, height, texts in plots:
        assert role == "img"
        assert told > 60
        assert width > 350
        assert height > 150
        assert texts > 5


SHOWN = (
    "[...document.querySelectorAll('.trace')]"
    ".filter(one => getComputedStyle(one).display != 'none')"
    ".map(one => [one.textContent, one.getBoundingClientRect().bottom, innerHeight,"
    " one.getBoundingClientRect().left, innerWidth])"
)


def test_a_figure_tells_its_place_to_mouse_and_keyboard(browser: Window, pages: dict[str, Path]):
    browser.open(pages["vi"], width=360)
    assert browser.value(SHOWN) == []
    browser.page.locator("#key .figure").first.hover()
    ((told, bottom, height, left, _),) = browser.value(SHOWN)
    assert told.startswith("TTHC đang có hiệu lực của Sở Khoa học và Công nghệ")
    assert "Phụ lục 1, mục 1" in told
    assert (left, bottom) == (0, height)  # at the foot of the window
    browser.page.mouse.move(1, 1)
    assert browser.value(SHOWN) == []
    browser.value("document.querySelector('#key .figure').focus()")
    assert browser.value(SHOWN)[0][0] == told
    browser.page.keyboard.press("Tab")
    (after,) = browser.value(SHOWN)
    assert after[0].startswith("Tỷ lệ trả đúng hạn trên hồ sơ đã giải quyết của")


def test_a_narrow_window_cuts_no_plot_off(browser: Window, pages: dict[str, Path]):
    browser.open(pages["vi"], width=360)
    cut = "[...document.querySelectorAll('.plot')].filter(one => one.scrollWidth > one.clientWidth)"
    assert browser.value(f"{cut}.length") == 0


def test_links_of_the_page_lead_to_their_sections(browser: Window, pages: dict[str, Path]):
    browser.open(pages["en"], width=1200)
    lost = (
        "[...document.querySelectorAll('nav a')].map(one => one.getAttribute('href'))"
        ".filter(href => !document.querySelector(href))"
    )
    assert browser.value(lost) == []


def test_it_prints_on_a4_without_what_paper_cannot_do(browser: Window, pages: dict[str, Path]):
    browser.open(pages["vi"], width=1200, dark=True)
    browser.page.emulate_media(media="print", color_scheme="dark")
    pdf = browser.page.pdf(prefer_css_page_size=True, print_background=True)
    assert 1 < len(re.findall(rb"/Type /Page\b", pdf)) <= 4  # without what is folded
    sizes = set(re.findall(rb"/MediaBox \[([^\]]+)\]", pdf))
    width, height = (float(part) for part in next(iter(sizes)).split()[2:])
    assert len(sizes) == 1
    assert (round(width), round(height)) == (595, 842)
    paper = "getComputedStyle(document.body).backgroundColor"
    assert brightness(browser.value(paper)) == 1.0
    assert browser.value("getComputedStyle(document.querySelector('nav')).display") == "none"
    browser.value("document.querySelector('#key .figure').focus()")
    assert browser.value(SHOWN) == []
