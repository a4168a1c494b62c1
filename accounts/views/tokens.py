"""Keys for other programs. Admins see everybody's, others their own."""

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy

from accounts import services
from accounts.forms.members import TokenForm
from accounts.models import ApiToken
from accounts.pages import ActionPage, FormPage, ListPage, add_errors
from accounts.views.base import Refusing, SettingsPage


class TokenListView(SettingsPage, ListPage):
    permission = "accounts.view_apitoken"
    tab = "accounts:token-list"
    queryset = ApiToken.objects.select_related("member__user")
    orderings = {"created": "created_at", "name": "name", "used": "last_used_at"}
    default_sort = "-created"
    template_name = "accounts/token_list.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_add=self.member.can("accounts.add_apitoken"), **kwargs)


class TokenAddView(SettingsPage, FormPage):
    """The answer to the POST shows the secret: it is stored nowhere, so there is no page to be sent on to."""

    permission = "accounts.add_apitoken"
    tab = "accounts:token-list"
    form_class = TokenForm
    template_name = "accounts/token_form.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"member": self.member}

    def form_valid(self, form):
        data = form.cleaned_data
        try:
            token, secret = services.create_token(
                actor=self.member,
                member=self.member,
                name=data["name"],
                scopes=data["scopes"],
                expires_at=data["expires_on"],
            )
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        context = self.get_context_data(form=form, token=token, secret=secret)
        response = self.response_class(self.request, "accounts/token_created.html", context)
        add_never_cache_headers(response)
        return response


class TokenRevokeView(Refusing, ActionPage):
    permission = "accounts.revoke_apitoken"
    queryset = ApiToken.objects.select_related("member__user")
    success_message = gettext_lazy("Revoked. The next call with this token is refused.")

    def perform(self):
        services.revoke_token(actor=self.member, token=self.object)

    def get_success_url(self):
        return reverse("accounts:token-list")
