"""Django's PostgreSQL backend for one organization per transaction.

It adds the organization to every UPDATE and DELETE of a tenant's rows, and spares what would cost each request a round
trip: a transaction's BEGIN goes along with what is set in it first, and a connection is proved by looking at it.
"""

import select
import time
from datetime import UTC
from functools import lru_cache
from typing import Any

import psycopg
from django.db.backends.postgresql import base, operations
from django.db.backends.postgresql.psycopg_any import get_adapters_template
from django.db.backends.utils import debug_transaction
from psycopg.pq import DiagnosticField, ExecStatus, Format, TransactionStatus

#: A connection that answered so many seconds ago is taken for alive while nothing has come from the server.
PROVED_FOR = 5.0


class PreparingCursor(psycopg.Cursor[Any]):
    """Leaves parsing to the first run on a connection: for statements that come again as they are."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, prepare=True, **options)


class DatabaseOperations(operations.DatabaseOperations):
    compiler_module = "accounts.tenancy.postgresql.compiler"

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> Any:
        """A prepared statement went without its values; who reads a log of statements wants to see them."""
        if isinstance(cursor, PreparingCursor):
            return self.compose_sql(sql, params)
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
    proved_at = 0.0

    def get_connection_params(self) -> Any:
        params = super().get_connection_params()
        return {**params, "context": adapters(self.timezone)} if self.timezone is UTC else params

    def create_cursor(self, name: str | None = None) -> Any:
        if self.timezone is not UTC:
            return super().create_cursor(name)
        if name is None:
            return self.connection.cursor()
        server_side: Any = base.ServerSideCursor
        return server_side(self.connection, name=name, scrollable=False, withhold=self.connection.autocommit)

    def prepared_cursor(self) -> Any:
        self.close_if_health_check_failed()
        self.ensure_connection()
        assert self.connection is not None
        return self._prepare_cursor(PreparingCursor(self.connection))  # type: ignore[attr-defined]  # Django's own

    def is_usable(self) -> bool:
        """Django asks before each request and after errors: with a statement only when looking does not tell."""
        if not self.errors_occurred and self.is_quiet() and time.monotonic() - self.proved_at < PROVED_FOR:
            return True
        usable = bool(super().is_usable())
        self.proved_at = time.monotonic() if usable else 0.0
        return usable

    def is_quiet(self) -> bool:
        """Whether the server has said nothing unasked; the first thing it says of its own accord is farewell."""
        if self.connection is None or self.connection.closed:
            return False
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return not socket.poll(0)

    @property
    def is_broken(self) -> bool:
        """Whether PostgreSQL refuses everything until the running transaction, or a part of it, is rolled back."""
        return self.connection is not None and self.connection.pgconn.transaction_status == TransactionStatus.INERROR

    def begin_with(self, statement: str) -> None:
        """Run a ``SET LOCAL``. Where it is the first statement of a transaction, its BEGIN takes the same way."""
        self.ensure_connection()
        self.validate_no_broken_transaction()
        assert self.connection is not None
        pgconn = self.connection.pgconn
        if pgconn.transaction_status == TransactionStatus.IDLE:
            statement = f"BEGIN; {statement}"
        with self.wrap_database_errors, debug_transaction(self, statement):
            result = pgconn.exec_(statement.encode())
            if result.status != ExecStatus.COMMAND_OK:
                if not result.error_field(DiagnosticField.SQLSTATE):
                    # The server is gone: it gave no code, by which psycopg would know an OperationalError.
                    raise psycopg.OperationalError(result.error_message.decode("utf-8", "replace").strip())
                raise psycopg.errors.error_from_result(result, encoding="utf-8")


@lru_cache
def adapters(zone: Any) -> Any:
    """Django's, with psycopg's own reading of timestamps, written in C: connections speak UTC, as Django does."""
    context = psycopg.adapt.AdaptersMap(get_adapters_template(True, zone))
    loader = psycopg.adapters.get_loader(psycopg.postgres.types["timestamptz"].oid, Format.TEXT)
    assert loader is not None
    context.register_loader("timestamptz", loader)
    return context
