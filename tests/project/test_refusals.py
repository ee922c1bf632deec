"""Every refusal of the sources is said in Vietnamese at the command line's door."""

from __future__ import annotations

from string import Formatter

from refusal_sentences import Sentences

from cchc_stats.forms import FORMS
from cchc_stats.words import CchcError, ReadError, say, say_refusal
from cchc_stats.words.facts import facts_of
from cchc_stats.words.refusals import LABELLED

CATALOGUE = {
    english: words
    for room in facts_of("cchc_stats.words", "refusals.toml").values()
    for english, words in room.items()
}


def known() -> set[str]:
    labels = (facts_of(package, name)[subject] for package, name, subject in LABELLED)
    return {*CATALOGUE, *(label["en"] for subject in labels for label in subject.values())}


def fillings(template: str) -> list[str]:
    return [name or "" for _, name, _, _ in Formatter().parse(template) if name is not None]


def test_every_sentence_has_its_vietnamese():
    """Add to words/refusals.toml what is missing, as it is printed here."""
    lacking = {
        f"{file}: {sentence}"
        for file, sentences in Sentences().found.items()
        for sentence in sentences - known()
    }
    assert not lacking, "\n".join(sorted(lacking))


def test_a_sentence_keeps_what_is_filled_in():
    """What has no place on the command line, as a call's argument, is left out in both."""
    for english, words in CATALOGUE.items():
        many = len(fillings(english))
        if isinstance(words, str):
            said = fillings(words)
            assert said == [""] * many or {*said} <= {str(at) for at in range(many)}, english
        else:
            assert set(words) == {"vi", "en"}, english
            assert fillings(words["vi"]) == fillings(words["en"]), english


def test_what_is_filled_in_is_said_too():
    text = "this is a picture (PNG), which is not read"
    assert say(text, lang="vi") == "đây là tệp ảnh (PNG), không đọc được"
    assert say(text, lang="en") == text


def test_names_and_quotes_stay_as_they_are():
    assert say("column 'there is no such file' is missing", lang="vi") == (
        "thiếu cột 'there is no such file'"
    )
    assert say("words of another library", lang="vi") == "words of another library"


def test_a_place_stands_before_what_is_wrong_there():
    assert say("a.toml, node '1': there is no parent 'x'; use one of these", lang="vi") == (
        "a.toml, mục '1': không có parent 'x'; hãy dùng một trong các từ này"
    )


def test_a_refusal_has_its_parts_in_words():
    error = ReadError("the file is empty", where="a.csv, line 3", mend="get it anew")
    assert say_refusal(error, lang="vi") == (
        "tệp rỗng\n  ở:        a.csv, dòng 3\n  cách sửa: hãy lấy lại tệp"
    )
    assert say_refusal(CchcError("x"), lang="en") == "x"


def test_forms_are_called_by_their_titles():
    """The place of a fault of a form begins with its title."""
    for form in FORMS:
        assert say(f"{form.title_en}, row 3 'x': column a 'Ô' is missing", lang="vi") == (
            f"{form.title}, dòng 3 'x': thiếu cột 'Ô'"
        )
