"""The server setup: Superset on PostgreSQL and Redis with Celery, for more than one machine's demo."""
