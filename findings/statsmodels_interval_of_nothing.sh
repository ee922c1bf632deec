#!/usr/bin/env bash
# statsmodels has an interval for the on-time rate of a unit that settled nothing.
#
# Of 0 dossiers Wilson's and the exact method give no number. Jeffreys gives 0.2 % to 99.8 %, and
# Agresti-Coull 0 to 100 %: drawn as limits, or counted as "not different from the others", a unit
# without a rate looks like one with a very uncertain rate.
# Seen with statsmodels 0.15.0; here 0/0 has the status no_denominator and no limits by any method.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check statsmodels==0.15.0 pandas==3.1.1
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
from statsmodels.stats.proportion import proportion_confint

seen = {}
for method in ("wilson", "beta", "jeffreys", "agresti_coull"):
    low, high = proportion_confint(0, 0, method=method)
    seen[method] = None if low != low else (round(float(low), 3), round(float(high), 3))
print(seen)
expected = {"wilson": None, "beta": None, "jeffreys": (0.002, 0.998), "agresti_coull": (0.0, 1.0)}
raise SystemExit(seen != expected)
PY
