#!/usr/bin/env bash
# pandas.read_excel makes a decimal of a cell that holds text: "1.380" dossiers become 1.38.
#
# Officials type figures with the point between thousands, and Excel keeps "1.380" as text. The guess
# is that a text cell comes out as text. Where every text of a column can be read as a number with a
# decimal point, pandas reads the column again and gives floats, and leading zeros of codes go the same
# way; one "-" in the column, and it stays text. dtype=str keeps what stands in the cell.
# Seen with pandas 3.1.1 and openpyxl 3.1.5 (the same through python-calamine 0.9.1); here texts of a
# sheet are read by Vietnamese rules and never by read_excel's.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    pandas==3.1.1 openpyxl==3.1.5 python-calamine==0.9.1
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
import sys

import pandas as pd
from openpyxl import Workbook

path, book = f"{sys.argv[1]}/a.xlsx", Workbook()
for row in (["lĩnh vực", "mã", "tiếp nhận", "giải quyết"], ["Hộ tịch", "0012", "1.380", "1.375"],
            ["Đất đai", "0034", "2.450", "-"]):  # fmt: skip
    book.active.append(row)
print("kinds of the cells:", {cell.data_type for row in book.active for cell in row})
book.save(path)
seen = {}
for engine in ("openpyxl", "calamine"):
    read = pd.read_excel(path, engine=engine)
    seen[engine] = [read[name].tolist() for name in ("mã", "tiếp nhận", "giải quyết")]
    print(engine, seen[engine])
kept = pd.read_excel(path, dtype=str)["tiếp nhận"].tolist()
print("dtype=str:", kept)
so = [[12, 34], [1.38, 2.45], ["1.375", "-"]]
raise SystemExit(seen != {"openpyxl": so, "calamine": so} or kept != ["1.380", "2.450"])
PY
