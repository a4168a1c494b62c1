import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.filter_sets import ArchivableFilterSet, LinkedRowFilter, SearchFilter, YesNoFilter
from clients.choices import ContactRole
from clients.models import Client, Contact

CONTACT_ORDERINGS = {"name": "search_text", "created_at": "created_at"}


class ContactFilter(ArchivableFilterSet):
    first_filters = ("role",)

    q = SearchFilter(label=_("Name, e-mail or phone"))
    client = LinkedRowFilter(label=_("Client"), queryset=Client.objects.all())
    role = django_filters.MultipleChoiceFilter(label=_("Role"), choices=ContactRole.choices)
    left = YesNoFilter(
        label=pgettext_lazy("contacts", "Left"), field_name="left_on", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Contact
        fields = []
