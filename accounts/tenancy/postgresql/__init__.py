"""Django's PostgreSQL backend, with the organization added to every UPDATE and DELETE of a tenant's rows."""
