"""Every expectation of every suite is shown to pass on good tables and to speak up on damaged ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from expectations.runner import list_suites, validate, validate_suite
from expectations.suites import Suite, load_suite
from tests.expectations.damages import DAMAGES
from tests.expectations.good_tables import connect_good_tables, damaged, fetch_tables

EACH = [(suite, place) for suite, damages in DAMAGES.items() for place in damages]


def _only(suite: str, place: str) -> Suite:
    """The suite with one expectation left: quick enough to do this two hundred times."""
    table, name = place.split(".")
    rules = load_suite(suite).tables[table]
    one = tuple(rule for rule in rules.rules if rule.name == name)
    return Suite(suite, {table: replace(rules, rules=one)})


@pytest.mark.parametrize("suite", sorted(DAMAGES))
def test_nobody_adds_an_expectation_that_was_never_seen_to_fail(suite: str) -> None:
    told = {
        f"{table}.{rule.name}" for table, rules in load_suite(suite).tables.items() for rule in rules.rules
    }
    assert told == set(DAMAGES[suite])


def test_no_source_is_left_without_a_suite() -> None:
    assert list_suites() == ("academic", "academy", "cadre", "marts", "mobile")
    assert set(DAMAGES) == set(list_suites())


@pytest.mark.parametrize("suite", sorted(DAMAGES))
def test_a_good_delivery_is_not_held_back(suite: str) -> None:
    results = validate(suite, fetch_tables(connect_good_tables(suite), suite))
    assert [result.message for result in results if not result.success] == []
    # ... and not because nothing was looked at
    assert [r.expectation for r in results if "too few" in r.observed or "not in this" in r.observed] == []
    assert len(results) == len(DAMAGES[suite])


@pytest.mark.parametrize(("suite", "place"), EACH, ids=[f"{suite}-{place}" for suite, place in EACH])
def test_each_damage_is_noticed_by_its_expectation(suite: str, place: str) -> None:
    with damaged(suite, DAMAGES[suite][place]) as tables:
        (result,) = validate_suite(_only(suite, place), tables)
    assert not result.success
    (rule,) = _only(suite, place).tables[result.table].rules
    assert result.severity == rule.severity, "failed as a check that could not be made"
    assert result.unexpected_count is None or result.unexpected_count > 0
    assert rule.meaning in result.message
