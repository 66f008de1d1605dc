"""What a whole night publishes of identity."""

from __future__ import annotations

import json

import pytest

from tests.nights import Night

pytestmark = pytest.mark.e2e


def test_the_model_lies_beside_the_files_it_made_and_only_its_owner_reads_it(simulated_night: Night) -> None:
    version = simulated_night.settings.zones.restricted.resolve().parent
    model = version / "identity_model.json"
    assert model.stat().st_mode & 0o077 == 0
    text = model.read_text(encoding="utf-8")
    assert {part["output_column_name"] for part in json.loads(text)["splink_settings"]["comparisons"]} == {
        "name",
        "birth",
        "sex",
        "unit",
        "number",
    }
    names = simulated_night.query("select name from r.restricted.cadre_identity")
    assert len(names) > 150
    assert not [name for (name,) in names if name in text]


def test_the_first_night_begins_a_history_of_every_link(simulated_night: Night) -> None:
    [[spans, links, begun]] = simulated_night.query("""
        select
            (select count(*) from r.restricted.identity_history where valid_to is null),
            (select count(*) from r.restricted.identity_link where person_code is not null),
            (select min(valid_from) = max(valid_from) from r.restricted.identity_history)
    """)
    assert spans == links > 300
    assert begun


def test_shares_by_rule_add_up_to_everybody(simulated_night: Night) -> None:
    rows = simulated_night.query(
        "select source, sum(people), round(sum(share), 9), bool_or(rule is null) "
        "from ops.ops_identity group by source"
    )
    people = dict(
        simulated_night.query("select source, count(*) from r.restricted.identity_link group by source")
    )
    assert {source: count for source, count, _, _ in rows} == people
    assert {share for _, _, share, _ in rows} == {1.0}
    assert any(has_unresolved for *_, has_unresolved in rows)
