#!/usr/bin/env bash
# pandas.read_html lets a heading that spans too many rows run into the table body.
#
# One-stop systems print `rowspan=3` over the two rows of a `thead`. A span ends with its row group
# (HTML table model), and browsers show it so; `read_html` carries the heading on, and the first row
# of figures is shifted: 1 stands where a name should, the name where 5 should.
# Seen with pandas 3.1.1, lxml 6.1.3; here spans end with their group.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pandas==3.1.1 lxml==6.1.3
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
import io

import pandas as pd

page = """<table>
<thead><tr><th rowspan="3">Lĩnh vực</th><th colspan="2">Tiếp nhận</th></tr>
<tr><th>Mới</th><th>Kỳ trước</th></tr></thead>
<tbody><tr><td>Hộ tịch</td><td>5</td><td>1</td></tr><tr><td>Đất đai</td><td>7</td><td>2</td></tr></tbody>
</table>"""
frame = pd.read_html(io.StringIO(page))[0]
first = [str(cell) for cell in frame.iloc[0]][:3]
print("first row of figures:", first)
raise SystemExit(first != ["Lĩnh vực", "Hộ tịch", "5"])
PY
