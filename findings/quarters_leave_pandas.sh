#!/usr/bin/env bash
# A column of quarters does not leave pandas the same way for any two programs.
#
# A Period column, which is what a quarterly series has, is refused by DuckDB
# (NotImplementedException) and by `to_json` (ValueError), and as whole numbers it is the count of
# quarters since 1970: 202 for 2020Q3.
# Seen with pandas 3.1.1, duckdb 2.0.1; write values with `write_values`, where a quarter is the text 2020Q3.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pandas==3.1.1 duckdb==2.0.1
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
import duckdb
import pandas as pd

values = pd.DataFrame({"period": pd.PeriodIndex(["2020Q3"], freq="Q-DEC"), "value": [98.1]})
seen = []
for way in (lambda: duckdb.sql("select * from values").df(), lambda: values.to_json()):
    try:
        way()
        seen.append("written")
    except Exception as error:  # each program has its own kind
        seen.append(type(error).__name__)
seen.append(int(values["period"].astype("int64").iloc[0]))
print("DuckDB, JSON, as a number:", *seen)
raise SystemExit(seen != ["NotImplementedException", "ValueError", 202])
PY
