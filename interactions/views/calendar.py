"""The private calendar: its page, and the file that calendar programs read without signing in."""

import hashlib
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.links import public_url
from accounts.pages import MemberPage, Page
from interactions import ics, services, tokens
from interactions.models import CalendarFeed
from interactions.queries.calendar import entries, find_feed


class CalendarFile(View):
    """``/s/calendar/<token>.ics``: what the feed's member may see at this moment, in their language."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        with find_feed(token) as feed:
            if feed is not None:
                return self.answer(request, feed)
        raise Http404("No such calendar.")

    def answer(self, request: HttpRequest, feed: CalendarFeed) -> HttpResponse:
        organization, member = feed.organization, feed.member
        member.organization = organization
        language = member.user.language or organization.settings.language or settings.LANGUAGE_CODE
        with translation.override(language), timezone.override(ZoneInfo(organization.settings.time_zone)):
            found = entries(member, organization.slug, timezone.localdate())
            name = _("Rafiq · %(organization)s") % {"organization": organization.name}
            body = ics.calendar_file(found, name=name, zone=organization.settings.time_zone)
        services.note_calendar_read(feed)
        etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            return sealed(HttpResponseNotModified(), etag)
        response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="rafiq.ics"'
        return sealed(response, etag)


def sealed(response: HttpResponse, etag: str) -> HttpResponse:
    """For this reader alone, asked again each time, found by no search engine."""
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


class CalendarFeedView(Page):
    """Where a member finds the address, and what it is for."""

    permission = "interactions.view_calendarfeed"
    template_name = "interactions/calendar_feed.html"

    def get_context_data(self, **kwargs):
        feed = CalendarFeed.objects.live().visible_to(self.member).first()
        token = feed and tokens.link_token(feed.organization_id, feed.pk, feed.token_digest, purpose=tokens.CALENDAR)
        address = public_url("calendar", token) if token else ""
        webcal = f"webcal://{address.partition('://')[2]}" if address else ""
        return super().get_context_data(feed=feed, address=address, webcal=webcal, **kwargs)


class CalendarFeedRenewView(MemberPage, View):
    permission = "interactions.renew_calendarfeed"
    http_method_names = ["post"]

    def post(self, request):
        services.renew_calendar_feed(actor=self.member)
        messages.success(request, _("Your calendar has a new address."))
        return redirect("interactions:calendar-feed")


class CalendarFeedRevokeView(MemberPage, View):
    permission = "interactions.revoke_calendarfeed"
    http_method_names = ["post"]

    def post(self, request):
        if services.revoke_calendar_feed(actor=self.member):
            messages.success(request, _("Nobody can read your calendar under that address any more."))
        return redirect("interactions:calendar-feed")
