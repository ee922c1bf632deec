"""The notebooks run, and what is kept of them is of no particular machine."""

from __future__ import annotations

import base64
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MADE_UP = "08_province"  # makes its data itself
# What of a kernel's outputs would tell where, when or on what they were made.
PLACES = re.compile(
    r"(?<![\w/.:<])/(?:home|root|tmp|usr|var|work|Users|opt|mnt)/|[A-Za-z]:\\\\?Users"
)
ADDRESS = re.compile(r"at 0x[0-9a-f]{6,}")


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def texts(notebook: nbformat.NotebookNode) -> str:
    """Return all words of a notebook's outputs; pictures are left out."""
    found = []
    for output in outputs(notebook):
        data = dict(output.get("data", {}), text=output.get("text", ""))
        found += [str(text) for kind, text in data.items() if not kind.startswith("image/")]
    return "\n".join(found)


def test_there_are_notebooks():
    assert "01_quarter" in [path.stem for path in NOTEBOOKS]


@pytest.fixture(scope="module")
def kernel() -> Iterator[KernelManager]:
    """Return one kernel for all notebooks: to start one and load the library takes seconds."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    yield manager
    manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the data, and beside them the notebooks' own, which is empty."""
    made = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "data", made / "data")
    (made / "notebooks").mkdir()
    return made


def run(notebook: nbformat.NotebookNode, kernel: KernelManager, folder: Path) -> None:
    """Run a notebook in a folder, afresh: nothing of the one before is left."""
    forgotten = "import pandas as pd\npd.reset_option('display')"
    afresh = f"%reset -f\nimport os\nos.chdir({str(folder)!r})"
    for code in (afresh, forgotten):
        notebook.cells.insert(0, nbformat.v4.new_code_cell(code))
    client = NotebookClient(notebook, km=kernel, timeout=300)
    try:
        client.execute()
    finally:
        client.kc.stop_channels()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_afresh(path: Path, kernel: KernelManager, folder: Path):
    """From its own folder, with nothing but the data beside it."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    run(notebook, kernel, folder / "notebooks")
    assert {output.output_type for output in outputs(notebook)}.isdisjoint({"error"})
    assert "Warning" not in texts(notebook)


@pytest.mark.parametrize(
    "path", [one for one in NOTEBOOKS if one.stem != MADE_UP], ids=lambda path: path.stem
)
def test_it_finds_the_data_from_the_projects_folder_too(
    path: Path, kernel: KernelManager, folder: Path
):
    notebook = nbformat.read(path, as_version=4)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    others = [cell.source for cell in notebook.cells if cell is not first]
    assert "data = Path(" in first.source
    assert not any("../" in source or '"data' in source for source in others)
    notebook.cells = [first]
    run(notebook, kernel, folder)
    assert {output.output_type for output in outputs(notebook)}.isdisjoint({"error"})


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_its_outputs_are_kept_and_clean(path: Path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    # The notebook of commands shows what they print; nothing is warned of.
    printed = {"stdout"} if path.stem == MADE_UP else set()
    kinds = {output.get("name", output.output_type) for output in outputs(notebook)}
    assert kinds <= {"display_data", "execute_result"} | printed
    assert any("image/png" in output.get("data", {}) for output in outputs(notebook))
    assert not PLACES.search(texts(notebook))
    assert not ADDRESS.search(texts(notebook))
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert set(notebook.metadata.language_info) == {"name"}
    assert all(cell.metadata == {} for cell in notebook.cells)


@pytest.mark.parametrize(
    "text", ["File /home/me/x.py", "'/home/me/data'", "C:\\Users\\me", "<Styler at 0x7f8b1bbeedd0>"]
)
def test_what_is_not_kept(text: str):
    assert PLACES.search(text) or ADDRESS.search(text)


def test_the_readmes_picture_is_the_notebooks():
    notebook = nbformat.read(ROOT / "notebooks" / "01_quarter.ipynb", as_version=4)
    first = next(out.data["image/png"] for out in outputs(notebook) if "image/png" in out.data)
    assert (ROOT / "docs" / "quarter.png").read_bytes() == base64.b64decode(first)


def test_the_notebook_says_what_the_report_says():
    """Figures printed in the report stand in the outputs that are kept."""
    words = texts(nbformat.read(ROOT / "notebooks" / "01_quarter.ipynb", as_version=4))
    for printed in ("95,3%", "70,7%", "99%", "100%", "1.380"):
        assert printed in words


def test_the_notebook_says_what_disagrees():
    """What a reader finds in the printed report, and in reports made up for it, is told."""
    words = texts(nbformat.read(ROOT / "notebooks" / "02_read_and_check.ipynb", as_version=4))
    for told in (
        "95,29 % (1.315/1.380) theo bảng, lời văn ghi “các cơ quan nhà nước: 99%”",
        "15 người được đào tạo, bồi dưỡng, nhưng 17 lượt",
        "06 0 03 0 14 0 37 0 01 01",
        "hồ sơ đã giải quyết 66, nhưng trả đúng hạn 60 + trả quá hạn 5 = 65, lệch 1",
        "số chung ghi 509, nhưng cộng 3 đơn vị được 507",
        "chưa gửi báo cáo",
        "đọc không được: so-tai-chinh.docx",
    ):
        assert told in words


def test_the_notebook_says_what_is_more_than_chance():
    """60/60 against what it is compatible with; four figures are no trend; effects add up."""
    notebook = nbformat.read(ROOT / "notebooks" / "04_compare.ipynb", as_version=4)
    words = texts(notebook)
    for told in (
        "60/60 hợp với mọi tỷ lệ từ 94% đến 100%",
        "-11,36",
        "635.593/643.272",
        "98,81%",
        "chỉ có 4 số liệu: dưới 5 thì không kiểm định",
        "ngẫu nhiên cũng thường cho như vậy: không phải tín hiệu",
        "tồn đọng không giảm: không có ngày giải quyết hết",
    ):
        assert told in words
    pictures = [out for out in outputs(notebook) if "image/png" in out.get("data", {})]
    assert len(pictures) == 7


def test_the_notebook_publishes_and_reads_back():
    words = texts(nbformat.read(ROOT / "notebooks" / "06_publish.ipynb", as_version=4))
    rows = re.findall(r"<th>([^<]+)</th>\s*<td>(\d+)</td>\s*<td>(\d+)</td>\s*<td>(\d+)</td>", words)
    assert len(rows) == 14
    assert {figures[1:] for _, *figures in rows for figures in [tuple(figures)]} == {("0", "0")}
    assert dict((title, int(count)) for title, count, *_ in rows)["Quản lý biên chế"] == 6
    assert "0 đoạn mã, 0 tệp ngoài" in words
