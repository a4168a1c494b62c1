"""The main job in a real browser: a day of Layla's, and what her client does with a survey."""

import re

from accounts.models import Organization
from accounts.tenancy.context import tenant
from clients.models import Contact
from interactions.models import Survey, SurveyResponse

COMMENT = "خدمة ممتازة، شكرًا لكم"


def askable_contact():
    """A contact of Layla's who may be asked and was not asked lately, and the NPS survey."""
    with tenant(Organization.objects.get(slug="demo").pk):
        rows = Contact.objects.filter(
            client__main_manager__email="layla@demo.example",
            client__archived_at=None,
            archived_at=None,
            left_on=None,
            survey_consent=True,
            last_surveyed_on=None,
        ).exclude(email="")
        contact = rows.select_related("client").order_by("search_text").first()
        survey = Survey.objects.active().current().get(kind="nps")
        return str(contact.pk), str(contact.client_id), contact.email, str(survey.pk)


def link_in(mail):
    """The survey's address in the plain text of a mail."""
    part = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    return re.search(r"https?://\S+/s/\S+?/(?=[\s?>]|$)", part.get_payload(decode=True).decode())[0]


def test_a_day_of_an_account_manager(visit, post):
    contact, client, email, survey = askable_contact()
    layla = visit().sign_in("layla@demo.example")
    page = layla.page

    # My day → the first item
    layla.go("/o/demo/")
    page.locator(".worklist .work-title").first.click()
    page.wait_for_url("**/clients/**")

    # log an interaction, from the client's own page
    layla.go(f"/o/demo/clients/{client}/")
    page.fill("#quick-summary", "Agreed on the agenda of the renewal talk")
    page.locator("form:has(#quick-summary) button.btn-primary").click()
    layla.sees("Logged.")
    layla.sees("Agreed on the agenda of the renewal talk")

    # a task done, from My day
    layla.go("/o/demo/")
    before = page.locator(".worklist .work-item").count()
    page.locator(".worklist button:has-text('Mark as done')").first.click()
    layla.sees("Done.")
    layla.go("/o/demo/")
    assert page.locator(".worklist .work-item").count() == before - 1

    # an opportunity won, from the board
    layla.go("/o/demo/clients/opportunities/")
    page.locator("[data-stage=proposed] .board-title").first.click()
    page.get_by_role("button", name="Mark as won").click()
    layla.sees("Won. Well done!")

    # a survey sent, through a real mail server
    layla.go(f"/o/demo/interactions/surveys/send/{client}/")
    page.select_option("select[name=survey]", survey)
    page.select_option("select[name=contact]", contact)
    page.locator("main form button.btn-primary").click()
    layla.sees("On its way.")
    recipient, mail = post.deliver()
    assert recipient == email

    # answered from the link, in Arabic, without signing in
    someone = visit(language="ar")
    response = someone.go(link_in(mail) + "?s=9&lang=ar")
    assert response.status == 200, response.text()
    assert someone.page.evaluate("document.documentElement.dir") == "rtl"
    assert someone.page.locator("input[name=value][value='9']").is_checked()
    someone.page.fill("textarea[name=comment]", COMMENT)
    someone.page.wait_for_timeout(2_200)
    someone.page.get_by_role("button", name="إرسال الإجابة").click()
    someone.sees("شكرًا لك")

    # the answer is on the timeline, once
    layla.go(f"/o/demo/clients/{client}/")
    layla.sees(COMMENT)
    with tenant(Organization.objects.get(slug="demo").pk):
        assert SurveyResponse.objects.filter(comment=COMMENT, value=9).count() == 1
    assert layla.complaints == someone.complaints == []
