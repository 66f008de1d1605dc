"""Documents written from the models: data dictionary, ER diagram, the cookbook's page, dbt's own site."""
