"""The server profile: Superset on PostgreSQL and Redis with Celery, for more than one machine's demo."""
