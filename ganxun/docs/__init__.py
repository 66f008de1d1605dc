"""Documents written from models and sources: data dictionary, ER diagram, cookbook, rooms, dbt's own site."""
