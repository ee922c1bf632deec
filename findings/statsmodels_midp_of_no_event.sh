#!/usr/bin/env bash
# statsmodels gives a count of nothing mid-p limits that do not hold it: 0 late, from 3.0 to 3.0.
#
# Of no event the lower limit is 0 and the upper one solves exp(-m) / 2 = 0.025: m = 2.996. For
# method "midp-c" both limits come out as 2.996; "sqrt" gives 0.96 twice. The exact method is right.
# Seen with statsmodels 0.15.0; here limits at 0 of n and n of n are computed in closed form.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check statsmodels==0.15.0 pandas==3.1.1
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
from statsmodels.stats.rates import confint_poisson

seen = {m: [round(float(x), 2) for x in confint_poisson(0, 1, method=m)]
        for m in ("exact-c", "midp-c", "sqrt")}
print(seen)
raise SystemExit(seen != {"exact-c": [0.0, 3.69], "midp-c": [3.0, 3.0], "sqrt": [0.96, 0.96]})
PY
