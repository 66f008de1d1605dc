"""Words: what published tables and columns are called, what they mean, how their figures are written, in both
languages; and every title, description and note of the dashboards.

The room lies below all that says something to people (dashboards, exported files) and imports only YAML. Both
environments have it.
"""

LOCALES = ("zh", "en")
