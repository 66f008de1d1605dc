"""Each law of the warehouse (dbt_project/tests) holds on a built city, and fails once the law is broken."""

from __future__ import annotations

import re

import pytest

from ganxun.steps.build import DBT_PROJECT
from tests.dbt.conftest import Built

# What breaks each law: the smallest damage that the law exists to notice. Several statements: each breaks it.
BREACHES = {
    "cadre/history_spans_do_not_overlap.sql": [
        "insert into marts.dim_cadre_history select * replace (valid_from - 1 as valid_from) "
        "from marts.dim_cadre_history limit 1",
        "update marts.dim_cadre_history set valid_to = valid_from "
        "where rowid = (select min(rowid) from marts.dim_cadre_history)",
    ],
    "coverage/coverage_equals_ledger.sql": [
        "update marts.mart_cadre_coverage set credited_hours = credited_hours + 0.1",
        "delete from marts.fct_training where credited_hours > 0 and is_statutory",
        "update marts.mart_cadre_coverage set systematic_hours = systematic_hours + 1",
    ],
    "coverage/due_population_is_counted_once.sql": [
        "delete from marts.mart_cadre_coverage where light = 'red'",
        "update marts.mart_unit_coverage set due = due + 1 where is_current and scope = 'direct'",
    ],
    "coverage/hours_by_mode_add_up.sql": [
        "update marts.mart_cadre_coverage set mobile_hours = mobile_hours + 0.1",
    ],
    "coverage/lights_follow_their_rule.sql": [
        "update marts.mart_cadre_coverage set light = 'green' where light = 'red'",
        "update marts.mart_cadre_coverage set light = null where light = 'yellow'",
        "update rules.policy_target set min_hours = 1 where target_window = 'rolling_5y'",
    ],
    "ledger/credited_hours_have_a_cadre.sql": [
        "update marts.fct_training set cadre_key = null where credit_status = 'credited'",
        "update marts.fct_training set credit_status = 'not_passed' where cadre_key is null",
    ],
    "ledger/daily_cap_is_never_exceeded.sql": [
        "update marts.fct_training set credited_hours = raw_hours where credit_status = 'over_daily_cap'",
        "update marts.fct_training set credited_hours = 0 where credit_status = 'over_daily_cap'",
    ],
    "ledger/enrollment_equals_ledger.sql": [
        "update marts.fct_enrollment set credited_hours = credited_hours + 1 where source = 'academic'",
    ],
    "ledger/every_mobile_activity_is_in_the_ledger.sql": [
        "delete from marts.fct_training where source = 'mobile' and credit_status = 'not_completed'",
    ],
    "ledger/every_source_record_is_in_the_ledger.sql": [
        f"delete from marts.fct_training where rowid = (select min(rowid) from marts.fct_training {where})"
        for where in (
            "where source = 'academic' and evidence_grade = 'system'",
            "where source = 'academic' and evidence_grade = 'backfill'",
            "where source = 'academy'",
            "where source = 'mobile' and completed_at is not null",
        )
    ]
    + [
        "insert into marts.fct_training "
        "select * replace ('x' as source_record_id) from marts.fct_training limit 1"
    ],
    "ledger/one_credit_for_a_course_and_year.sql": [
        "update marts.fct_training set credit_status = 'credited' where credit_status = 'duplicate'",
        "delete from marts.fct_training where mode in ('online_class', 'online_elective', 'mobile') "
        "and credit_status in ('credited', 'over_daily_cap')",
    ],
    "ledger/status_explains_the_hours.sql": [
        "update marts.fct_training set credited_hours = 1 where credit_status = 'not_completed'",
        "update marts.fct_training set credited_hours = 0 where credit_status = 'credited' and raw_hours > 0",
        "update marts.fct_training set credited_hours = raw_hours where credit_status = 'over_daily_cap'",
        "update marts.fct_training set raw_hours = 0.25, credited_hours = 0.25 "
        "where credit_status = 'credited'",
    ],
    "ops/batches_reconcile.sql": [
        "update ops.ops_batch set rows_loaded = rows_loaded - 1 where rows_loaded > 0",
    ],
    "ops/one_rule_in_force.sql": [
        "update rules.policy_parameter set valid_from = date '2999-01-01' where name = 'weak_gap'",
        "delete from rules.policy_parameter where name = 'weak_gap'",
        "insert into rules.policy_parameter select * from rules.policy_parameter where name = 'weak_gap'",
        "insert into rules.policy_target select * from rules.policy_target limit 1",
    ],
    "unit/board_parts_make_the_total.sql": [
        "delete from marts.mart_unit_board where member_kind = 'child' and due > 0",
        "update marts.mart_unit_board set green = green + 1 where member_kind = 'total'",
    ],
    "unit/closure_is_complete.sql": [
        "delete from marts.dim_unit_closure where depth = 1",
        "delete from marts.dim_unit_closure where depth = 0",
        "insert into marts.dim_unit_closure select descendant_code, ancestor_code, 1 "
        "from marts.dim_unit_closure where depth = 1 limit 1",
        "update marts.dim_unit set parent_code = null where level = 2",
    ],
    "unit/layout_equals_ledger.sql": [
        "delete from marts.mart_unit_layout where attribution = 'then' and mode = 'mobile'",
        "insert into marts.mart_unit_layout select * replace (1999 as year) "
        "from marts.mart_unit_layout where scope = 'direct' limit 1",
    ],
    "unit/lights_add_up_to_due.sql": [
        "update marts.mart_unit_coverage set yellow = yellow + 1",
        "update marts.mart_unit_board set participated = due + 1",
    ],
    "unit/root_layout_is_the_sum_of_all_units.sql": [
        "delete from marts.mart_unit_layout where scope = 'direct' and credited_hours > 0 and unit_code = "
        "(select max(unit_code) from marts.mart_unit_layout)",
        "update marts.mart_unit_layout set person_times = person_times + 1 where scope = 'subtree'",
    ],
    "unit/subtree_is_own_and_children.sql": [
        "update marts.mart_unit_coverage set due = due - 1 "
        "where scope = 'direct' and not is_current and due > 0",
    ],
    "unit/weak_spots_hold_together.sql": [
        "update marts.mart_unit_weak_spot set reached = due + 1",
        "update marts.mart_unit_weak_spot set gap = gap + 0.01",
        "update marts.mart_unit_weak_spot set due = 4, reached = 0, reach = 0, gap = benchmark",
    ],
}
CASES = [(law, number) for law, breaches in BREACHES.items() for number in range(len(breaches))]


def test_no_law_is_without_a_proof_that_it_can_fail() -> None:
    laws = {
        path.relative_to(DBT_PROJECT / "tests").as_posix()
        for path in (DBT_PROJECT / "tests").rglob("*.sql")
        if "generic" not in path.parts
    }
    assert laws == BREACHES.keys()


def test_no_parameter_that_models_ask_for_may_be_lost_from_the_seed() -> None:
    law = (DBT_PROJECT / "tests" / "ops" / "one_rule_in_force.sql").read_text()
    models = "".join(path.read_text() for path in (DBT_PROJECT / "models").rglob("*.sql"))
    assert set(re.findall(r"^    '(\w+)',$", law, flags=re.MULTILINE)) == set(
        re.findall(r"policy\('(\w+)'\)", models)
    )


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


@pytest.mark.parametrize(
    ("test_name", "breach"),
    [
        (
            "unique_combination_mart_unit_coverage_as_of__unit_code__scope",
            "insert into marts.mart_unit_coverage select * from marts.mart_unit_coverage limit 1",
        ),
        (
            "unique_combination_mart_unit_coverage_as_of__unit_code__scope",
            "update marts.mart_unit_coverage set scope = null where rowid = 0",
        ),
        (
            "unique_combination_ops_identity_source__rule__rule",
            "insert into ops.ops_identity select * from ops.ops_identity limit 1",
        ),
        (
            "value_within_mart_unit_coverage_pass_rate__1__0",
            "update marts.mart_unit_coverage set pass_rate = 1.01 where rowid = 0",
        ),
        (
            "value_within_fct_training_credited_hours__0",
            "update marts.fct_training set credited_hours = -0.1 where rowid = 0",
        ),
    ],
)
def test_a_broken_key_or_bound_is_noticed(built: Built, test_name: str, breach: str) -> None:
    [node] = [node for node in built.manifest()["nodes"].values() if node["name"] == test_name]
    sql = (built.target / "compiled" / "ganxun" / node["original_file_path"] / node["path"]).read_text()
    with built.scratch() as connection:
        assert connection.execute(sql).fetchall() == []
        assert connection.execute(breach).fetchall()[0][0] > 0
        assert connection.execute(sql).fetchall() != []
