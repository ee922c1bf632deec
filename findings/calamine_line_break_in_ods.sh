#!/usr/bin/env bash
# calamine joins the two lines of a heading in an OpenDocument sheet: "Số hồ sơ" "đúng hạn" is one word.
#
# LibreOffice stores a line break typed in a cell as a paragraph of its own, but a converter or a
# program may store text:line-break, which means the same. calamine leaves it out with nothing in its
# place: "Hộ" + "tịch" comes out as "Hộtịch" and matches no name. A second paragraph is kept apart.
# Seen with python-calamine 0.9.1; here a break is a space in every format.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check python-calamine==0.9.1 odfpy==1.4.1
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
import sys

from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import LineBreak, P
from python_calamine import CalamineWorkbook

book, sheet, row = OpenDocumentSpreadsheet(), Table(name="a"), TableRow()
broken, apart = TableCell(valuetype="string"), TableCell(valuetype="string")
line = P(text="Hộ")
line.addElement(LineBreak())
line.addText("tịch")
broken.addElement(line)
for word in ("Hộ", "tịch"):
    apart.addElement(P(text=word))
row.addElement(broken)
row.addElement(apart)
sheet.addElement(row)
book.spreadsheet.addElement(sheet)
book.save(f"{sys.argv[1]}/a.ods")
read = CalamineWorkbook.from_path(f"{sys.argv[1]}/a.ods").get_sheet_by_index(0).to_python()
print("a break, two paragraphs:", read)
raise SystemExit(read != [["Hộtịch", "Hộ\ntịch"]])
PY
