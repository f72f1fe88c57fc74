"""Django's database backend for PostgreSQL, with the barrier between tenants."""
