"""The web beside the workers: a real gunicorn, a person with a session, an integration with a token."""

import http.client
import json
import re
import socket
import sys
import time
from typing import NamedTuple
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from django.test import Client

from accounts.choices import Role
from accounts.services import create_token
from accounts.tenancy.context import tenant
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.clients import ClientFactory, ContactFactory
from tests.factories.interactions import SurveyFactory

CONTACTS = 200


class Visit(NamedTuple):
    path: str
    seconds: float
    status: int
    text: str = ""
    cookie: str = ""

    @property
    def is_good(self):
        return self.status in (200, 201, 302)


class Visitors:
    """One organization of its own; every round reads pages, lists and sends a survey through the API."""

    def __init__(self, rig):
        self.rig = rig
        self.surveys = 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def __enter__(self):
        web = {"DB_ROLE": "web", "RAFIQ_PROCESS": "web", "WEB_WORKERS": "1", "BIND": f"127.0.0.1:{self.port}"}
        gunicorn = self.rig.start([sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py"], "web", **web)
        self.rig.others.append(gunicorn)
        organization = OrganizationFactory(slug="web")
        with tenant(organization.pk):
            member = MembershipFactory(role=Role.ADMIN)
            client = ClientFactory()
            self.contacts = [str(ContactFactory(client=client).pk) for _contact in range(CONTACTS)]
            self.survey = str(SurveyFactory().pk)
            _token, self.secret = create_token(actor=member, member=member, name="Chaos", scopes=["read", "write"])
        # Confirmed, or signing in would send a mail at once, past the queue.
        EmailAddress.objects.create(user=member.user, email=member.user.email, verified=True, primary=True)
        person = Client()
        person.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        self.session = person.cookies["sessionid"].value
        self.pages = ["/o/web/", "/o/web/clients/", f"/o/web/clients/{client.pk}/"]
        self.email = member.user.email
        self.rig.wait(self._answers, 30)
        return self

    def __exit__(self, *exception):
        gunicorn = self.rig.others.pop()
        gunicorn.terminate()
        gunicorn.wait(30)

    def sign_in(self):
        """A person with a password, as far as the page after it."""
        page = self._visit("GET", "/accounts/login/", {})
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
        headers = {
            "Cookie": page.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://127.0.0.1:{self.port}/accounts/login/",
        }
        form = {"login": self.email, "password": "rafiq-test", "csrfmiddlewaretoken": token}
        return [page, self._visit("POST", "/accounts/login/", headers, urlencode(form))]

    def go_round(self, times=1):
        """So many rounds: three pages, a list and a survey."""
        return [visit for _round in range(times) for visit in self._round()]

    def _round(self):
        for path in self.pages:
            yield self._visit("GET", path, {"Cookie": f"sessionid={self.session}", "Accept": "text/html"})
        yield self._visit("GET", "/api/v1/clients/", self._token())
        if self.contacts:
            body = json.dumps({"survey": self.survey, "contact": self.contacts.pop()})
            visit = self._visit("POST", "/api/v1/survey-invitations/", self._token(), body)
            self.surveys += visit.is_good
            yield visit

    def _token(self):
        return {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}

    def _visit(self, method, path, headers, body=None):
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            cookie = (response.headers["Set-Cookie"] or "").partition(";")[0]
            return Visit(path, time.monotonic() - began, response.status, text, cookie)
        except OSError as error:
            return Visit(path, time.monotonic() - began, 0, str(error))
        finally:
            connection.close()

    def _answers(self):
        return self._visit("GET", "/healthz", {}).status == 200
