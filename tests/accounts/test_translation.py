import polib
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.translation import ngettext, override

from accounts.translation import catalogue_path, collect, complaints, update

TEMPLATE = """{% load i18n %}
    <p>{% translate "May" context "month" %}</p>
  {% blocktranslate trimmed count n=rows|length %}
    {{ n }} client
  {% plural %}
    {{ n }} clients
  {% endblocktranslate %}
<b>{{ _("Inline") }}</b>
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "accounts").mkdir()
    (tmp_path / "accounts" / "views.py").write_text('from x import gettext as _\nlabel = _("Save %(name)s")\n')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    return tmp_path


@pytest.fixture
def catalogue(project):
    path = project / "locale" / "django.po"
    update(path, collect(project))
    return path


def edit(path, **changes):
    """Set the translation of sentences by their English text."""
    entries = polib.pofile(str(path))
    for entry in entries:
        entry.msgstr = "" if entry.msgid_plural else changes.get(entry.msgid.split()[0], "نص")
        if entry.msgid_plural:
            entry.msgstr_plural = dict(enumerate(changes.get("plural", ["لا", "واحد", "اثنان"] + ["%(n)s عميل"] * 3)))
    entries.save(str(path))


def test_sentences_are_collected_from_code_and_indented_templates(project):
    found = collect(project)

    assert set(found) == {
        (None, "Save %(name)s"),
        ("month", "May"),
        (None, "%(n)s client"),
        (None, "Inline"),
    }
    assert found[(None, "%(n)s client")].plural == "%(n)s clients"


def test_a_whole_catalogue_has_no_complaints(project, catalogue):
    edit(catalogue, Save="حفظ %(name)s")

    assert complaints(catalogue, collect(project)) == []


def test_updating_keeps_translations_and_drops_what_the_code_no_longer_says(project, catalogue):
    edit(catalogue, Save="حفظ %(name)s")
    (project / "templates" / "page.html").write_text('{% load i18n %}{% translate "New words" %}')

    assert update(catalogue, collect(project)) == (1, 3)
    assert {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogue))} == {
        "New words": "",
        "Save %(name)s": "حفظ %(name)s",
    }


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"Save": ""}, "is not translated"),
        ({"Save": "حفظ"}, "has the placeholders"),
        ({"Save": "حفظ %(nom)s"}, "has the placeholders"),
        ({"Save": "حفظ %(name)s", "plural": ["%(n)s"] * 5}, "six forms"),
        ({"Save": "حفظ %(name)s", "plural": ["%(n)s"] * 5 + [""]}, "six forms"),
        ({"Save": "حفظ %(name)s", "plural": ["لا", "واحد", "اثنان", "عملاء", "%(n)s", "%(n)s"]}, "in form 3"),
    ],
)
def test_each_fault_is_named_with_its_place(project, catalogue, changes, complaint):
    edit(catalogue, **changes)

    (said,) = complaints(catalogue, collect(project))

    assert complaint in said
    assert said.startswith(("accounts/views.py:2", "templates/page.html:"))


def test_fuzzy_obsolete_missing_and_left_over_sentences_are_faults(project, catalogue):
    edit(catalogue, Save="حفظ %(name)s")
    entries = polib.pofile(str(catalogue))
    entries.find("Inline").flags.append("fuzzy")
    entries.find("May", msgctxt="month").msgid = "June"
    entries.append(polib.POEntry(msgid="Old", msgstr="قديم", obsolete=True))
    entries.save(str(catalogue))

    said = "\n".join(complaints(catalogue, collect(project)))

    assert "“Inline” is marked as fuzzy" in said
    assert "“May” is not in the catalogue" in said
    assert "“June” is in the catalogue but nowhere in the code" in said
    assert "“Old” is obsolete" in said


def test_a_missing_catalogue_is_one_complaint(tmp_path):
    assert len(complaints(tmp_path / "django.po", {})) == 1


def test_a_sentence_that_became_plural_is_emptied_to_be_translated_again(project, catalogue):
    edit(catalogue, Save="حفظ %(name)s")
    (project / "accounts" / "views.py").write_text('x = ngettext("Save %(name)s", "Save all", 2)\n')

    update(catalogue, collect(project))

    entry = polib.pofile(str(catalogue)).find("Save %(name)s")
    assert (entry.msgid_plural, entry.msgstr, set(entry.msgstr_plural.values())) == ("Save all", "", {""})


def test_every_sentence_of_the_product_is_in_arabic():
    assert complaints(catalogue_path(), collect(settings.BASE_DIR)) == []


def test_the_command_names_what_is_missing(monkeypatch, project, catalogue, settings):
    settings.BASE_DIR, settings.LOCALE_PATHS = project, [project / "elsewhere"]

    with pytest.raises(CommandError, match="does not exist"):
        call_command("messages", "--check")
    call_command("messages")

    assert catalogue_path().exists()


@pytest.mark.parametrize(
    ("n", "words"),
    [(0, "اليوم"), (1, "قبل يوم"), (2, "قبل يومين"), (5, "قبل 5 أيام"), (11, "قبل 11 يومًا"), (100, "قبل 100 يوم")],
)
def test_arabic_has_its_six_plural_forms(n, words):
    with override("ar"):
        assert ngettext("%(n)d day ago", "%(n)d days ago", n) % {"n": n} == words
