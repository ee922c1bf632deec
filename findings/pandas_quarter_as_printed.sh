#!/usr/bin/env bash
# pandas reads "3/2026" and "2026-3" as the first quarter, and says nothing.
#
# Reports write the third quarter of 2026 as "quý 3/2026" or "III/2026". Asked for a quarter, pandas
# takes the number for a month: March, so 2026Q1. With a 4 it is 2026Q2; nothing is ever refused.
# Seen with pandas 3.1.1; here a quarter is read by its own words, and "3/2026" alone is asked about.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pandas==3.1.1
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
import pandas as pd

read = {text: str(pd.Period(text, freq="Q")) for text in ("3/2026", "2026-3", "4/2026", "2026Q3")}
print(read)
expected = {"3/2026": "2026Q1", "2026-3": "2026Q1", "4/2026": "2026Q2", "2026Q3": "2026Q3"}
raise SystemExit(read != expected)
PY
