"""Rule 6 on a handful of people: what may tie somebody, and what never does."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout

import duckdb
import pyarrow as pa
import pytest

from ganxun.identity.linkage import CONDITIONS, find_pairs, make_settings
from ganxun.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"
NUMBER = "110105194912310021"  # of GB 11643's own example but for its check digit
VALID = "11010519491231002X"
UNITS = [f"001.{k:03d}" for k in range(1, 41)]


def priors() -> pa.Table:
    return duckdb.sql(f"from read_csv('{SEEDS / 'identity_model_prior.csv'}')").to_arrow_table()


def policy(**changed: float) -> dict[str, float]:
    seed = f"read_csv('{SEEDS / 'policy_parameter.csv'}', all_varchar = true)"
    rows = duckdb.sql(f"select name, value::double from {seed} where name like 'probabilistic%'").fetchall()
    return dict(rows) | changed


def city(people: list[dict[str, object]]) -> dict[str, pa.Table]:
    """400 cadres in 40 units with names of their own, half of them tied, and the people to look for."""
    cadres = [
        {
            "person_code": f"p{k}",
            "person_name": chr(0x4E00 + k) + chr(0x5E00 + k) + chr(0x6E00 + k),
            "sex": str(1 + k % 2),
            "birth_month": 197001 + k % 12 + 100 * (k % 30),
            "valid_number": VALID if k == 0 else None,
            "number_text": VALID if k == 0 else None,
            "unit": UNITS[k % 40],
        }
        for k in range(400)
    ]
    tied = [{**cadre, "tied": cadre["person_code"], "id": f"tied{k}"} for k, cadre in enumerate(cadres[200:])]
    person = [{"source": "academy", "source_person_id": one["id"], **one} for one in [*tied, *people]]
    text, number = pa.string(), pa.int64()

    def table(rows: list[dict[str, object]], **types: pa.DataType) -> pa.Table:
        return pa.table(
            {name: pa.array([row.get(name) for row in rows], kind) for name, kind in types.items()}
        )

    named = {
        "person_name": text,
        "sex": text,
        "birth_month": number,
        "valid_number": text,
        "number_text": text,
    }
    keys = {"source": text, "source_person_id": text}
    links = [{**one, "person_code": one.get("tied"), "is_open": "tied" not in one} for one in person]
    return {
        "person": table(person, **keys, **named, masked_pattern=text),
        "person_unit": table(
            [{**one, "unit_code": one["unit"]} for one in person if one.get("unit")], **keys, unit_code=text
        ),
        "person_hint": table([], **keys, unit_code=text),
        "rule_link": table(links, **keys, person_code=text, is_open=pa.bool_()),
        "cadre": table(cadres, person_code=text, **named),
        "cadre_unit": table(
            [{**one, "unit_code": one["unit"]} for one in cadres], person_code=text, unit_code=text
        ),
    }


def cadre_zero(**changed: object) -> dict[str, object]:
    """Somebody who is the first cadre of the city, as far as is not changed."""
    own = {"id": "zero", "person_name": "一帀渀", "sex": "1", "birth_month": 197001, "unit": UNITS[0]}
    return own | changed


def scores(*people: dict[str, object], **changed: float) -> dict[str, float]:
    """The probability by rule 6 that each of the people is the first cadre."""
    pairs = find_pairs(city(list(people)), policy(**changed), priors()).to_pylist()
    return {pair["source_person_id"]: pair["score"] for pair in pairs if pair["person_code"] == "p0"}


@pytest.mark.parametrize(
    ("damage", "level"),
    [
        ({"person_name": "一 帀渀"}, "exact"),
        ({"person_name": "一渀帀"}, "same_characters"),
        ({"person_name": "一帀丁"}, "one_character"),
        ({"person_name": "丁帀渀"}, "one_character"),
        ({"person_name": "一渀"}, "one_character"),
        ({"person_name": "一帀帀渀"}, "one_character"),
        ({"person_name": "一丁"}, "half"),
        ({"person_name": "丁七丈"}, "different"),
    ],
)
def test_a_mistyped_name_is_still_told_from_another(damage: dict[str, object], level: str) -> None:
    """DuckDB's own distances count bytes: two characters that share a byte would pass for one mistyped."""
    [pair] = [
        pair
        for pair in find_pairs(city([cadre_zero(**damage)]), policy(), priors()).to_pylist()
        if pair["person_code"] == "p0"
    ]
    assert pair["name_level"] == level


@pytest.mark.parametrize(
    ("written", "level"),
    [
        (NUMBER, "near"),  # one digit
        ("11010519491321002X", "near"),  # two neighbours swapped
        ("1101051949123102X", "near"),  # one lost
        ("1101051949123100022X", "near"),  # one digit twice
        ("110105194912310333", "different"),
    ],
)
def test_a_mistyped_number_is_still_told_from_another(written: str, level: str) -> None:
    person = cadre_zero(number_text=written, birth_month=None)
    [pair] = [
        pair
        for pair in find_pairs(city([person]), policy(), priors()).to_pylist()
        if pair["person_code"] == "p0"
    ]
    assert pair["number_level"] == level


@pytest.mark.parametrize(
    ("mask", "level"),
    [("110105________002X", "masked"), ("110105________012X", "near"), ("110106________012X", "different")],
)
def test_a_masked_number_is_compared_by_its_visible_digits(mask: str, level: str) -> None:
    person = cadre_zero(number_text=mask.replace("_", "*"), masked_pattern=mask)
    [pair] = [
        pair
        for pair in find_pairs(city([person]), policy(), priors()).to_pylist()
        if pair["person_code"] == "p0"
    ]
    assert pair["number_level"] == level


def test_what_is_missing_never_brings_two_together() -> None:
    """No name and no number: nobody is looked at, however well unit, birth and sex agree."""
    assert scores(cadre_zero(person_name=None)) == {}


def test_a_name_alone_does_not_reach_a_link_and_more_evidence_never_lowers_it() -> None:
    name = cadre_zero(id="name", unit=None, birth_month=None)
    unit = cadre_zero(id="unit", birth_month=None)
    birth = cadre_zero(id="birth")
    number = cadre_zero(id="number", number_text=NUMBER)
    found = scores(name, unit, birth, number)
    assert found["name"] < policy()["probabilistic_link_min"] < found["unit"] <= found["birth"]
    assert found["number"] >= found["birth"] > found["name"]


def test_somebody_with_another_valid_number_is_never_a_candidate() -> None:
    other = "110105195001010017"
    assert "other" not in scores(cadre_zero(id="other", valid_number=other, number_text=other))


def test_a_number_that_many_bear_is_a_placeholder() -> None:
    """Three names under one number that is not valid: it says nothing of any of them."""
    crowd = [
        cadre_zero(id=f"crowd{k}", person_name=name, number_text=NUMBER, unit=None, birth_month=None)
        for k, name in enumerate(("一帀渀", "丁七丈", "三上下"))
    ]
    alone = scores(cadre_zero(id="alone", number_text=NUMBER, unit=None, birth_month=None))
    crowded = scores(*crowd)
    assert alone["alone"] > policy()["probabilistic_link_min"] > crowded["crowd0"]


def test_rule_six_that_is_switched_off_links_nobody() -> None:
    assert scores(cadre_zero(), probabilistic_identity_enabled=0) == {}


def test_nobody_left_over_means_no_model_and_no_pairs(tmp_path) -> None:
    model = tmp_path / "model.json"
    assert find_pairs(city([]), policy(), priors(), model_file=model).num_rows == 0
    assert not model.exists()


def test_the_priors_cover_each_level_and_add_up() -> None:
    found = {(row["comparison"], row["level"]): row for row in priors().to_pylist()}
    assert found.keys() == {(name, level) for name, levels in CONDITIONS.items() for level in levels}
    for kind in ("m", "u"):
        for name, levels in CONDITIONS.items():
            assert sum(found[name, level][kind] for level in levels) == pytest.approx(1, abs=1e-6)
    assert make_settings(priors(), 0.001)["linker_uid"] == "ganxun"


def test_a_city_without_numbers_still_trains_and_links() -> None:
    """Where every number is masked no pair has equal ones; that must not end the night."""
    assert scores(cadre_zero(), probabilistic_training_min_links=100)["zero"] > 0.9


def test_splink_writes_no_name_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    out, err = io.StringIO(), io.StringIO()
    with caplog.at_level(logging.DEBUG), redirect_stdout(out), redirect_stderr(err):
        assert scores(cadre_zero(person_name="一帀丁"), probabilistic_training_min_links=100)
    assert out.getvalue() + err.getvalue() == ""
    assert not [record for record in caplog.records if record.name.startswith("splink")]


def test_the_program_starts_without_splink() -> None:
    code = (
        "import sys, ganxun.cli, ganxun.identity.linkage, ganxun.steps.build; print('splink' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
