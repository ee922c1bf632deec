"""Write what is made from the records: type stubs, tables of METHODS.md, list of public names.

``python docs/generate.py`` (or ``make generated``), after a record or a form has changed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from cchc_stats import indicators
from cchc_stats.forms import FORMS, Form
from cchc_stats.indicators import FUNCTIONS, INDICATORS, Indicator

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "cchc_stats"
BETTER = {"higher": "higher", "lower": "lower", "none": "–"}
_IMPORTS = re.compile(r"^from \.(\w+) import (?:\(([^)]*)\)|(.+))$", re.MULTILINE)


def generated() -> Mapping[Path, str]:
    """Return the text of every file that is made in whole or in part."""
    methods, names = ROOT / "METHODS.md", ROOT / "docs" / "reference" / "names.md"
    stub = PACKAGE / "__init__.pyi"
    told = methods.read_text(encoding="utf-8")
    told = with_rows(told, "| code | what | formula |", map(indicator_line, INDICATORS))
    told = with_rows(told, "| form | title | basis |", map(form_line, FORMS))
    return {
        methods: told,
        names: with_functions(names.read_text(encoding="utf-8")),
        stub: public_stub(stub.read_text(encoding="utf-8")),
        PACKAGE / "indicators" / "__init__.pyi": indicators_stub(),
    }


def with_rows(text: str, heading: str, rows: map[str]) -> str:
    r"""Return a page with the rows of the table that begins with a heading.

    >>> print(with_rows("| a | b |\n|---|---|\n| 1 | 2 |\n\nend", "| a | b |", map(str, "xy")))
    | a | b |
    |---|---|
    x
    y
    <BLANKLINE>
    end
    """
    start = text.index("\n", text.index("|---", text.index(heading))) + 1
    end = text.index("\n\n", start) + 1
    return text[:start] + "".join(f"{row}\n" for row in rows) + text[end:]


def indicator_line(record: Indicator) -> str:
    """Return the line of METHODS.md of an indicator."""
    note = f"; {record.note_en}" if record.note_en else ""
    return (
        f"| `{record.code}` | {record.label_en} ({record.label_vi}){note} "
        f"| `{record.formula}` | {record.unit} | {record.kind} "
        f"| {BETTER[record.better]} | {'yes' if record.additive else 'no'} | {record.source} |"
    )


def form_line(form: Form) -> str:
    """Return the line of METHODS.md of a form."""
    held = "; ".join(f"`{identity}`" for identity in form.identities) or "–"
    return f"| `{form.code}` | {form.title} | `{form.basis}` | {held} |"


def with_functions(text: str) -> str:
    """Return the list of public names with a row of each indicator's function, form by form."""
    before = text[: text.index("| **Indicators of ")]
    rows: list[str] = []
    for form in FORMS:
        here = {
            name: records for name, records in FUNCTIONS.items() if records[0].form == form.code
        }
        if here:
            sources = dict.fromkeys(one.source for records in here.values() for one in records)
            rows.append(
                f"| **Indicators of {form.code.replace('_', ' ')}** | {form.title} | | "
                f"{'; '.join(sources)} |"
            )
        rows += [function_line(name, records) for name, records in here.items()]
    return before + "".join(f"{row}\n" for row in rows)


def function_line(name: str, records: tuple[Indicator, ...]) -> str:
    """Return the row of a function: what it returns, and a call."""
    first = records[0]
    option = f', {first.choice.option}="{first.choice.shown}"' if first.choice else ""
    call = f"{name}({', '.join((first.form, *first.needs))}{option})"
    return f"| `{name}` | {(first.choice or first).meaning} | `{call}` | |"


def public_stub(text: str) -> str:
    """Return the package's stub with the functions of all indicators."""
    blocks, listed = [], []
    for room, several, one in _IMPORTS.findall(text):
        names = re.findall(r"\w+", several or one)
        if room == "indicators":
            names = [name for name in names if name in indicators.__all__ and name not in FUNCTIONS]
            names = sorted([*names, *FUNCTIONS], key=in_order)
        line = f"from .{room} import {', '.join(names)}"
        inside = "".join(f"    {name},\n" for name in names)
        blocks.append(line if len(line) <= 100 else f"from .{room} import (\n{inside})")
        listed += names
    stated = "".join(f'    "{name}",\n' for name in sorted(listed, key=in_order))
    opening = "from . import indicators as indicators\n"
    return opening + "\n".join(blocks) + f"\n\n__all__ = [\n{stated}]\n"


def in_order(name: str) -> tuple[int, str]:
    """Return the place of a name as ruff sorts them: constants, classes, functions."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def indicators_stub() -> str:
    """Return the stub of the room of indicators, each function with its docstring."""
    face = (PACKAGE / "indicators" / "__init__.py").read_text(encoding="utf-8")
    imports = re.findall(
        r"^from cchc_stats\.\w+(?:\.\w+)* import (?:\([^)]*\)|.+)$", face, re.MULTILINE
    )
    imports = [line for line in imports if "function_of" not in line]
    stated = "".join(f'    "{name}",\n' for name in sorted(indicators.__all__, key=in_order))
    parts = [
        '"""Made by docs/generate.py from the records of indicators."""\n',
        "from collections.abc import Mapping\nfrom typing import Literal\n",
        "import pandas as pd\n",
        "\n".join(imports) + "\n",
        "FUNCTIONS: Mapping[str, tuple[Indicator, ...]]\n",
        f"__all__ = [\n{stated}]\n",
        *(definition(name, records) for name, records in FUNCTIONS.items()),
    ]
    return "\n".join(parts)


def definition(name: str, records: tuple[Indicator, ...]) -> str:
    """Return a function as a stub defines it."""
    first = records[0]
    frames = [f"{form}: pd.DataFrame" for form in (first.form, *first.needs)]
    choice = first.choice
    words = ", ".join(f'"{one.word}"' for one in records)
    options = ["*", f'{choice.option}: Literal[{words}] = "{choice.default}"'] if choice else []
    given = ", ".join([*frames, *options])
    if len(given) > 95:
        given = ",\n    ".join([*frames, *options]) + ","
        if choice and len(options[1]) > 95:
            given = given.replace(words, f"\n        {words}\n    ")
    line = f"def {name}({given}) -> pd.Series:"
    if len(line) > 100:
        line = f"def {name}(\n    {given}\n) -> pd.Series:"
    text = getattr(indicators, name).__doc__.rstrip().splitlines()
    told = "\n".join(f"    {row}" if row else "" for row in text).strip()
    return f'{line}\n    """{told}\n    """\n'


def main() -> None:
    """Write the files that are not as they should be."""
    for path, text in generated().items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
