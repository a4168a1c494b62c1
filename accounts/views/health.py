"""``/healthz`` and ``/readyz``: for machines, without a session, without a word about anybody's data."""

from django.db import transaction
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.health import readiness


@never_cache
@require_safe
@transaction.non_atomic_requests
def healthz(request):
    """The process answers; nothing else is asked, so a database that is away does not have it killed."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
@transaction.non_atomic_requests
def readyz(request):
    """200 when requests can be served, 503 while they cannot."""
    found = readiness()
    return JsonResponse(found, status=200 if found["ready"] else 503)
