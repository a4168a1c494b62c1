import django_filters

from accounts.text import fold
from managers.models import AccountManager, Team


class NameFilter(django_filters.CharFilter):
    """Rows whose folded text has every word: case, Arabic spelling and digits do not matter."""

    def filter(self, queryset, value):
        for word in fold(value or "").split():
            queryset = queryset.filter(search_text__contains=word)
        return queryset


class TeamFilter(django_filters.FilterSet):
    q = NameFilter()

    class Meta:
        model = Team
        fields: list = []


class AccountManagerFilter(django_filters.FilterSet):
    q = NameFilter()
    member = django_filters.UUIDFilter()
    team = django_filters.UUIDFilter()
    reports_to = django_filters.UUIDFilter()
    email = django_filters.CharFilter(lookup_expr="iexact")

    class Meta:
        model = AccountManager
        fields: list = []
