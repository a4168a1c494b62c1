"""Of many people who close a repeating task at the same moment, one opens the next."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Membership
from accounts.tenancy.context import tenant
from interactions import services
from interactions.exceptions import TaskClosed
from interactions.models import Task


@pytest.mark.django_db(transaction=True)
def test_of_many_who_complete_at_once_one_opens_the_next(organization, member):
    with tenant(organization.pk):
        today = timezone.localdate()
        task = services.add_task(actor=member, title="Call", due_on=today, recurrence="FREQ=WEEKLY")
    together, refused = threading.Barrier(8), []

    def complete():
        together.wait()
        try:
            with tenant(organization.pk):
                services.complete_task(actor=Membership.objects.get(pk=member.pk), task=task)
        except TaskClosed:
            refused.append(1)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=complete) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with tenant(organization.pk):
        days = list(Task.objects.order_by("due_on").values_list("due_on", flat=True))
    assert (len(refused), days) == (7, [today, today + timedelta(days=7)])
