#!/usr/bin/env bash
# pymannkendall's Hamed-Rao test calls a series that rises in every quarter "no trend".
#
# On-time rates of nine quarters, 90, 91 ... 98: the plain test finds p = 0.0003. The one corrected
# for autocorrelation has no residual left once the slope is taken out, its variance is no number,
# and it answers with trend "no trend", h False and p nan. A negative variance, which short noisy
# series give, ends in the same words.
# Seen with pymannkendall 1.4.3; here the exact test stands in for it, and the row says so.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pymannkendall==1.4.3 numpy==2.4.6 scipy==1.17.1
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
import pymannkendall as mk

rates = [90.0 + n for n in range(9)]
plain = mk.original_test(rates)
corrected = mk.hamed_rao_modification_test(rates)
print("plain:", plain.trend, f"p = {plain.p:.4f}")
print("Hamed-Rao:", corrected.trend, "p =", corrected.p, "variance", corrected.var_s)
seen = (plain.trend, corrected.trend, corrected.p == corrected.p)
raise SystemExit(seen != ("increasing", "no trend", False))
PY
