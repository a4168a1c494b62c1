"""What a person chooses for themselves: language, theme, name. Cookies remember the first two before signing in."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from accounts.choices import Language, Theme
from accounts.context_processors import THEME_COOKIE
from accounts.forms.profile import ProfileForm
from accounts.pages import add_errors
from accounts.redirects import safe_path
from accounts.services import change_profile, choose_language, choose_theme

YEAR = 365 * 24 * 3600


@require_POST
def set_language(request):
    """English or Arabic, from the next page on; anything else changes nothing."""
    response, language = _back(request), request.POST.get("language", "")
    if language in Language.values:
        _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
        if request.user.is_authenticated:
            choose_language(user=request.user, language=language)
    return response


@require_POST
def set_theme(request):
    """Light, dark, or as the device is set."""
    response, theme = _back(request), request.POST.get("theme", "")
    if theme in Theme.values:
        _remember(response, THEME_COOKIE, theme)
        if request.user.is_authenticated:
            choose_theme(user=request.user, theme=theme)
    return response


def _back(request):
    return redirect(safe_path(request.POST.get("next"), "/"))


def _remember(response, name, value):
    response.set_cookie(name, value, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")


class ProfileView(LoginRequiredMixin, FormView):
    """Name, language and theme; the tabs beside it lead to password, addresses and the second step."""

    form_class = ProfileForm
    template_name = "accounts/profile.html"
    success_url = reverse_lazy("profile")

    def get_initial(self):
        user = self.request.user
        return {"name": user.name, "language": user.language, "theme": user.theme}

    def form_valid(self, form):
        try:
            user = change_profile(user=self.request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        response = super().form_valid(form)
        if user.language:
            translation.activate(user.language)
            _remember(response, settings.LANGUAGE_COOKIE_NAME, user.language)
        else:
            response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        _remember(response, THEME_COOKIE, user.theme)
        messages.success(self.request, _("Saved."))
        return response

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)
