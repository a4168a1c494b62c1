import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.text import fold, western_digits


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد", "احمد"),
        ("إدارة", "اداره"),
        ("آمال", "امال"),
        ("مستشفى", "مستشفي"),
        ("شركة", "شركه"),
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        ("مسؤول", "مسوول"),
        ("عائلة", "عايله"),
        ("هناء", "هنا"),
        ("ﻻ", "لا"),
        ("عميل ٢٠٢٦", "عميل 2026"),
        ("کریم", "كريم"),
        ("MÜLLER", "muller"),
        ("  Al   Noor ", "al noor"),
        ("Straße", "strasse"),
    ],
)
def test_spellings_people_mix_are_found_as_one(one, other):
    assert fold(one) == fold(other)


def test_different_words_stay_different():
    assert len({fold(word) for word in ("نور", "نار", "Noor", "Nour")}) == 4


@example("𝕬")
@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


def test_digits_of_three_scripts_are_western():
    assert western_digits("٠١٢٣٤٥٦٧٨٩ ۴۵۶ 789") == "0123456789 456 789"
