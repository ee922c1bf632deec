#!/usr/bin/env bash
# calamine gives an empty text for a cell in error, the same as for an empty one: 0/0 is no entry.
#
# A sheet that computes its shares holds #DIV/0! where nothing was received, and a total over such a
# cell holds it too. openpyxl gives the text and xlrd the code of the error; python-calamine, quicker and
# the one that reads all three formats, gives '' in xlsx, ods and xls, so that a broken total looks like one
# that nobody filled in. pandas makes NaN of both.
# Seen with python-calamine 0.9.1; here such cells are looked up in the file and told by their address.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    python-calamine==0.9.1 openpyxl==3.1.5 odfpy==1.4.1
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
import sys

from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

folder = sys.argv[1]
book = Workbook()
book.active["A1"], book.active["C1"] = "#DIV/0!", 5
book.active["A1"].data_type = "e"
book.save(f"{folder}/a.xlsx")
open_book, sheet, row = OpenDocumentSpreadsheet(), Table(name="a"), TableRow()
# As LibreOffice stores it: a text without characters, the error in the paragraph.
error = TableCell(valuetype="string", formula="of:=0/0", stringvalue="")
error.addElement(P(text="#DIV/0!"))
for cell in (error, TableCell(), TableCell(valuetype="float", value="5")):
    row.addElement(cell)
sheet.addElement(row)
open_book.spreadsheet.addElement(sheet)
open_book.save(f"{folder}/a.ods")
other = [cell.value for cell in load_workbook(f"{folder}/a.xlsx").active[1]]
seen = {
    kind: CalamineWorkbook.from_path(f"{folder}/a.{kind}").get_sheet_by_index(0).to_python()
    for kind in ("xlsx", "ods")
}
print("openpyxl:", other, "calamine:", seen)
alike = [["", "", 5.0]]
raise SystemExit(seen != {"xlsx": alike, "ods": alike} or other != ["#DIV/0!", None, 5])
PY
