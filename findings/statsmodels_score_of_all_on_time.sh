#!/usr/bin/env bash
# statsmodels has no score limits for the difference of two quarters when one had all on time.
#
# 20 of 20 in both quarters, or 20 of 20 and then 19 of 20, are the commonest pairs of this field.
# confint_proportions_2indep(method="score") ends in an error of its root finder for each, and the
# test of the same name answers nan. Newcombe's limits (the default) are there.
# Seen with statsmodels 0.15.0; here a change is given Newcombe's limits.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check statsmodels==0.15.0 pandas==3.1.1
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
from statsmodels.stats.proportion import confint_proportions_2indep, test_proportions_2indep

failed = 0
for counts in ((20, 20, 20, 20), (20, 20, 19, 20), (0, 20, 0, 20)):
    low, high = confint_proportions_2indep(*counts, method="newcomb")
    try:
        confint_proportions_2indep(*counts, method="score")
        said = "limits"
    except ValueError as error:
        said, failed = str(error), failed + 1
    print(counts, f"Newcombe {low:.3f} to {high:.3f}; score:", said)
p = test_proportions_2indep(20, 20, 20, 20, method="score").pvalue
print("p of 20 of 20 against 20 of 20:", p)
raise SystemExit(bool(failed != 3 or p == p))
PY
