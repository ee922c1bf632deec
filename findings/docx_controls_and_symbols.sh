#!/usr/bin/env bash
# python-docx does not read what is filled into a content control, nor a digit set as a symbol.
#
# Official forms are handed out with content controls to fill in: `cell.text` of such a cell is
# empty. A digit that Word stores as a symbol (Symbol font, F034 is 4) is left out: 47 is read as 7.
# Seen with python-docx 1.2.0; here the text of the control is read, and the symbol is its digit or told.
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
filled, symbol = document.add_table(1, 2).rows[0].cells
filled.paragraphs[0]._p.append(
    parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent><w:r><w:t>12</w:t></w:r></w:sdtContent></w:sdt>"
    )
)
for inner in ('<w:sym w:font="Symbol" w:char="F034"/>', "<w:t>7</w:t>"):
    symbol.paragraphs[0]._p.append(parse_xml(f"<w:r {nsdecls('w')}>{inner}</w:r>"))
file = io.BytesIO()
document.save(file)
file.seek(0)
read = [cell.text for cell in docx.Document(file).tables[0].rows[0].cells]
print("a control filled with 12, and 47 with its 4 as a symbol:", read)
raise SystemExit(read != ["", "7"])
PY
