#!/usr/bin/env bash
# openpyxl leaves the escape of a carriage return in the text: a sector is named "Hộ tịch_x000D_".
#
# Excel cannot store the character 13 in its XML as such and writes _x000D_ (ST_Xstring of ECMA-376);
# texts that a database gave with Windows line ends come so into exports of one-stop systems, and no user
# sees it. openpyxl, and pandas through it, hand the seven letters on: groups and joins by sector part.
# python-calamine decodes them.
# Seen with openpyxl 3.1.5, pandas 3.1.1, python-calamine 0.9.1; here such a name is the same as without.
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
for row in (["lĩnh vực", "hồ sơ"], ["Hộ tịch", 5], ["Hộ tịch_x000D_", 7]):
    book.active.append(row)
book.save(path)
seen = {
    engine: pd.read_excel(path, engine=engine)["lĩnh vực"].str.rstrip().tolist()
    for engine in ("openpyxl", "calamine")
}
print(seen)
wanted = {"openpyxl": ["Hộ tịch", "Hộ tịch_x000D_"], "calamine": ["Hộ tịch", "Hộ tịch"]}
raise SystemExit(seen != wanted)
PY
