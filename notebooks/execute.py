"""Run the notebooks afresh and keep their outputs, without anything of the machine they ran on.

``python notebooks/execute.py`` runs all of them, ``… execute.py 01_quarter`` one of them. The
first picture of 01_quarter is the README's.
"""

import base64
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent
README_PICTURE = FOLDER.parent / "docs" / "quarter.png"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def execute(path: Path) -> None:
    """Run a notebook in its folder and write it back with its outputs."""
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, kernel_name="python3", resources=where, record_timing=False).execute()
    notebook.metadata = nbformat.from_dict(METADATA)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"{path.stem}-{number:02d}"
        cell.metadata = nbformat.from_dict({})
    nbformat.write(notebook, path)
    if path.stem == "01_quarter":
        README_PICTURE.write_bytes(pictures(notebook)[0])


def pictures(notebook: nbformat.NotebookNode) -> list[bytes]:
    """Return the PNG pictures of a notebook's outputs in their order."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    found = [output.get("data", {}).get("image/png") for output in outputs]
    return [base64.b64decode(text) for text in found if text]


if __name__ == "__main__":
    names = sys.argv[1:] or sorted(path.stem for path in FOLDER.glob("*.ipynb"))
    for name in names:
        execute(FOLDER / f"{name}.ipynb")
