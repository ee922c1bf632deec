#!/usr/bin/env bash
# narwhals does not know the kind of a pandas column of times in Vietnam's zone.
#
# A column in Asia/Bangkok is Datetime with its zone; the same instants in Asia/Ho_Chi_Minh are
# Unknown (the underscores of the name are not foreseen), so code that asks for date columns by their
# kind leaves out received, due and settled at once.
# Seen with narwhals 2.29.0; here such columns are turned into Vietnam's time before narwhals sees them.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check narwhals==2.29.0 pandas==3.1.1
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
import narwhals as nw
import pandas as pd

times = pd.to_datetime(["2026-09-30 23:30"]).tz_localize("UTC")
zones = ("Asia/Bangkok", "Asia/Ho_Chi_Minh")
frame = pd.DataFrame({zone: times.tz_convert(zone) for zone in zones})
schema = nw.from_native(frame).schema
print(schema)
known, unknown = (isinstance(schema[zone], nw.Datetime) for zone in zones)
raise SystemExit((known, unknown) != (True, False))
PY
