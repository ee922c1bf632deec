"""The sixteen forms and the ledger: their columns, words, identities, and pandera's verdict."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.errors import SchemaErrors
from strategies import balanced

from cchc_stats.forms import DOSSIERS, FORMS, LEDGER, Form, Identity, find_form, validate
from cchc_stats.forms.column import contradicted, dashed, dashed_columns
from cchc_stats.words.errors import CchcError, FormError
from cchc_stats.words.labels import Label

# design: form -> (row column, codes), figures and other columns in order, identities, basis.
DESIGN = {
    "procedures": (
        ("", ()),
        "in_force published_total published_on_time published_late one_stop interlinked_total"
        " interlinked_horizontal interlinked_vertical",
        [
            "published_total = published_on_time + published_late",
            "interlinked_total = interlinked_horizontal + interlinked_vertical",
            "in_force = one_stop + interlinked_total",
        ],
    ),
    "dossiers": (
        ("sector", ()),
        "received_total carried_over newly_received received_online received_in_person"
        " settled_total settled_on_time settled_early settled_late pending_total pending_not_due"
        " pending_overdue returned withdrawn without_due_date",
        [
            "received_total = carried_over + newly_received",
            "received_total = settled_total + pending_total (+ returned) (+ withdrawn)",
            "settled_total = settled_on_time + settled_late",
            "settled_early <= settled_on_time",
            "pending_total = pending_not_due + pending_overdue",
            "newly_received = received_online + received_in_person",
        ],
    ),
    "staffing": (
        ("category", ("administrative", "administrative_contract", "public_service")),
        "assigned present",
        [],
    ),
    "appointments": (
        (
            "item",
            ("appointed", "reappointed", "rotated", "resigned", "dismissed", "disciplined")
            + ("recruited_civil_servants", "recruited_public_employees"),
        ),
        "count",
        [],
    ),
    "training": (
        ("staff_group", ("civil_servants", "public_employees")),
        "total postgraduate university short_course refresher",
        ["total = postgraduate + university + short_course + refresher"],
    ),
    "positions": (
        (
            "item",
            ("units_placed", "units_not_placed", "service_units_placed")
            + ("service_units_not_placed", "people_trained"),
        ),
        "count",
        [],
    ),
    "autonomy": (
        (
            "item",
            ("agencies_autonomous", "service_units_autonomous", "invests_and_runs", "runs_itself")
            + ("runs_in_part", "state_funded", "communes_autonomous"),
        ),
        "count of",
        ["count <= of"],
    ),
    "documents": (
        ("", ()),
        "sent_total sent_paper sent_electronic",
        ["sent_total = sent_paper + sent_electronic"],
    ),
    "online_services": (
        ("level", ("3", "4", "partial", "full")),
        "procedures received_total received_in_person received_online",
        ["received_total = received_in_person + received_online"],
    ),
    "iso9001": (
        ("level", ("all", "provincial", "district", "commune")),
        "agencies planned inspected announced compliant procedures procedures_of",
        ["announced <= agencies", "compliant <= announced", "procedures <= procedures_of"],
    ),
    "simplifications": (
        ("procedure", ()),
        "days_before days_after dossiers decision decided_on",
        [],
    ),
    "organisation": (("", ()), "departments public_service_units", []),
    "inspections": (
        ("", ()),
        "subordinate_units inspected_directly inspected_indirectly",
        ["inspected_directly <= subordinate_units"],
    ),
    "infrastructure": (
        ("", ()),
        "units_wan units_lan units_dedicated_network digital_signatures units_document_system",
        [],
    ),
    "digital_services": (
        ("level", ("all", "provincial", "district", "commune")),
        "received_online_full received_online_part received_in_person received_postal"
        " dossiers_handled results_electronic dossiers_digitised dossiers_reused dossiers_shared"
        " dossiers_with_fee dossiers_paid_online procedures procedures_online_full"
        " procedures_online_part procedures_online_used procedures_with_fee"
        " procedures_payable_online procedures_paid_online population_data_dossiers"
        " population_data_procedures non_territorial petitions_received petitions_on_time",
        [
            *(
                f"{part} <= dossiers_handled"
                for part in ("results_electronic", "dossiers_digitised", "dossiers_reused")
                + ("dossiers_shared", "population_data_dossiers")
            ),
            "dossiers_paid_online <= dossiers_with_fee",
            "procedures >= procedures_online_full + procedures_online_part",
            "procedures_online_used <= procedures_online_full + procedures_online_part",
            "procedures_with_fee <= procedures",
            "procedures_payable_online <= procedures_with_fee",
            "procedures_paid_online <= procedures_with_fee",
            "population_data_procedures <= procedures",
            "non_territorial <= received_online_full + received_online_part + received_in_person"
            " + received_postal",
            "petitions_on_time <= petitions_received",
        ],
    ),
    "proactive_services": (("level", ("1", "2", "3", "4")), "procedures dossiers", []),
}
OPTIONAL = {
    "digital_services": DESIGN["digital_services"][1].split(" ", 4)[4],
    "dossiers": "settled_early received_online received_in_person returned withdrawn"
    " without_due_date",
    "simplifications": "dossiers",
}
LEDGER_COLUMNS = [
    *("dossier_id", "agency", "sector", "procedure", "received_at", "due_at", "settled_at"),
    *("channel", "status"),
]
CHANNELS = ["online", "in_person", "postal"]
STATUSES = ["open", "settled", "waiting", "returned", "withdrawn"]


def test_the_forms_are_sixteen_in_official_order():
    assert [form.code for form in FORMS] == list(DESIGN)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_a_form_is_as_designed(form):
    (row, codes), columns, identities = DESIGN[form.code]
    between = ["level"] * (form.code == "dossiers") + ([row] if row else [])
    assert (form.row, tuple(form.rows)) == (row, codes)
    assert list(form.columns) == [
        *("agency", "period", "basis", *between, *columns.split(), "not_applicable", "source")
    ]
    assert [str(identity) for identity in form.identities] == identities
    assert form.key == ("agency", "period", "basis", *between)
    assert form.optional == set(OPTIONAL.get(form.code, "").split())
    assert form.basis in ("in_period", "year_to_date", "as_of")
    texts = {"agency", "basis", *between, "decision", "not_applicable", "source"}
    assert [form.kinds[name] for name in form.columns] == [
        "text"
        if name in texts
        else {"period": "quarter", "decided_on": "time"}.get(
            name, "amount" if name.startswith("days_") else "count"
        )
        for name in form.columns
    ]


def test_the_ledger_is_as_designed():
    assert LEDGER not in FORMS
    assert list(LEDGER.columns) == LEDGER_COLUMNS
    assert LEDGER.key == ("dossier_id",)
    assert list(LEDGER.rows) == [*CHANNELS, *STATUSES]
    assert [name for name, kind in LEDGER.kinds.items() if kind == "time"] == [
        *("received_at", "due_at", "settled_at")
    ]
    assert LEDGER.figures == ()


@pytest.mark.parametrize("form", [*FORMS, LEDGER], ids=lambda form: form.code)
def test_every_column_and_code_has_words_in_both_languages(form):
    assert set(form.headings) == set(form.columns)
    assert set(form.labels) == set(form.columns) | set(form.rows)
    assert not set(form.columns) & set(form.rows)
    assert len(set(form.headings.values())) == len(form.columns)
    for label in form.labels.values():
        assert isinstance(label, Label)
        assert label.vi.strip() == label.vi != ""
        assert label.en.strip() == label.en != ""
        assert label.en.isascii()
    for path in form.headings.values():
        assert path
        assert all(part.strip() == part != "" for part in path)
    # Short labels tell the columns and the rows of a form apart, too.
    for lang in ("vi", "en"):
        shown = [form.labels[name].in_language(lang) for name in form.columns]
        assert len(set(shown)) == len(shown)
    assert form.title
    assert form.title_en.isascii()
    assert form.source


def test_headings_are_those_of_the_print():
    assert DOSSIERS.headings["carried_over"] == (
        "Số hồ sơ đã tiếp nhận",
        "Trong đó",
        "Số kỳ trước chuyển qua",
    )
    assert DOSSIERS.heading("received_total") == "Số hồ sơ đã tiếp nhận: Tổng số"
    assert DOSSIERS.heading("no_such_column") == "no_such_column"
    assert find_form("staffing").row_label("public_service") == "Biên chế sự nghiệp"
    assert find_form("staffing").row_label("public_service", lang="en") == "public service posts"
    assert DOSSIERS.row_label("Đất đai") == "Đất đai"


def test_a_fraction_knows_the_column_of_its_whole():
    found = {form.code: dict(form.fractions) for form in FORMS if form.fractions}
    assert found == {
        "autonomy": {"count": "of"},
        "iso9001": {"procedures": "procedures_of"},
        "inspections": {"inspected_directly": "subordinate_units"},
    }


def test_identities_speak_of_columns_of_their_form():
    for form in (*FORMS, LEDGER):
        for identity in form.identities:
            assert set(identity.columns) <= set(form.columns)


def test_a_form_is_found_by_its_code():
    assert find_form("dossiers") is DOSSIERS
    assert find_form(DOSSIERS) is DOSSIERS
    assert find_form("ledger") is LEDGER
    with pytest.raises(CchcError) as error:
        find_form("dosiers")
    assert str(error.value) == (
        "there is no form 'dosiers'\n  where: form=\n  mend:  did you mean 'dossiers'?"
    )
    with pytest.raises(CchcError, match="use one of procedures, dossiers, .*, ledger"):
        find_form(None)


# --- identities -------------------------------------------------------------------------------

counts = st.integers(0, 10**9)
terms = st.lists(st.tuples(counts, counts | st.none(), counts | st.none()), min_size=1, max_size=8)


def table(rows, names=("total", "one", "two")):
    return pd.DataFrame(rows, columns=list(names), dtype="Int64")


@given(terms)
def test_an_identity_is_broken_exactly_where_all_is_known_and_the_sum_differs(rows):
    expected = [None not in row and row[0] != row[1] + row[2] for row in rows]
    assert Identity("total", "=", ("one", "two")).broken(table(rows)).tolist() == expected


@given(terms)
def test_at_most_is_broken_exactly_where_more(rows):
    expected = [None not in row and row[0] > row[1] + row[2] for row in rows]
    assert Identity("total", "<=", ("one", "two")).broken(table(rows)).tolist() == expected


@given(terms)
def test_a_term_that_is_added_where_given_counts_as_nothing_elsewhere(rows):
    known = [row[1] is not None and row[0] != row[1] + (row[2] or 0) for row in rows]
    assert Identity("total", "=", ("one",), ("two",)).broken(table(rows)).tolist() == known


def test_an_absent_column_is_unknown_and_the_index_is_kept():
    rows = table([(3, 1, 2)]).set_axis([7]).drop(columns="two")
    broken = Identity("total", "=", ("one", "two")).broken(rows)
    assert broken.to_dict() == {7: False}
    assert broken.dtype == bool


def test_an_identity_is_said_in_words():
    identity = Identity("total", "<=", ("one", "two"), ("three",))
    assert str(identity) == "total <= one + two (+ three)"
    assert identity.in_words(str.upper) == "'TOTAL' ≤ 'ONE' + 'TWO' (+ 'THREE')"
    assert identity.columns == ("total", "one", "two", "three")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
@settings(max_examples=25)
@given(data=st.data())
def test_every_identity_holds_in_a_balanced_frame(form, data):
    frame = data.draw(balanced(form, optional=True))
    assert len(frame) > 0
    for identity in form.identities:
        assert not identity.broken(frame).any()
        assert frame[[identity.total, *identity.parts]].notna().all(axis=None)


# --- dashes -----------------------------------------------------------------------------------


def test_dashes_name_columns():
    frame = pd.DataFrame(
        {
            "not_applicable": ["one, two", "two", "", None, "other"],
            "one": [None, 1, 1, 1, 1],
            "two": [None, 2, 2, 2, 2],
        }
    )
    assert dashed_columns("one,two  three") == ("one", "two", "three")
    assert dashed_columns(float("nan")) == ()
    assert dashed(frame, "one").tolist() == [True, False, False, False, False]
    assert dashed(frame.drop(columns="not_applicable"), "one").tolist() == [False] * 5
    assert contradicted(frame, ("one", "two")).tolist() == [False, True, False, False, True]


# --- pandera gives the same verdict -----------------------------------------------------------


def refused_by_pandera(form: Form, frame: pd.DataFrame) -> bool:
    try:
        form.schema.validate(frame, lazy=True)
    except SchemaErrors:
        return True
    return False


def refused(form: Form, frame: pd.DataFrame) -> bool:
    try:
        validate(frame, form)
    except FormError:
        return True
    return False


@st.composite
def mutated(draw, form: Form) -> tuple[str, pd.DataFrame]:
    """Draw a balanced frame with something done to one cell, row or column, right or wrong."""
    frame = draw(balanced(form))
    row = draw(st.integers(0, len(frame) - 1))
    figure = draw(st.sampled_from(form.figures))
    texts = ["agency", "basis", *([form.row] if form.row else [])]
    text = draw(st.sampled_from(texts))
    kind = draw(
        st.sampled_from(
            ["none", "figure", "negative", "huge", "text", "na", "code", "blank", "no_key"]
            + ["twice", "no_period", "months", "dash", "no_column", "unsorted"]
        )
    )
    put = frame.copy()
    if kind == "figure":
        put.loc[row, figure] = draw(st.integers(0, 10**7))
    elif kind in ("negative", "huge"):
        put.loc[row, figure] = -1 if kind == "negative" else 10**15 + 1
    elif kind == "text":
        put[figure] = put[figure].astype(object)
        put.loc[row, figure] = draw(st.sampled_from(["06", "abc", ""]))
    elif kind == "na":
        put.loc[row, figure] = pd.NA
    elif kind in ("code", "blank", "no_key"):
        put.loc[row, text] = {"code": "x", "blank": "  ", "no_key": None}[kind]
    elif kind == "twice":
        put = pd.concat([put, put.iloc[[row]]], ignore_index=True)
    elif kind == "no_period":
        put.loc[row, "period"] = pd.NaT
    elif kind == "months":
        put["period"] = put["period"].dt.asfreq("M")
    elif kind == "dash":
        put.loc[row, "not_applicable"] = draw(st.sampled_from([figure, "no_such_column"]))
        if draw(st.booleans()):
            put.loc[row, figure] = pd.NA
    elif kind == "no_column":
        put = put.drop(columns=figure)
    elif kind == "unsorted":
        put = put.sample(frac=1, random_state=row).set_axis(np.arange(len(put)) // 2)
    return kind, put


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
@settings(max_examples=30)  # a call of pandera takes as long as fifty others
@given(data=st.data())
def test_validate_and_pandera_agree(form, data):
    kind, frame = data.draw(mutated(form))
    # An optional column may be left out: `validate` fills it, pandera sees the filled frame.
    by_pandera = refused_by_pandera(form, frame)
    if kind == "no_column" and not (set(form.columns) - set(frame.columns)) - form.optional:
        assert by_pandera
        assert not refused(form, frame)
    else:
        assert refused(form, frame) == by_pandera
    if not refused(form, frame):
        assert not refused_by_pandera(form, validate(frame, form))


def test_the_mutations_are_of_both_kinds():
    """The law above is not empty: pandera lets through what is right and refuses each wrong."""
    frame = pd.DataFrame(
        {"agency": ["A"], "period": ["2020Q3"], "sent_total": [3], "sent_paper": [1]}
    ).assign(sent_electronic=[2])
    right = validate(frame, "documents")
    form = find_form("documents")
    assert not refused_by_pandera(form, right)
    for wrong in (
        right.assign(sent_total=right["sent_total"] + 1),
        right.assign(sent_total=right["sent_total"] * -1),
        right.assign(agency=" "),
        right.assign(basis="quarterly"),
        right.assign(not_applicable="sent_paper"),
        right.assign(sent_total=["3"]),
        pd.concat([right, right], ignore_index=True),
        right.drop(columns="sent_paper"),
    ):
        assert refused_by_pandera(form, wrong)
        assert refused(form, wrong)


# --- the ledger -------------------------------------------------------------------------------


def ledger(**changes) -> pd.DataFrame:
    one = {
        "dossier_id": ["H08.1-200716-0001", "H08.1-200716-0002"],
        "agency": ["Sở A", "Sở A"],
        "sector": ["Đất đai", "Đất đai"],
        "received_at": pd.to_datetime(["2020-07-16 08:00", "2020-07-17 00:00"]),
        "due_at": pd.to_datetime(["2020-07-30", None]),
        "settled_at": pd.to_datetime([None, "2020-07-20 16:30:05"]),
        "channel": ["online", "in_person"],
        "status": ["open", "settled"],
    }
    return pd.DataFrame(one | changes)


def test_a_ledger_is_typed_and_pandera_agrees():
    typed = validate(ledger(), LEDGER)
    assert list(typed.columns) == LEDGER_COLUMNS
    assert typed["procedure"].isna().all()
    assert [str(typed[name].dtype) for name in ("received_at", "due_at")] == ["datetime64[us]"] * 2
    assert not refused_by_pandera(LEDGER, typed)


LEDGER_FAULTS = {
    "settled_at": (
        {"settled_at": pd.to_datetime([None, "2020-07-16"])},
        "H08.1-200716-0002: ngày tiếp nhận 17/07/2020, sau ngày kết thúc xử lý 16/07/2020",
    ),
    "received_at": (
        {"received_at": pd.to_datetime(["2020-07-16", None])},
        "cột 'Ngày tiếp nhận' để trống, không biết dòng này của ai, kỳ nào, nội dung nào",
    ),
    "due_at": (
        {"due_at": ["03/04/2020", None]},
        "cột 'Ngày hẹn trả': '03/04/2020' không phải ngày",
    ),
    "channel": (
        {"channel": ["online", "fax"]},
        "cột 'Kênh thực hiện': 'fax' không có trong danh mục (online, in_person, postal)",
    ),
    "dossier_id": (
        {"dossier_id": ["1", "1"]},
        "cột 'Mã hồ sơ': '1' trùng với một dòng khác cùng cơ quan, kỳ và cách tính",
    ),
}


@pytest.mark.parametrize("column", LEDGER_FAULTS)
def test_what_is_wrong_in_a_ledger_is_told(column):
    change, message = LEDGER_FAULTS[column]
    with pytest.raises(FormError) as error:
        validate(ledger(**change), LEDGER)
    assert error.value.faults["message"].tolist()[0] == message
    assert refused_by_pandera(LEDGER, ledger(**change).assign(procedure=None))


def test_instants_with_a_zone_are_refused():
    zoned = pd.to_datetime(["2020-07-16 08:00", "2020-07-17 00:00"]).tz_localize("Asia/Ho_Chi_Minh")
    with pytest.raises(FormError, match="is not a date"):
        validate(ledger(received_at=zoned), LEDGER)


@pytest.mark.parametrize(
    "name", ["ALL", "all ", "all", "Tổng  số", "TỔNG CỘNG (I+II)", "Cộng đồng"]
)
@pytest.mark.parametrize("code", ["dossiers", "simplifications"])
def test_both_agree_on_names_of_totals(code, name):
    form = find_form(code)
    frame = example(form).assign(**{form.row: name})
    wanted = name != "Cộng đồng" and (name != "all" or code == "simplifications")
    assert refused(form, frame) is refused_by_pandera(form, frame) is wanted


def example(form: Form) -> pd.DataFrame:
    """Return one valid row of a form, all its figures 0."""
    row = {"agency": "Sở A", "period": "2020Q3", form.row: "x"} | dict.fromkeys(form.figures, 0)
    return validate(pd.DataFrame([row]), form)
