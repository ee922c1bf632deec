import copy
import inspect
import pickle

import pandas as pd
import pytest

from cchc_stats.words import errors
from cchc_stats.words.errors import CchcError, FormError
from cchc_stats.words.findings import COLUMNS, findings_frame, join_findings
from cchc_stats.words.labels import Label, require_language, vocabulary, word

KINDS = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, CchcError)
]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not FormError])
def test_a_refusal_says_what_where_and_how_to_mend(kind):
    error = kind("số không khớp", where="bảng 1b", mend="sửa số")
    assert (error.what, error.where, error.mend) == ("số không khớp", "bảng 1b", "sửa số")
    assert str(error) == "số không khớp\n  where: bảng 1b\n  mend:  sửa số"
    assert str(kind("số không khớp")) == "số không khớp"
    assert isinstance(error, ValueError)


def test_faults_are_built_when_first_asked_for_and_once():
    built = []

    def build():
        built.append(1)
        return findings_frame([{"rule": "negative"}])

    error = FormError("one fault", count=1, build=build, where="form a", mend="mend it")
    assert (str(error), built) == ("one fault\n  where: form a\n  mend:  mend it", [])
    assert error.faults is error.faults
    assert built == [1]


def test_every_word_is_there_in_both_languages():
    for subject, words in vocabulary().items():
        for code, label in words.items():
            assert label.vi.strip() == label.vi != "", (subject, code)
            assert label.en.strip() == label.en != "", (subject, code)
    assert set(vocabulary()["fault"]) | {"not_a_frame"} == set(vocabulary()["mend"])


def test_a_language_that_is_not_spoken():
    with pytest.raises(CchcError, match="no labels in language 'fr'"):
        require_language("fr")
    with pytest.raises(CchcError, match="no labels in language 'VI'"):
        Label("quý", "quarter").in_language("VI")
    with pytest.raises(CchcError, match='mend:  use "vi" or "en"'):
        word("basis", "as_of", lang="")


def test_findings_have_their_columns_and_types_also_when_empty():
    types = dict.fromkeys(COLUMNS, "str") | {"period": "period[Q-DEC]", "difference": "Float64"}
    one = findings_frame([{"severity": "error", "difference": 1, "other": "gone"}])
    for frame in (findings_frame(), one, findings_frame(pd.DataFrame({"rule": ["a"]}))):
        assert {name: str(kind) for name, kind in frame.dtypes.items()} == types
    assert one["difference"].tolist() == [1.0]
    assert one[["rule", "period"]].isna().all(axis=None)


def test_joined_findings_are_the_most_severe_first_and_else_in_order():
    frames = [
        findings_frame([{"severity": severity, "rule": rule} for severity, rule in rows])
        for rows in ([("note", "a"), ("error", "b")], [], [("warning", "c"), ("error", "d")])
    ]
    joined = join_findings(frames)
    assert joined["rule"].tolist() == ["b", "d", "c", "a"]
    assert list(joined.index) == [0, 1, 2, 3]
    assert join_findings([]).empty
    assert list(join_findings([findings_frame()]).columns) == list(COLUMNS)


@pytest.mark.parametrize("again", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_a_refusal_travels_whole_to_another_process(again):
    faults = findings_frame([{"severity": "error", "rule": "identity"}])
    error = FormError("sai", where="dòng 1", mend="sửa", count=1, build=lambda: faults)
    other = again(error)
    assert (str(other), other.what, other.where, other.mend, other.count) == (
        str(error),
        "sai",
        "dòng 1",
        "sửa",
        1,
    )
    pd.testing.assert_frame_equal(other.faults, faults)
    assert str(again(CchcError("sai", where="đây"))) == "sai\n  where: đây"
