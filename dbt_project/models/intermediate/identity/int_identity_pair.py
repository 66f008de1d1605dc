"""Wiring of identity rule 6: ganxun.identity does the work, in dbt's process, so one call builds a night."""

import os
from pathlib import Path

from ganxun.identity.linkage import find_pairs


def model(dbt, session):
    """The table int_identity_pair (its YAML twin says what it holds)."""
    dbt.config(materialized="table")
    tables = {
        "person": dbt.ref("int_identity_person").to_arrow_table(),
        "person_unit": dbt.ref("int_identity_person_unit").to_arrow_table(),
        "person_hint": dbt.ref("int_identity_person_hint").to_arrow_table(),
        "rule_link": dbt.ref("int_identity_rule_link").to_arrow_table(),
        "cadre": dbt.ref("int_identity_cadre").to_arrow_table(),
        "cadre_unit": dbt.ref("int_identity_cadre_unit").to_arrow_table(),
    }
    model_file = os.environ.get("GANXUN_IDENTITY_MODEL")
    return find_pairs(
        tables,
        dict(dbt.ref("int_identity_policy").fetchall()),
        dbt.ref("identity_model_prior").to_arrow_table(),
        model_file=Path(model_file) if model_file else None,
        threads=int(os.environ.get("GANXUN_THREADS", "2")),
        memory_limit=os.environ.get("GANXUN_MEMORY_LIMIT", "4GB"),
    )
