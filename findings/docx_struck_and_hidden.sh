#!/usr/bin/env bash
# python-docx reads a figure that is struck out, or hidden, together with its correction.
#
# A cell with the runs 45 (struck out) and 47 is printed as 47; so is one whose 45 is hidden.
# `cell.text` gives 4547 for both, and says nothing.
# Seen with python-docx 1.2.0; here both are left out of the figure and told.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check python-docx==1.2.0
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
import io

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

document = docx.Document()
cells = document.add_table(1, 2).rows[0].cells
for cell, mark in zip(cells, ("strike", "vanish")):
    paragraph = cell.paragraphs[0]._p
    for text, format_ in (("45", f"<w:{mark}/>"), ("47", "")):
        run = f"<w:r {nsdecls('w')}><w:rPr>{format_}</w:rPr><w:t>{text}</w:t></w:r>"
        paragraph.append(parse_xml(run))
file = io.BytesIO()
document.save(file)
file.seek(0)
read = [cell.text for cell in docx.Document(file).tables[0].rows[0].cells]
print("struck out, hidden:", read)
raise SystemExit(read != ["4547", "4547"])
PY
