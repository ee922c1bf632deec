#!/usr/bin/env bash
# python-docx reads a cell whose figure was entered under "track changes" as empty.
#
# A report that went through a reviewer holds 47 as an insertion (w:ins) and the struck 45 as a
# deletion (w:del). Word shows 47; `cell.text` is "", as if nothing had been reported.
# Seen with python-docx 1.2.0; here what was inserted is read, what was deleted is not, and it is told.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check python-docx==1.2.0
"$folder/venv/bin/python" -W ignore - "$folder" <<'PY'
import io

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

document = docx.Document()
paragraph = document.add_table(1, 1).rows[0].cells[0].paragraphs[0]._p
for tag, text in (("del", "<w:delText>45</w:delText>"), ("ins", "<w:t>47</w:t>")):
    change = f'<w:{tag} {nsdecls("w")} w:id="1" w:author="x"><w:r>{text}</w:r></w:{tag}>'
    paragraph.append(parse_xml(change))
file = io.BytesIO()
document.save(file)
file.seek(0)
read = docx.Document(file).tables[0].rows[0].cells[0].text
print("45 deleted, 47 inserted, read as:", repr(read))
raise SystemExit(read != "")
PY
