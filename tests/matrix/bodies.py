"""Bodies and filters for a view, made from its own form, serializer or filter set.

Every field gets a value that could hold, and every reference the row that ``row_of`` gives for its model: ours, theirs,
or one that never was.
"""

import datetime

import django_filters
from django import forms
from django.db import models
from django.utils import timezone
from rest_framework import serializers

from tests.matrix.objects import ASKED_OF_PAGES, MODEL_OF_NAME

TEXTS = {
    "audience": {"tiers": ["core"]}, "trigger": "quarterly",
    "currency": "USD", "country": "SA", "language": "en", "time_zone": "UTC", "stage": "qualified", "state": "working",
    "reason": "Words", "recurrence": "FREQ=DAILY", "email": "somebody@example.com", "website": "https://example.com",
    "address": "somebody@example.com", "lead_days": "5", "reply_to": "somebody@example.com",
}  # fmt: skip


def body_for(route, verb, row_of):
    """What is sent to the route: a dict for its form or serializer, None where it takes nothing."""
    if verb not in ("POST", "PUT", "PATCH"):
        return None
    return _json(route, verb, row_of) if route.is_api else _posted(route, row_of)


def query_for(route, row_of):
    """Filters by every reference that the route knows, and what pages read from the address."""
    query = {"q": "zaffr"}
    if not route.is_api:
        query |= {name: str(row_of(MODEL_OF_NAME[name])) for name in ASKED_OF_PAGES}
    elif "list" not in route.verbs.values() or getattr(route.view, "filterset_class", None) is None:
        return {}
    filters = getattr(route.view, "filter_class", None) or getattr(route.view, "filterset_class", None)
    known = filters.base_filters if filters is not None else {}
    for name, each in known.items():
        if isinstance(each, django_filters.ModelChoiceFilter):
            query[name] = str(row_of(_model_of_filter(name, each)))
        elif isinstance(each, django_filters.UUIDFilter):
            query[name] = str(row_of(MODEL_OF_NAME[name]))
    return query if not route.is_api else {name: value for name, value in query.items() if name in known}


def _model_of_filter(name, each):
    queryset = each.extra.get("queryset")
    if queryset is None:
        return MODEL_OF_NAME[name]
    return (queryset(None) if callable(queryset) else queryset).model


def _posted(route, row_of):
    form = getattr(route.view, "form_class", None)
    # What buttons post, and what pages read from a form beside its fields.
    body = {"version": 1, "stage": "qualified", "state": "plan", "for": "1", "similar_seen": "1", "deed": "retry"}
    for name, each in (form.base_fields if form is not None else {}).items():
        if name.startswith("repeat_"):  # a daily task needs no more answers, and theirs hang on the organization's week
            continue
        value = _form_value(name, each, row_of)
        if value not in (None, ""):
            body[name] = value
    return body


def _form_value(name, each, row_of):
    if isinstance(each, forms.ModelMultipleChoiceField):
        return [str(row_of(each.queryset.model))]
    if isinstance(each, forms.ModelChoiceField):
        return str(row_of(each.queryset.model))
    if isinstance(each, forms.MultipleChoiceField):
        return [_first(each.choices)]
    if isinstance(each, forms.ChoiceField):
        return _first(each.choices)
    if isinstance(each, forms.BooleanField):
        return "on"
    if isinstance(each, forms.DateTimeField):
        return _moment(name).strftime("%Y-%m-%dT%H:%M")
    if isinstance(each, forms.DateField):
        return str(timezone.localdate())
    if isinstance(each, forms.TimeField):
        return "20:00"
    if isinstance(each, forms.IntegerField | forms.DecimalField):
        return "1"
    return TEXTS.get(name, "1" if name.endswith("_minor") else "Words")


def _moment(name):
    """What happened lies behind, what one is reminded of ahead."""
    return timezone.now() + datetime.timedelta(days=-1 if name == "happened_at" else 2)


def _first(choices):
    return next((str(value) for value, _label in choices if value not in (None, "")), "1")


def _json(route, verb, row_of):
    view, action = route.view, route.verbs.get(verb)
    inputs = getattr(view, "inputs", {})
    serializer = inputs.get(action)
    if serializer is None:
        if action not in ("create", "partial_update", "update", "upsert"):
            return {}
        serializer = view.serializer_class
    return _object(serializer(), row_of)


def _object(serializer, row_of):
    values = {name: _json_value(name, each, row_of) for name, each in serializer.fields.items() if not each.read_only}
    return {name: value for name, value in values.items() if value is not None}


def _json_value(name, each, row_of):
    if isinstance(each, serializers.PrimaryKeyRelatedField):
        return str(row_of(each.queryset.model))
    if isinstance(each, serializers.ManyRelatedField):
        return [str(row_of(each.child_relation.queryset.model))]
    if isinstance(each, serializers.ListSerializer):
        return [_object(each.child, row_of)]
    if isinstance(each, serializers.BaseSerializer):
        return _object(each, row_of)
    if isinstance(getattr(each, "queryset", None), models.QuerySet | models.Manager):
        return [str(row_of(each.queryset.model))]
    if isinstance(each, serializers.ListField):
        if name == "reminders":  # before the link expires, which it does after one day here
            return []
        return [_json_value(name, each.child, row_of)]
    if isinstance(each, serializers.UUIDField):
        return str(row_of(MODEL_OF_NAME[name]))
    if isinstance(each, serializers.ChoiceField):
        return next(iter(each.choices))
    if isinstance(each, serializers.BooleanField):
        return True
    if isinstance(each, serializers.DateTimeField):
        return _moment(name).isoformat()
    if isinstance(each, serializers.TimeField):
        return "20:00"
    if isinstance(each, serializers.DateField):
        return str(timezone.localdate())
    if isinstance(each, serializers.IntegerField | serializers.DecimalField):
        return max(1, each.min_value or 0)
    return TEXTS.get(name, "Words")
