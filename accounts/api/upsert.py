"""Rows under the names that other systems give them: ``PUT …/by-external-id/{source}/{external_id}/``."""

from django.db import connection
from django.http import Http404
from rest_framework.decorators import action

from accounts.services import external_ids

NAMED = r"by-external-id/(?P<source>[^/]{1,60})/(?P<external_id>[^/]{1,200})"


class UpsertMixin:
    """For viewsets with ``perform_create`` and ``perform_change``. The last writer wins: no ``If-Match``.

    Fields that are left out keep their value; a new row needs what POST needs. A row that somebody else looks after is
    404, and stays as it is.
    """

    @action(detail=False, methods=["get"], url_path=NAMED, url_name="by-external-id")
    def named(self, request, source, external_id):
        return self.answer(self.get_named(external_ids.find(self.model, source, external_id)))

    @named.mapping.put
    def upsert(self, request, source, external_id):
        self.lock_name(source, external_id)
        key = external_ids.find(self.model, source, external_id)
        if key is None:
            self.require(self.rule("add"))
            serializer = self.get_serializer(data=request.data)
            serializer.is_valid(raise_exception=True)
            obj = self.perform_create(serializer)
            external_ids.remember(obj, source, external_id)
            return self.created(obj)
        obj = self.get_named(key)
        self.require(self.rule("change"), obj)
        data = self.input(self.get_serializer_class(), instance=obj, partial=True)
        return self.answer(self.perform_change(obj, None, data))

    @property
    def model(self):
        return self.queryset.model

    def rule(self, verb):
        return f"{self.model._meta.app_label}.{verb}_{self.model._meta.model_name}"

    def get_named(self, key):
        obj = self.get_queryset().filter(pk=key).first() if key is not None else None
        if obj is None:
            raise Http404
        return obj

    def lock_name(self, source, external_id):
        """Two upserts of one new name take turns; the second finds what the first has made."""
        name = f"{self.request.organization.pk}:{self.model._meta.label_lower}:{source}:{external_id}"
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
