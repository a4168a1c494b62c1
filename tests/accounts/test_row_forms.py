import pytest

from clients.forms import ClientForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(inside, member):
    return ClientForm(member=member)


def test_an_empty_choice_has_a_word_in_the_readers_language(form):
    rendered = form.as_p()

    assert "---" not in rendered
    assert '<option value="" selected>Not set</option>' in rendered
