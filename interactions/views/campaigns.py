"""Campaigns: the list, one with its progress while it runs, and the form that counts before anything is sent."""

from django.core.exceptions import BadRequest
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View

from accounts.keyset import InvalidCursor, paginate
from accounts.pages import (
    ActionPage,
    DetailPage,
    ListPage,
    MemberPage,
    RowAddPage,
    RowChangePage,
)
from clients.models import Contact
from interactions import services
from interactions.campaigns import leftout, told, words
from interactions.campaigns.clock import read_clock
from interactions.campaigns.delivery import next_due
from interactions.campaigns.filters import CAMPAIGN_ORDERINGS, CampaignFilter, InvitationPageFilter
from interactions.campaigns.form import CampaignForm
from interactions.campaigns.progress import progress_of
from interactions.models import Campaign, Survey, SurveyInvitation

VERBS = ("change", "start", "pause", "resume", "stop", "archive", "restore")


class CampaignListView(ListPage):
    permission = "interactions.view_campaign"
    queryset = Campaign.objects.select_related("survey")
    filter_class = CampaignFilter
    orderings = CAMPAIGN_ORDERINGS
    default_sort = "-created_at"
    template_name = "interactions/campaign_list.html"
    table_template_name = "interactions/_campaign_table.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        found = progress_of(context["rows"], self.member)
        for row in context["rows"]:
            row.progress, row.occasion = found[row.pk], words.occasion_in_words(row)
        return {
            **context,
            "may_add": self.member.can("interactions.add_campaign"),
            "has_survey": bool(context["rows"]) or Survey.objects.active().exists(),
        }


class CampaignDetailView(DetailPage):
    """How far it is, and its invitations to clients that the member sees. The list alone goes to htmx."""

    permission = "interactions.view_campaign"
    queryset = Campaign.objects.select_related("survey", "created_by__user")
    context_object_name = "campaign"

    def get_template_names(self):
        return [f"interactions/{'_campaign_invitations' if self.is_fragment else 'campaign_detail'}.html"]

    def get_context_data(self, **kwargs):
        campaign = self.object
        rows = SurveyInvitation.objects.visible_to(self.member).filter(campaign=campaign)
        rows = rows.select_related("client", "contact")
        filter_set = InvitationPageFilter(self.request.GET, rows, request=self.request)
        try:
            page = paginate(filter_set.qs, ordering=["-created_at"], cursor=self.request.GET.get("cursor", ""))
        except InvalidCursor:
            raise BadRequest("This place in the list is not known.") from None
        context = {"page": page, "rows": page.rows, "filter": filter_set}
        if not self.is_fragment:
            context |= self._about(campaign)
        return super().get_context_data(**context, **kwargs)

    def _about(self, campaign):
        count = services.headcount(campaign=campaign) if campaign.is_draft else None
        return {
            **progress_context(campaign, self.member),
            "audience": words.audience_in_words(campaign),
            "occasion": words.occasion_in_words(campaign),
            "reminders": words.reminders_in_words(campaign),
            "headcount": count,
            "may": {verb: self.member.can(f"interactions.{verb}_campaign", campaign) for verb in VERBS},
            "start_question": self._question(campaign, count),
        }

    def _question(self, campaign, count):
        if count is None:
            return ""
        if not campaign.is_one_off:
            return _("Start “%(name)s”? From now on it asks by itself, until you stop it.") % {"name": campaign}
        question = ngettext(
            "Send “%(survey)s” to %(count)d contact?", "Send “%(survey)s” to %(count)d contacts?", count.to_ask
        )
        return question % {"survey": campaign.survey, "count": count.to_ask}


class CampaignProgressView(DetailPage):
    """The figures alone, asked for again and again while a campaign is under way."""

    permission = "interactions.view_campaign"
    queryset = Campaign.objects.select_related("survey")
    template_name = "interactions/_campaign_progress.html"
    context_object_name = "campaign"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**progress_context(self.object, self.member), **kwargs)

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        if self.request.GET.get("status", self.object.status) != self.object.status:
            # Buttons and words around the figures have changed as well.
            response["HX-Refresh"] = "true"
        return response


def progress_context(campaign, member):
    progress = progress_of([campaign], member)[campaign.pk]
    is_sending = campaign.is_running and (progress.queued > 0 or (campaign.is_one_off and campaign.walked_at is None))
    now = read_clock().now
    due_at = next_due(campaign) if is_sending and progress.queued else None
    return {
        "progress": progress,
        "is_sending": is_sending,
        "waits_until": due_at if due_at and due_at > now else None,
        "poll": "every 2s" if is_sending else "every 20s" if campaign.is_running else "",
    }


class CampaignFormPage:
    """What adding and changing share: the count of the audience, also without JavaScript."""

    form_class = CampaignForm
    template_name = "interactions/campaign_form.html"
    permission = "interactions.add_campaign"

    def post(self, request, *args, **kwargs):
        if "count" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.full_clean()
        counted = headcount_of(form)
        form.errors.clear()
        return self.render_to_response(self.get_context_data(form=form, **counted))

    def get_context_data(self, **kwargs):
        return super().get_context_data(has_survey=Survey.objects.active().exists(), **kwargs)


class CampaignAddView(CampaignFormPage, RowAddPage):
    title = gettext_lazy("New campaign")
    lead = gettext_lazy("A survey to many contacts. It is a draft until you start it.")
    success_message = gettext_lazy("Draft saved. Look at it once more, then start it.")

    def get_initial(self):
        return {"survey": self.request.GET.get("survey"), "reminder_1": 5}

    def get_cancel_url(self):
        return reverse("interactions:campaign-list")

    def perform(self, **data):
        return services.add_campaign(actor=self.member, **data).get_absolute_url()


class CampaignChangeView(CampaignFormPage, RowChangePage):
    permission = "interactions.change_campaign"
    queryset = Campaign.objects.select_related("survey", "created_by__user")
    title = gettext_lazy("Edit campaign")
    success_message = gettext_lazy("Saved.")

    def perform(self, **data):
        return services.change_campaign(actor=self.member, campaign=self.object, **data).get_absolute_url()


class HeadcountView(MemberPage, View):
    """How many the audience in a form reaches; writes nothing."""

    http_method_names = ["post"]
    permission = "interactions.add_campaign"

    def post(self, request):
        form = CampaignForm(request.POST, member=self.member)
        form.full_clean()
        return render(request, "interactions/_headcount.html", headcount_of(form))


def headcount_of(form):
    """``headcount``, or ``headcount_problem`` when a field that matters for it does not hold."""
    wrong = {*form.fields} & {*form.errors} - {"name", "survey", "reminder_1", "reminder_2", "trigger_value"}
    if wrong:
        return {"headcount_problem": _("Correct the marked fields, then count again.")}
    draft = form.draft()
    return {"headcount": services.headcount(campaign=draft), "is_one_off": draft.is_one_off}


class LeftOutView(ListPage):
    """Contacts of the audience that the campaign did not ask, and why."""

    permission = "interactions.view_campaign"
    template_name = "interactions/campaign_left_out.html"
    orderings = {"name": "search_text"}

    def get_queryset(self):
        self.filter = None
        campaigns = Campaign.objects.select_related("survey", "created_by__user").visible_to(self.member)
        self.campaign = get_object_or_404(campaigns, pk=self.kwargs["pk"])
        rows = leftout.left_out(self.campaign, read_clock()).visible_to(self.member)
        return rows.search(self.request.GET.get("q", ""))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(campaign=self.campaign, **kwargs)
        return {**context, "people": leftout.in_words(self.campaign, context["rows"])}


class ContactCampaignsView(DetailPage):
    """Why did this person get a survey, or none?"""

    permission = "interactions.view_surveyinvitation"
    queryset = Contact.objects.select_related("client")
    template_name = "interactions/contact_campaigns.html"
    context_object_name = "contact"

    def get_context_data(self, **kwargs):
        return super().get_context_data(told=told.campaigns_of(self.object, read_clock(), self.member), **kwargs)


class CampaignAction(ActionPage):
    queryset = Campaign.objects.select_related("survey")

    def get_success_url(self):
        return self.object.get_absolute_url()


class CampaignStartView(CampaignAction):
    permission = "interactions.start_campaign"
    success_message = gettext_lazy("Started. The first mails go out within seconds.")

    def perform(self):
        services.start_campaign(actor=self.member, campaign=self.object, version=self.version)


class CampaignPauseView(CampaignAction):
    permission = "interactions.pause_campaign"
    success_message = gettext_lazy("Paused. Mails that are at the mail server already still arrive.")

    def perform(self):
        services.pause_campaign(actor=self.member, campaign=self.object)


class CampaignResumeView(CampaignAction):
    permission = "interactions.resume_campaign"
    success_message = gettext_lazy("It goes on where it was paused.")

    def perform(self):
        services.resume_campaign(actor=self.member, campaign=self.object)


class CampaignStopView(CampaignAction):
    permission = "interactions.stop_campaign"
    success_message = gettext_lazy("Stopped. Whoever was asked can still answer.")

    def perform(self):
        services.stop_campaign(actor=self.member, campaign=self.object)


class CampaignArchiveView(CampaignAction):
    permission = "interactions.archive_campaign"
    success_message = gettext_lazy("Campaign archived.")

    def perform(self):
        services.archive_campaign(actor=self.member, campaign=self.object, version=self.version)

    def get_success_url(self):
        return reverse("interactions:campaign-list")

    def undo_url(self):
        return reverse("interactions:campaign-restore", args=[self.object.pk])


class CampaignRestoreView(CampaignAction):
    permission = "interactions.restore_campaign"
    success_message = gettext_lazy("Campaign restored.")

    def perform(self):
        services.restore_campaign(actor=self.member, campaign=self.object)
