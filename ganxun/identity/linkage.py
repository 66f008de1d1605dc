"""Probabilities that people left over are cadres of the books, by Splink (Fellegi-Sunter).

The probabilities of agreement among non-matches (u) come from all pairs of a fixed sample, those among
matches (m) from expectation-maximisation over a fixed sample of all people, the chance that any two match
from what rules 1 to 5 have tied. With too few ties the priors of the seed identity_model_prior hold. The same
input gives the same pairs: training runs in one thread, and parameters and scores are rounded.
"""

from __future__ import annotations

import json
import logging
from copy import deepcopy
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ganxun.identity.features import TRAINING_PEOPLE, prepare

DIGITS = 4  # significant digits kept of a trained probability
LEAST_SCORE = 0.01  # a pair below stands in nobody's way
FEWEST_PAIRS = 20  # a level seen less often than that teaches nothing
OWNER_ONLY_FILE = 0o600

# Level > condition, best first: what meets none is at the last level, what lacks the attribute at none.
CONDITIONS = {
    "name": {
        "exact": "name_l = name_r",
        "same_characters": "name_sorted_l = name_sorted_r",
        "one_character": "greatest(length(name_l), length(name_r)) > 2"
        " and (list_has_any(shorter_l, shorter_r) or list_contains(shorter_l, name_r)"
        " or list_contains(shorter_r, name_l))",
        "half": "surname_l = surname_r or list_has_any(shorter_l, shorter_r)",
        "different": "ELSE",
    },
    "birth": {"month": "birth_l = birth_r", "near": "hamming(birth_l, birth_r) = 1", "different": "ELSE"},
    "sex": {"same": "sex_l = sex_r", "different": "ELSE"},
    "unit": {
        "shared": "list_has_any(units_l, units_r)",
        "near": "list_has_any(branches_l, branches_r)",
        "different": "ELSE",
    },
    "number": {
        "equal": "number_l = number_r",
        "masked": "case when length(mask_r) = length(number_l)"
        " then hamming(mask_r, number_l) = stars_r else false end",
        "near": "case when length(mask_r) = length(number_l)"
        " then hamming(mask_r, number_l) = stars_r + 1"
        " when mask_r is null then damerau_levenshtein(number_l, number_r) <= 2 else false end",
        "different": "ELSE",
    },
}
MISSING = {
    "name": "name_l is null or name_r is null",
    "birth": "birth_l is null or birth_r is null",
    "sex": "sex_l is null or sex_r is null",
    "unit": "units_l is null or units_r is null",
    "number": "number_l is null or coalesce(number_r, mask_r) is null",
}
# Which pairs are looked at. An equation with a blank is never true: nobody is looked at for a blank.
NO_OTHER_NUMBER = "(l.valid_number is null or r.valid_number is null or l.valid_number = r.valid_number)"
BLOCKS: list[dict[str, Any]] = [
    *(
        {"blocking_rule": f"l.{column} = r.{column} and {NO_OTHER_NUMBER}"}
        for column in ("name", "number_head", "number_tail", "number_ends")
    ),
    {"blocking_rule": f"l.name_sorted = r.name_sorted and l.birth = r.birth and {NO_OTHER_NUMBER}"},
    *(
        {
            "blocking_rule": f"l.units = r.units and l.{column} = r.{column} and {NO_OTHER_NUMBER}",
            "arrays_to_explode": ["units"],
        }
        for column in ("birth", "surname", "last_character")
    ),
]
# Each trains what it does not name: people with a cadre's number, and namesakes.
TRAINING_BLOCKS = ("l.number = r.number and l.valid_number is not null", "l.name = r.name")


def find_pairs(
    tables: dict[str, pa.Table],
    policy: dict[str, float],
    priors: pa.Table,
    *,
    model_file: Path | None = None,
    threads: int = 2,
    memory_limit: str = "4GB",
) -> pa.Table:
    """Pairs of people left over and cadres with probability and levels; no rows where rule 6 is off or idle.

    policy: the parameters `probabilistic_…` in force, by name (model int_identity_policy).
    tables: person, person_unit, person_hint, rule_link, cadre and cadre_unit as the dbt models give them. The
    model goes to `model_file` as JSON, owner-only, without anybody's name.
    """
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{memory_limit}'")
        connection.execute("set enable_progress_bar = false")
        connection.execute("set threads = 1")  # sums in one order: the same data trains the same model
        if policy["probabilistic_identity_enabled"] != 1:
            return _no_pairs(connection)
        prepare(connection, tables)
        left_over, tied, people, cadres = _count(
            connection,
            "select (select count(*) from left_over), count(tied_to), count(*), "
            "(select count(*) from cadres) from people",
        )
        if not left_over or not tied:
            return _no_pairs(connection)
        logging.getLogger("splink").setLevel(logging.CRITICAL)
        settings = make_settings(priors, tied / (people * cadres))
        is_trained = tied >= policy["probabilistic_training_min_links"]
        if is_trained:
            settings = train(connection, settings, min(tied, TRAINING_PEOPLE))
        if model_file is not None:
            write_model(model_file, settings, is_trained, tied)
        connection.execute(f"set threads = {threads}")
        return score(connection, settings)


def make_settings(priors: pa.Table, match_probability: float) -> dict[str, Any]:
    """Splink's settings with the priors' probabilities."""
    prior = {(row["comparison"], row["level"]): row for row in priors.to_pylist()}
    comparisons = []
    for name, conditions in CONDITIONS.items():
        levels: list[dict[str, Any]] = [
            {"sql_condition": MISSING[name], "label_for_charts": "missing", "is_null_level": True}
        ]
        for level, condition in conditions.items():
            levels.append(
                {
                    "sql_condition": condition,
                    "label_for_charts": level,
                    "m_probability": prior[name, level]["m"],
                    "u_probability": prior[name, level]["u"],
                }
            )
            if (name, level) == ("name", "exact"):
                levels[-1] |= {"tf_adjustment_column": "name", "tf_adjustment_weight": 1.0}
        comparisons.append({"output_column_name": name, "comparison_levels": levels})
    return {
        "link_type": "link_only",
        "comparisons": comparisons,
        "blocking_rules_to_generate_predictions": BLOCKS,
        "probability_two_random_records_match": float(f"{match_probability:.{DIGITS}g}"),
        "retain_matching_columns": True,  # or Splink leaves out the levels
        "linker_uid": "ganxun",
    }


def train(connection: duckdb.DuckDBPyConnection, settings: dict[str, Any], links: int) -> dict[str, Any]:
    """The settings with trained probabilities.

    A level that was hardly seen keeps its prior's, at most what can go unseen among that many pairs.
    """
    [pairs] = _count(
        connection, "select (select count(*) from sample_cadres) * (select count(*) from sample_people)"
    )
    if pairs < FEWEST_PAIRS:
        return settings
    chance = _open_linker(connection, settings, "sample_cadres", "sample_people")
    chance.training.estimate_u_using_random_sampling(max_pairs=1e9, min_count_per_level=None, num_chunks=1)
    matches = _open_linker(connection, settings, "cadres", "training_people")
    for block in TRAINING_BLOCKS:
        # a deployment whose numbers are all masked has no pair of equal ones: Splink would raise
        [blocked] = _count(
            connection, f"select count(*) from cadres as l inner join training_people as r on {block}"
        )
        if blocked < FEWEST_PAIRS:
            continue
        matches.training.estimate_parameters_using_expectation_maximisation(
            block, estimate_without_term_frequencies=True
        )
    trained = deepcopy(settings)
    for kind, linker, seen in (("u_probability", chance, pairs), ("m_probability", matches, links)):
        learnt = linker.misc.save_model_to_json()["comparisons"]
        for comparison, source in zip(trained["comparisons"], learnt, strict=True):
            levels = comparison["comparison_levels"][1:]
            for level, found in zip(levels, source["comparison_levels"][1:], strict=True):
                value = found.get(kind) or 0.0
                is_seen = value * seen >= FEWEST_PAIRS
                level[kind] = value if is_seen else min(level[kind], FEWEST_PAIRS / seen)
            total = sum(level[kind] for level in levels)
            for level in levels:
                level[kind] = float(f"{level[kind] / total:.{DIGITS}g}")
    return trained


def score(connection: duckdb.DuckDBPyConnection, settings: dict[str, Any]) -> pa.Table:
    """Pairs of people left over and cadres, with probability and levels."""
    linker = _open_linker(connection, settings, "cadres", "left_over")
    scored = linker.inference.predict(threshold_match_probability=LEAST_SCORE, warning_mode="never")
    levels = []
    for name, conditions in CONDITIONS.items():
        names = " ".join(
            f"when {len(conditions) - 1 - place} then '{level}'" for place, level in enumerate(conditions)
        )
        levels.append(f"case gamma_{name} {names} end as {name}_level")
    return connection.execute(f"""
        select
            people.source,
            people.source_person_id,
            scored.unique_id_l as person_code,
            round(scored.match_probability, 4) as score,
            {", ".join(levels)}
        from {scored.physical_name} as scored
        inner join people on scored.unique_id_r = people.unique_id
        order by all
    """).to_arrow_table()


def write_model(path: Path, settings: dict[str, Any], is_trained: bool, links: int) -> None:
    """The model as JSON, for whoever asks later why two were tied. Owner only; it names nobody."""
    model = {"is_trained": is_trained, "links_by_rules": links, "splink_settings": settings}
    path.touch(mode=OWNER_ONLY_FILE)
    path.write_text(json.dumps(model, ensure_ascii=False, indent=1), encoding="utf-8")


def _open_linker(
    connection: duckdb.DuckDBPyConnection, settings: dict[str, Any], cadres: str, people: str
) -> Any:
    """A linker of two tables; how common a name is, is counted among the cadres."""
    # Half a second to import, and Splink configures logging: only a night with somebody left over needs it.
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(connection)
    # Of a pair the left one (_l) is that of the table whose name comes first: the cadre.
    tables = [
        api.register(table, dataset_display_name=name)
        for table, name in ((cadres, "a_cadre"), (people, "b_person"))
    ]
    linker = Linker(tables, settings, log_level=None, validate_settings=False)
    linker.table_management.register_term_frequency_lookup(api.register("name_frequency"), "name")
    return linker


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> list[int]:
    row = connection.execute(query).fetchone()
    return list(row) if row else []


def _no_pairs(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    texts = ["source", "source_person_id", "person_code", *(f"{name}_level" for name in CONDITIONS)]
    columns = [f"cast(null as varchar) as {name}" for name in texts]
    columns.insert(3, "cast(null as double) as score")
    return connection.execute(f"select {', '.join(columns)} where false").to_arrow_table()
