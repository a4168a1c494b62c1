"""Django's sessions in the database, read by a statement that is built once: every page begins with it."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import DateTimeField, QuerySet
from django.utils import timezone

from accounts.tenancy.kept import Kept, Slot, kept


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Any:
        session = kept("session", lambda: Kept(_live())).first(key=self.session_key, now=timezone.now())
        if session is None:
            self._session_key = None
        return session


def _live() -> QuerySet[Session]:
    return Session.objects.filter(session_key=Slot("key"), expire_date__gt=Slot("now", DateTimeField()))
