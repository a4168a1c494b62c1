"""What people say about clients and what hangs on them. Services check the rows; here are fields, words and choices."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_choices, time_zone_choices
from accounts.form_fields import MoneyField, NumberField
from accounts.forms.rows import RowForm
from clients.choices import AssignmentRole, ChurnReason
from clients.models import Assignment, Client, Contact, Contract, ContractLine, Opportunity, Product
from managers.models import AccountManager


class ClientForm(RowForm):
    """A client needs only a name."""

    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices, required=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    acquisition_cost_minor = MoneyField(label=_("Acquisition cost"), required=False)
    tags = forms.CharField(label=_("Tags"), required=False, help_text=_("Separate them by commas."))

    class Meta:
        model = Client
        fields = [
            "name", "name_other", "tier", "segment", "industry", "country", "language", "time_zone",
            "website", "since", "parent", "currency", "acquisition_cost_minor", "notes",
        ]  # fmt: skip
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, tags=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("tags", ", ".join(tags))
        self.fields["currency"].help_text = _("Three letters, such as SAR. Empty means the organization’s.")
        self.fields["name"].widget.attrs["autofocus"] = ""
        if not self.instance._state.adding:
            self.fields["parent"].queryset = self.fields["parent"].queryset.exclude(pk=self.instance.pk)

    def clean_tags(self):
        return [name.strip() for name in self.cleaned_data["tags"].replace("،", ",").split(",") if name.strip()]


class ManagerChoiceForm(forms.Form):
    """Somebody in service, to answer for a client; nobody puts it back into the list "to assign"."""

    manager = forms.ModelChoiceField(
        label=_("Main manager"), queryset=AccountManager.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["manager"].queryset = AccountManager.objects.active().order_by("search_text")


class TeamPlaceForm(RowForm):
    """A further place on the account team; the main one changes by reassigning."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[pair for pair in AssignmentRole.choices if pair[0] != AssignmentRole.MAIN]
    )
    share = NumberField(label=_("Share (%)"), min_value=0, max_value=100, initial=100)

    class Meta:
        model = Assignment
        fields = ["manager", "role", "share"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["manager"].queryset = AccountManager.objects.active().order_by("search_text")


class TagsForm(forms.Form):
    tags = forms.CharField(
        label=_("Tags"), required=False, help_text=_("Separate them by commas. A new word makes a new tag.")
    )

    def clean_tags(self):
        return [name.strip() for name in self.cleaned_data["tags"].replace("،", ",").split(",") if name.strip()]


class ChurnForm(forms.Form):
    """A loss, or a return."""

    is_reactivation = forms.TypedChoiceField(
        label=_("What happened"),
        choices=[("", _("The client left")), ("yes", _("The client came back"))],
        coerce=bool,
        empty_value=False,
        required=False,
    )
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.ChoiceField(label=_("Reason"), choices=ChurnReason.choices, initial=ChurnReason.UNKNOWN)
    feedback = forms.CharField(
        label=_("In their words"), required=False, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )


class ContactForm(RowForm):
    class Meta:
        model = Contact
        fields = [
            "name", "name_other", "email", "phone", "role", "language", "influence", "stance", "reports_to",
            "left_on", "is_primary", "survey_consent",
        ]  # fmt: skip
        widgets = {
            "email": forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"dir": "ltr", "type": "tel", "autocomplete": "off"}),
        }

    def __init__(self, *args, client=None, **kwargs):
        super().__init__(*args, **kwargs)
        client = client or self.instance.client
        self.fields["reports_to"].queryset = (
            Contact.objects.current().filter(client=client).exclude(pk=self.instance.pk).order_by("search_text")
        )
        if self.instance._state.adding:
            del self.fields["left_on"]
            del self.fields["is_primary"]


class ContractForm(RowForm):
    class Meta:
        model = Contract
        fields = [
            "name", "number", "starts_on", "ends_on", "notice_days", "billing_period", "currency", "auto_renew",
        ]  # fmt: skip

    notice_days = NumberField(label=_("Notice (days)"), min_value=0, max_value=3650, initial=30)

    def __init__(self, *args, client=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].help_text = _("The first day on which it no longer holds. Empty means open-ended.")
        self.fields["currency"].required = False
        if self.instance._state.adding:
            self.fields["name"].required = False
            self.initial["currency"] = (client.currency if client else "") or self.default_currency


class ContractLineForm(RowForm):
    """One product in a contract. The MRR is the whole line's, in the contract's currency."""

    quantity = NumberField(label=_("Quantity"), min_value=1, max_value=2_000_000_000, initial=1)
    mrr_minor = MoneyField(label=_("MRR"), help_text=_("Of the whole line, per month."))

    class Meta:
        model = ContractLine
        fields = ["product", "quantity", "mrr_minor", "starts_on", "ends_on"]

    def __init__(self, *args, contract, **kwargs):
        initial = {"currency": contract.currency, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)
        if self.instance._state.adding:
            self.initial.setdefault("starts_on", contract.starts_on)
            self.initial.setdefault("ends_on", contract.ends_on)


class ProductForm(RowForm):
    list_price_minor = MoneyField(label=_("List price"), required=False)

    class Meta:
        model = Product
        fields = ["name", "code", "list_price_minor", "currency", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}


class OpportunityForm(RowForm):
    amount_minor = MoneyField(
        label=_("Amount"), required=False, help_text=_("MRR it would add. Leave it empty when nobody knows yet.")
    )

    class Meta:
        model = Opportunity
        fields = ["client", "name", "kind", "product", "amount_minor", "currency", "expected_close_on", "owner", "need"]
        widgets = {"need": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["currency"].required = False
        self.fields["owner"].queryset = AccountManager.objects.active().order_by("search_text")
        self.fields["client"].queryset = self.fields["client"].queryset.order_by("search_text")
        if not self.instance._state.adding:
            del self.fields["client"]


class LoseForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason for the loss"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
