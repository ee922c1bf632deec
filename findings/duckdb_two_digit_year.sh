#!/usr/bin/env bash
# DuckDB reads a two-digit year under the four-digit pattern: 14/09/20 is a day of the year 20.
#
# `try_strptime` is the way to try the patterns of an export one after another. '%d/%m/%Y' takes
# "14/09/20" and gives 0020-09-14 instead of nothing, so '%d/%m/%y', tried next, is never reached, and
# the dossier is two thousand years late.
# Seen with duckdb 2.0.1; here such a day is a reject, or is read in this century where that is asked for.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check duckdb==2.0.1
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
import duckdb

((read,),) = duckdb.sql("SELECT try_strptime('14/09/20', '%d/%m/%Y')::DATE::VARCHAR").fetchall()
print(read)
raise SystemExit(read != "0020-09-14")
PY
