"""Tables of forms as strategies draw them, for documents that are written and read back."""

import pandas as pd
from hypothesis import strategies as st
from strategies import with_gaps

from cchc_stats.forms import FORMS, Form

AGENCY = "Sở Thí Dụ tỉnh Giả Định"


PERIOD = pd.Period("2020Q3", freq="Q-DEC")


KINDS = ("docx", "xlsx", "txt")


SYLLABLES = (
    *("đất", "đai", "hộ", "tịch", "đầu", "tư", "năng", "lượng", "giáo", "dục", "nước", "rừng"),
    *("thuỷ", "lợi", "chứng", "thực", "người", "có", "công", "xây", "dựng", "ưu", "đãi", "y", "tế"),
)


NAMES = st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=5).map(
    lambda words: " ".join(words).capitalize()
)


@st.composite
def tables_of(draw, form: Form) -> pd.DataFrame:
    """Draw one report's table as a document can print it, absences included."""
    frame = draw(with_gaps(form, reports=(1, 1), rows=(1, 5)))
    frame = frame.assign(agency=AGENCY, period=PERIOD)
    if form.row and not form.rows:
        names = draw(
            st.lists(NAMES, min_size=len(frame), max_size=len(frame), unique_by=str.casefold)
        )
        frame[form.row] = names
    if form.code == "positions":
        # Units stand as of a day, people are trained in a period: so does the form say.
        trained = frame["item"] == "people_trained"
        frame["basis"] = frame["basis"].mask(trained, "in_period")
    if "level" in frame and form.code == "online_services":
        # Levels 3 and 4 became "một phần" and "toàn trình": no report has both.
        old = frame["level"].isin(["3", "4"])
        frame = frame[old if old.any() else ~old].reset_index(drop=True)
    dashed = [set(names.split()) for names in frame["not_applicable"]]
    for part, whole in form.fractions.items():
        # "-" stands for both, and a whole without its part cannot be printed.
        frame[whole] = frame[whole].mask(frame[part].isna())
        dashed = [names - {whole} for names in dashed]
    return frame.assign(not_applicable=[" ".join(sorted(names)) for names in dashed])


def keyed(form: Form, frame: pd.DataFrame) -> dict:
    """Return the figures and dashes of a frame by row."""
    said = {}
    for row in frame.to_dict("records"):
        cells = {name: row[name] for name in form.figures if pd.notna(row.get(name))}
        dashes = frozenset(row["not_applicable"].replace(",", " ").split())
        said[tuple(str(row[name]) for name in form.key)] = cells, dashes
    return said


FORMS_IN_TABLES = st.lists(st.sampled_from(FORMS), min_size=1, max_size=4, unique=True)
