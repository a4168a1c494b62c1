"""PostgreSQL went away without a word, as in a crash: whoever would try again has to be told so."""

import os
import socket

import pytest
from django.db import OperationalError, connection

from accounts.tenancy.context import tenant
from tests.factories.accounts import OrganizationFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_server_that_is_gone_at_the_begin_of_a_transaction_is_an_operational_error():
    organization = OrganizationFactory()
    connection.ensure_connection()
    with socket.socket(fileno=os.dup(connection.connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)

    with pytest.raises(OperationalError), tenant(organization.pk):
        pass

    connection.close()
    with tenant(organization.pk):
        assert not connection.needs_rollback
