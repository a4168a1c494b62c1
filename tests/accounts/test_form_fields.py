import pytest
from django import forms
from django.core.exceptions import ValidationError

from accounts.form_fields import DateInput, DecimalField, MoneyField, MoneyForm, NumberField, ScoreScale, SegmentedRadio


class Offer(MoneyForm, forms.Form):
    currency = forms.CharField(required=False)
    amount = MoneyField()
    fee = MoneyField(required=False, allow_negative=True)


def test_money_is_cleaned_to_minor_units_of_the_chosen_currency():
    form = Offer({"currency": "KWD", "amount": "١٬٢٣٤٫٥٠٠"})

    assert form.is_valid()
    assert form.cleaned_data["amount"] == 1234500


def test_without_a_chosen_currency_the_organizations_counts():
    form = Offer({"amount": "1,000"}, default_currency="JPY")

    assert form.is_valid()
    assert form.cleaned_data["amount"] == 1000


def test_an_amount_is_shown_as_it_would_be_typed():
    form = Offer(initial={"currency": "KWD", "amount": 1234500, "fee": 2000})

    assert (form["amount"].value(), form["fee"].value()) == ("1,234.500", "2")


@pytest.mark.parametrize(("typed", "word"), [("-5", "below zero"), ("ten", "Write it like"), ("1.005", "at most 2")])
def test_a_wrong_amount_says_how_to_mend_it_and_stays_as_typed(typed, word):
    form = Offer({"amount": typed})

    assert not form.is_valid()
    assert word in form.errors["amount"][0]
    assert form["amount"].value() == typed


def test_negative_amounts_pass_where_they_mean_something():
    form = Offer({"amount": "1", "fee": "-5"})

    assert form.is_valid()
    assert form.cleaned_data["fee"] == -500


def test_an_unchanged_amount_is_not_a_change():
    assert not Offer({"amount": "1,234.50"}, initial={"amount": 123450}).has_changed()
    assert Offer({"amount": "many"}, initial={"amount": 123450}).has_changed()


@pytest.mark.parametrize(("field", "typed", "value"), [(NumberField(), "١٬٢٠٠", 1200), (DecimalField(), "12,5", 12.5)])
def test_numbers_are_read_in_both_scripts(field, typed, value):
    assert field.clean(typed) == value


def test_a_number_with_letters_is_refused_with_an_example():
    with pytest.raises(ValidationError, match="Write it like"):
        NumberField().clean("12a")


class Sample(forms.Form):
    name = forms.CharField(help_text="As on the contract.")
    email = forms.EmailField(required=False)
    notes = forms.CharField(widget=forms.Textarea, required=False)
    on = forms.DateField(widget=DateInput, required=False)
    kind = forms.ChoiceField(choices=[("call", "Call")], widget=SegmentedRadio)
    score = forms.ChoiceField(choices=[(0, "0")], widget=ScoreScale(low_label="Not at all"), required=False)
    agreed = forms.BooleanField(required=False)


def test_fields_are_drawn_with_label_hint_error_and_direction():
    html = "".join(field.as_field_group() for field in Sample({"kind": "call"})).replace("\n", "")

    for part in (
        '<label for="id_name">Name <span class="required">required</span></label>',
        'aria-describedby="id_name_helptext id_name_error"',
        'aria-invalid="true"',
        '<div id="id_name_error">',
        '<legend>Kind <span class="required">required</span></legend>',
        "Not at all",
        'type="date"',
    ):
        assert part in html
    assert 'dir="auto"' in Sample()["name"].as_widget()
    assert 'dir="auto"' in Sample()["notes"].as_widget()
    assert 'dir="ltr"' in Sample()["email"].as_widget()
