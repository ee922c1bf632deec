#!/usr/bin/env bash
# A total written by XlsxWriter as a formula is 0 for every program that does not calculate.
#
# `write_formula` stores the result 0 unless it is told one. openpyxl (data_only) and python-
# calamine then read the total of 60 and 2 as 0, which looks like a figure that was reported.
# Seen with XlsxWriter 3.3.1, openpyxl 3.1.5, python-calamine 0.9.1; forms are written here with the value of each total beside its formula.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check XlsxWriter==3.3.1 openpyxl==3.1.5 python-calamine==0.9.1
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
import io

import openpyxl
import python_calamine
import xlsxwriter

file = io.BytesIO()
book = xlsxwriter.Workbook(file)
sheet = book.add_worksheet()
sheet.write_column("A1", [60, 2])
sheet.write_formula("A3", "=A1+A2")
book.close()
file.seek(0)
one = openpyxl.load_workbook(file, data_only=True).active["A3"].value
file.seek(0)
other = python_calamine.CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()[2][0]
print("the sum of 60 and 2:", one, other)
raise SystemExit((one, other) != (0, 0.0))
PY
