"""What people say about interactions, tasks, concerns and surveys."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.form_fields import DateInput, DateTimeInput, MoneyField, NumberField, ScoreScale, SegmentedRadio
from accounts.forms.rows import RowForm
from accounts.models import Membership
from clients.models import Client, Contact, Opportunity
from interactions.choices import (
    SCALE_ENDS,
    Direction,
    Hat,
    InteractionKind,
    ReminderChannel,
    Scale,
    Sentiment,
)
from interactions.models import Concern, Interaction, Survey, Task
from interactions.recurrence import first_day
from interactions.repeat_fields import NAMES, RepeatFields

REPEAT_FIELDS = {*NAMES, "working_days", "applies_to"}


class InteractionForm(forms.Form):
    """Logging: client and summary are needed, everything else has the answer that is right most of the time."""

    client = forms.ModelChoiceField(label=_("Client"), queryset=Client.objects.none(), empty_label=_("Choose a client"))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[pair for pair in InteractionKind.choices if pair[0] != InteractionKind.TICKET],
        initial=InteractionKind.CALL,
        widget=SegmentedRadio,
    )
    summary = forms.CharField(
        label=_("Summary"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("What was agreed, and what comes next?"),
    )
    direction = forms.ChoiceField(
        label=_("Direction"), choices=Direction.choices, initial=Direction.BOTH, required=False, widget=SegmentedRadio
    )
    hat = forms.ChoiceField(label=_("In the role of"), choices=Hat.choices, initial=Hat.SERVICE, required=False)
    happened_at = forms.DateTimeField(
        label=_("When"), required=False, widget=DateTimeInput, help_text=_("Left empty, it was just now.")
    )
    minutes = NumberField(label=_("Minutes"), required=False, min_value=0, max_value=1440)
    contacts = forms.ModelMultipleChoiceField(
        label=_("Who took part"),
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    sentiment = forms.ChoiceField(
        label=_("Mood"), choices=[("", _("Not said")), *Sentiment.choices], required=False, widget=SegmentedRadio
    )
    follow_up = forms.CharField(
        label=_("Follow-up task"), max_length=300, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    follow_up_on = forms.DateField(label=_("Due on"), required=False, widget=DateInput)

    def __init__(self, *args, member, client=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = Client.objects.current().visible_to(member).order_by("search_text")
        self.fields["summary" if client else "client"].widget.attrs["autofocus"] = ""
        if client is None:
            del self.fields["contacts"]
        else:
            self.fields["contacts"].queryset = Contact.objects.current().filter(client=client, left_on=None)
            if not self.fields["contacts"].queryset.exists():
                del self.fields["contacts"]

    def clean_direction(self):
        return self.cleaned_data["direction"] or Direction.BOTH

    def clean_hat(self):
        return self.cleaned_data["hat"] or Hat.SERVICE


class InteractionChangeForm(RowForm):
    minutes = NumberField(label=_("Minutes"), required=False, min_value=0, max_value=1440)
    contacts = forms.ModelMultipleChoiceField(
        label=_("Who took part"),
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Interaction
        fields = ["kind", "direction", "hat", "happened_at", "minutes", "sentiment", "summary"]
        labels = {"hat": _("In the role of"), "sentiment": _("Mood")}
        widgets = {"summary": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        took_part = list(self.instance.participants.exclude(contact=None).values_list("contact_id", flat=True))
        contacts = Contact.objects.filter(client=self.instance.client_id)
        still_there = Q(left_on=None, archived_at=None)
        self.fields["contacts"].queryset = contacts.filter(still_there | Q(pk__in=took_part)).order_by("search_text")
        self.initial["contacts"] = took_part


class TaskForm(RepeatFields, RowForm):
    """A task and how it repeats; a reminder may be set along with a new one."""

    SERIES, ONLY_THIS = "series", "this"

    remind_at = forms.DateTimeField(
        label=_("Remind me"), required=False, widget=DateTimeInput, help_text=_("In Rafiq and by e-mail.")
    )
    applies_to = forms.ChoiceField(
        label=_("These changes are for"),
        choices=[(SERIES, _("This one and all that follow")), (ONLY_THIS, _("Only this one"))],
        initial=SERIES,
        required=False,
        widget=SegmentedRadio,
        help_text=_("The due day is always this one’s; how it repeats is always the series’."),
    )

    class Meta:
        model = Task
        fields = ["title", "client", "assignee", "due_on", "priority", "opportunity", "notes"]
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, client=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].widget.attrs["autofocus"] = ""
        self.fields["client"].queryset = self.fields["client"].queryset.order_by("search_text")
        self.fields["client"].empty_label = _("No client")
        self.fields["assignee"].queryset = Membership.objects.active().for_list()
        self.fields["assignee"].empty_label = _("Nobody yet")
        client = client or self.instance.client
        if client is None:
            del self.fields["opportunity"]
        else:
            self.fields["opportunity"].queryset = Opportunity.objects.current().filter(client=client)
        if not self.instance._state.adding:
            del self.fields["remind_at"]
        if not self.instance.recurrence:
            del self.fields["applies_to"]
        weekend = self.member.organization.settings.weekend_days
        self.prepare_repeats(first_day(weekend), self.instance.recurrence, self.instance.working_days)

    def clean_remind_at(self):
        return future(self.cleaned_data["remind_at"])

    def clean_applies_to(self):
        return self.cleaned_data["applies_to"] or self.SERIES

    @property
    def main_fields(self):
        """What is asked of every task; the rest is about repeating."""
        return [field for field in self.visible_fields() if field.name not in REPEAT_FIELDS]


class RepeatForm(RepeatFields):
    """As much of the task's form as the days that come depend on."""

    due_on = forms.DateField(required=False)

    def __init__(self, *args, member, **kwargs):
        super().__init__(*args, **kwargs)
        self.prepare_repeats(first_day(member.organization.settings.weekend_days))


class ReminderForm(forms.Form):
    due_at = forms.DateTimeField(label=_("Remind at"), widget=DateTimeInput)
    channel = forms.ChoiceField(
        label=_("How"), choices=ReminderChannel.choices, initial=ReminderChannel.BOTH, widget=SegmentedRadio
    )

    def clean_due_at(self):
        return future(self.cleaned_data["due_at"])


def future(moment):
    if moment is not None and moment <= timezone.now():
        raise forms.ValidationError(_("This moment has passed. Choose a later one."))
    return moment


class ConcernForm(RowForm):
    mrr_at_stake_minor = MoneyField(label=_("MRR at stake"), required=False)

    class Meta:
        model = Concern
        fields = ["title", "kind", "severity", "mrr_at_stake_minor", "detail"]
        widgets = {"detail": forms.Textarea(attrs={"rows": 4})}


class SurveyForm(RowForm):
    """A survey in both languages, which stand side by side."""

    #: What is said in each language, in the order of the mail and the page; the suffix is the language.
    PARTS = ("subject", "intro", "question", "second_question", "thanks")

    class Meta:
        model = Survey
        fields = [
            "name",
            "kind",
            *(f"{part}_{language}" for part in ("subject", "intro", "question") for language in ("en", "ar")),
            *(f"{part}_{language}" for part in ("second_question", "thanks") for language in ("en", "ar")),
            "asks_comment",
            "reply_to",
            "is_active",
        ]
        help_texts = {
            "asks_comment": _("A free text below the question; the second question stands after it."),
            "reply_to": _("Left empty, replies to the mail go to whoever sent the survey."),
            "second_question_en": _("Optional, answered in words."),
            "second_question_ar": _("Optional, answered in words."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for part in self.PARTS:
            for language, direction in (("en", "ltr"), ("ar", "rtl")):
                widget = self.fields[f"{part}_{language}"].widget
                widget.attrs |= {"dir": direction, "lang": language}
                if isinstance(widget, forms.Textarea):
                    widget.attrs["rows"] = 2
        if self.instance._state.adding:
            del self.fields["is_active"]

    @property
    def pairs(self):
        """The English and the Arabic field of each part."""
        return [(self[f"{part}_en"], self[f"{part}_ar"]) for part in self.PARTS]

    def draft(self):
        """The survey as it is being typed, right or wrong; for a preview, never saved."""
        said = {name: self[name].value() for name in self.fields if name != "version"}
        kind = said.get("kind") if said.get("kind") in Scale.values else Scale.NPS
        words = {name: str(value or "") for name, value in said.items() if name.endswith(("_en", "_ar"))}
        return Survey(kind=kind, asks_comment=bool(said.get("asks_comment")), **words)


class SurveySendForm(forms.Form):
    """Whom to ask, and what. Contacts who cannot be asked stand below with the reason."""

    survey = forms.ModelChoiceField(label=_("Survey"), queryset=Survey.objects.none(), empty_label=None)
    contact = forms.ModelChoiceField(label=_("Contact"), queryset=Contact.objects.none(), empty_label=None)

    def __init__(self, *args, client, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["survey"].queryset = Survey.objects.active().order_by("name")
        contacts = Contact.objects.current().filter(client=client, left_on=None).select_related("client")
        self.fields["contact"].queryset = contacts.order_by("search_text")


class AnswerForm(forms.Form):
    """The public page: one number, and words if they like."""

    value = forms.TypedChoiceField(coerce=int, choices=())
    comment = forms.CharField(
        label=_("Would you like to tell us why?"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    second_answer = forms.CharField(
        required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )

    def __init__(self, *args, survey, language, **kwargs):
        super().__init__(*args, **kwargs)
        lowest, highest = SCALE_ENDS[survey.kind]
        field = self.fields["value"]
        field.label = survey.question(language)
        field.error_messages["required"] = _("Choose a number first.")
        field.widget = ScoreScale(low_label=lowest, high_label=highest)
        field.choices = [(value, str(value)) for value in survey.values]
        second = survey.second_question(language)
        if second:
            self.fields["second_answer"].label = second
        else:
            del self.fields["second_answer"]
        if not survey.asks_comment:
            del self.fields["comment"]
