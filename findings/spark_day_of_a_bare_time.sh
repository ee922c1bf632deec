#!/usr/bin/env bash
# Spark: the day of a time without a zone comes back as the day before.
#
# date_trunc turns TIMESTAMP_NTZ into TIMESTAMP, in the session's zone; collect() hands that to Python
# in the zone of the machine. A session in Asia/Ho_Chi_Minh on a server in UTC: the day of
# 2026-10-01 00:30 is collected as 2026-09-30 17:00, another quarter. A cast to DATE is right.
# Seen with pyspark 4.3.0 (Java 17 needed); here days leave Spark as dates.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pyspark==4.3.0
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
import os
import time

os.environ["TZ"] = "UTC"
time.tzset()
from pyspark.sql import SparkSession

session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", False)
spark = session.config("spark.sql.session.timeZone", "Asia/Ho_Chi_Minh").getOrCreate()
frame = spark.sql("SELECT TIMESTAMP_NTZ'2026-10-01 00:30:00' AS t")
row = frame.selectExpr("date_trunc('day', t) AS truncated", "CAST(t AS DATE) AS day").first()
print(row.truncated, row.day)
spark.stop()
raise SystemExit((str(row.truncated), str(row.day)) != ("2026-09-30 17:00:00", "2026-10-01"))
PY
