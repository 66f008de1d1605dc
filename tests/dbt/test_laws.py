"""Each law of the warehouse (dbt_project/tests) holds on a built city, and fails once the law is broken."""

from __future__ import annotations

import re

import pytest

from ganxun.steps.build import DBT_PROJECT
from tests.dbt.built import Built
from tests.dbt.law_breaches import BREACHES

CASES = [(law, number) for law, breaches in BREACHES.items() for number in range(len(breaches))]


def test_no_law_is_without_a_proof_that_it_can_fail() -> None:
    laws = {
        path.relative_to(DBT_PROJECT / "tests").as_posix()
        for path in (DBT_PROJECT / "tests").rglob("*.sql")
        if "generic" not in path.parts
    }
    assert laws == BREACHES.keys()


def test_the_law_of_rules_in_force_knows_what_the_models_ask_for(built: Built) -> None:
    """A parameter lost from the seed makes every comparison null: the law finds its name in the models."""
    models = "".join(path.read_text() for path in (DBT_PROJECT / "models").rglob("*.sql"))
    asked_for = set(re.findall(r"policy(?:_on|_text)?\('(\w+)'", models))
    assert len(asked_for) > 8
    sql = built.compiled_sql("ops/one_rule_in_force.sql")
    assert asked_for <= set(re.findall(r"select '(\w+)' as name", sql))


@pytest.mark.parametrize("law", BREACHES)
def test_a_law_says_what_when_and_how(law: str) -> None:
    """Whoever is woken by a failing law reads its file first."""
    text = (DBT_PROJECT / "tests" / law).read_text()
    for part in ("-- Tests: ", "-- Matters: ", "-- Resolve: "):
        assert part in text.split("select")[0]


@pytest.mark.parametrize(("law", "number"), CASES)
def test_a_broken_law_is_noticed(built: Built, law: str, number: int) -> None:
    sql = built.compiled_sql(law)
    with built.scratch() as connection:
        assert connection.execute(sql).fetchall() == []
        changed = connection.execute(BREACHES[law][number]).fetchall()
        assert changed[0][0] > 0, "the city has nothing that this breach could break"
        assert connection.execute(sql).fetchall() != []
