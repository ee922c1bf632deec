"""A scheme that states only what differs from one that is shipped."""

import pytest

from cchc_stats.index import load_scheme
from cchc_stats.words.errors import SchemeError

BASE = load_scheme("qd-766-2022")
HEAD = 'extends = "qd-766-2022"\nname = "own"\n'
SYNC = """
[[nodes]]
code = "DOSSIER_SYNC"
parent = "transparency"
label_vi = "1.4 khác"
max_points = 6
rule = "proportional"
indicator = "DOSSIER_SYNC"
zero_denominator = "full"
"""


def extended(folder, text):
    path = folder / "own.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_scheme(path)


def test_without_a_change_all_is_the_others(tmp_path):
    scheme = extended(tmp_path, "")
    assert (scheme.name, scheme.status, scheme.source) == ("own", BASE.status, BASE.source)
    assert scheme.nodes.equals(BASE.nodes)
    assert scheme.notes == BASE.notes


def test_a_node_of_its_own_takes_the_others_place(tmp_path):
    scheme = extended(tmp_path, SYNC)
    assert scheme.nodes["code"].tolist() == BASE.nodes["code"].tolist()
    row = scheme.nodes.set_index("code").loc["DOSSIER_SYNC"]
    assert (row["label"], row["zero_denominator"]) == ("1.4 khác", "full")


def test_what_is_left_out_must_be_made_up_for(tmp_path):
    with pytest.raises(SchemeError, match="its children's points"):
        extended(tmp_path, 'without = ["DOSSIER_SYNC"]\n')


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        ('without = ["DOSSIER_SINC"]\n', "has no node 'DOSSIER_SINC'", "list codes of its nodes"),
        ("without = 3\n", "has no node 3", "list codes"),
        (SYNC + SYNC, "the code is there 2 times", ""),
        (SYNC.replace('rule = "proportional"', 'rule = "propor"'), "there is no rule", "did you"),
    ],
)
def test_faults_of_an_extension_are_refused_in_words(tmp_path, text, what, mend):
    with pytest.raises(SchemeError, match=what) as error:
        extended(tmp_path, text)
    assert mend in str(error.value)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ('"qd-767-2022"', "no scheme 'qd-767-2022' to extend"),
        ("3", "no scheme 3 to extend"),
        ('"qd-766-2022-online"', "itself extends another scheme"),
    ],
)
def test_what_cannot_be_extended(tmp_path, name, what):
    path = tmp_path / "own.toml"
    path.write_text(f"extends = {name}\n", encoding="utf-8")
    with pytest.raises(SchemeError, match=what):
        load_scheme(path)
