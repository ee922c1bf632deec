#!/usr/bin/env bash
# DuckDB reads 17:30Z and 23:30+07:00 as the same day's 17:30 and 23:30: the zone is dropped.
#
# 2026-09-30T17:30:00Z is half past midnight of 1 October in Vietnam, a dossier of the next quarter.
# A column that is asked for as TIMESTAMP keeps the digits and loses Z and offset without a word, in
# read_csv and in a cast; left to itself, read_csv finds TIMESTAMP WITH TIME ZONE.
# Seen with duckdb 2.0.1; here times with a zone are brought to Vietnam's time first.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check duckdb==2.0.1
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
import sys

import duckdb

path = f"{sys.argv[1]}/a.csv"
with open(path, "w") as file:
    file.write("t\n2026-09-30T17:30:00Z\n2026-09-30T23:30:00+07:00\n")
asked = duckdb.sql(f"SELECT t FROM read_csv('{path}', columns={{'t': 'TIMESTAMP'}})")
found = duckdb.sql(f"SELECT DISTINCT typeof(t) FROM read_csv('{path}')")
read, kind = [str(row[0]) for row in asked.fetchall()], found.fetchall()
print(read, kind)
expected = ["2026-09-30 17:30:00", "2026-09-30 23:30:00"]
raise SystemExit(read != expected or kind != [("TIMESTAMP WITH TIME ZONE",)])
PY
