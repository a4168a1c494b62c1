"""The pages of the local mailbox. For everybody else they do not exist."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render

from accounts.mailbox import list_mails, read_mail

LOOPBACK = {"127.0.0.1", "::1", "::ffff:127.0.0.1"}


def _only_here(request):
    """With RAFIQ_ENV=local, and for requests that come from this machine without a proxy in between."""
    forwarded = {"HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"} & request.META.keys()
    if settings.RAFIQ_ENV != "local" or forwarded or request.META.get("REMOTE_ADDR") not in LOOPBACK:
        raise Http404


def mailbox(request):
    _only_here(request)
    return render(request, "accounts/mailbox.html", {"mails": list_mails()})


def mail(request, name):
    _only_here(request)
    found = read_mail(name)
    if found is None:
        raise Http404
    return render(request, "accounts/mailbox_mail.html", {"mail": found})
