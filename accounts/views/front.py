"""The doors of the house: the first page, the switcher, founding an organization."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.generic import FormView, TemplateView

from accounts.brand import stylesheet
from accounts.forms.organization import FoundingForm
from accounts.links import organization_path
from accounts.pages import add_errors
from accounts.queries import memberships_of
from accounts.redirects import home_path
from accounts.services import found_organization


def landing(request):
    """``/``: there is nothing to read here; members go to work, everybody else to the sign-in page."""
    return redirect(home_path(request.user) if request.user.is_authenticated else settings.LOGIN_URL)


class OrganizationsView(LoginRequiredMixin, TemplateView):
    """The switcher: the organizations one belongs to, and nobody else's."""

    template_name = "accounts/organizations.html"

    def get_context_data(self, **kwargs):
        organizations = [
            {
                "name": member.organization.name,
                "role": member.get_role_display(),
                "url": organization_path(member.organization.slug, "my-day"),
            }
            for member in memberships_of(self.request.user)
        ]
        return super().get_context_data(organizations=organizations, may_found=settings.SIGNUP_OPEN, **kwargs)


class FoundOrganizationView(LoginRequiredMixin, FormView):
    """Create an organization; on a server that is closed to strangers it says whom to ask instead."""

    form_class = FoundingForm
    template_name = "accounts/organization_found.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            may_found=settings.SIGNUP_OPEN, has_others=bool(memberships_of(self.request.user)), **kwargs
        )

    def form_valid(self, form):
        if not settings.SIGNUP_OPEN:
            raise PermissionDenied(_("This server is closed to new organizations. Ask whoever runs it."))
        try:
            member = found_organization(user=self.request.user, language=get_language(), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        messages.success(self.request, _("%(name)s is ready. You are its admin.") % {"name": member.organization.name})
        return redirect(f"/o/{member.organization.slug}/")

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


@cache_control(public=True, max_age=31_536_000, immutable=True)
def brand(request, hue):
    """The stylesheet that gives an organization its own hue. The same for everybody with that hue."""
    return HttpResponse(stylesheet(hue % 360), content_type="text/css")
