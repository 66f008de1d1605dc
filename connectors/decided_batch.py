"""A batch once more, with people's decisions on its quarantined rows: same typing, same rules, other rows.

Data flow: the landed rows, plus the released rows as they were delivered, corrected and typed by the
contract, give `raw/<source>__<entity>/decided/<stem>.parquet` and `raw/quarantine/decided/<stem>.parquet`. A
released row that breaks a rule all the same stays quarantined, with that rule as its reason. Nothing counts
before the ledger's commit.
"""

from __future__ import annotations

from dataclasses import dataclass

from connectors.cadre.encoding import UNDECODABLE
from connectors.contract import EntityContract
from connectors.ledger_decided import DecidedVersion, find_quarantine_file, find_rows_file
from connectors.staging import TYPED, Origin, Stage, fatal_mask, find_one, select_faults, select_quarantine
from connectors.typing_sql import UNREADABLE, identifier, quote, select_typed

_RELEASED = "released_rows"
_RULING = "ruling"
# The code of a released row that may not be loaded all the same.
REFUSED = "release_refused"


@dataclass(frozen=True)
class LandedBatch:
    """A batch as it was landed, with its counts."""

    origin: Origin
    sha256: str
    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    rows_superseded: int


def select_corrected(entity: EntityContract, relation: str) -> str:
    """SQL of delivered rows as text columns again, with what a person corrected.

    `relation` has `source_row`, `fault`, `delivered` and `corrections` (JSON objects of texts; a field that
    is null in `corrections` is emptied). A text with bytes that nobody could read is no text.
    """
    columns = []
    for name, field in entity.fields.items():
        pointer = quote(f'$."{name}"')
        text = f"json_extract_string(delivered, {pointer})"
        given = f"json_extract_string(corrections, {pointer})"
        value = (
            f"CASE WHEN json_exists(corrections, {pointer}) THEN {given} "
            f"WHEN contains({text}, {quote(UNDECODABLE)}) THEN {quote(UNREADABLE)} ELSE {text} END"
        )
        if field.computed:  # `<field>_is_text`: what a person types is text
            base = quote(f'$."{name.removesuffix("_is_text")}"')
            value = f"CASE WHEN json_extract_string(corrections, {base}) <> '' THEN 'true' ELSE {text} END"
        columns.append(f"{value} AS {identifier(name)}")
    return f"SELECT source_row AS _source_row, fault AS _fault, {', '.join(columns)} FROM {relation}"


def write_decided(
    stage: Stage, entity: EntityContract, landed: LandedBatch, decided: str, counts_from: str, stem: str
) -> DecidedVersion:
    """Write the version of a batch in which the decisions of the relation `decided` hold.

    `decided` has, once a row, `source_row`, `decision` (released, discarded), `corrections`, `decision_id`,
    `decided_on` and `refusal` (a sentence: why a released row may not be loaded all the same; null: it may).
    """
    sql, origin = stage.connection, landed.origin
    zones = stage.zones
    faults = select_quarantine(find_quarantine_file(zones, origin.batch_id, None))
    sql.execute(
        f"""CREATE OR REPLACE TEMP TABLE {_RULING} AS SELECT * FROM ({decided}) decided
        WHERE source_row IN (SELECT source_row FROM {faults} WHERE action = 'quarantined')"""
    )
    delivered = f"read_parquet({quote(str(zones.delivered / f'{origin.batch_id}.parquet'))})"
    corrected = select_corrected(
        entity,
        f"(SELECT source_row, CASE WHEN refusal IS NOT NULL THEN {quote(REFUSED)} END AS fault, delivered, "
        f"corrections FROM {delivered} "
        f"JOIN {_RULING} USING (source_row) WHERE decision = 'released')",
    )
    sql.execute(f"CREATE OR REPLACE TEMP TABLE {_RELEASED} AS {select_typed(entity, f'({corrected})')}")
    good = f"_fault IS NULL AND (_faults & {fatal_mask(entity)}::UBIGINT) = 0"
    (released,) = find_one(sql, f"SELECT count(*) FROM {_RELEASED} WHERE {good}")
    (discarded,) = find_one(sql, f"SELECT count(*) FROM {_RULING} WHERE decision = 'discarded'")
    superseded = _write_rows(stage, entity, origin, good, stem)
    _write_quarantine(stage, entity, origin, faults, good, stem)
    return DecidedVersion(
        batch_id=origin.batch_id,
        counts_from=counts_from,
        stem=stem,
        rows_read=landed.rows_read,
        rows_loaded=landed.rows_loaded + released - superseded,
        rows_quarantined=landed.rows_quarantined - released,
        rows_superseded=landed.rows_superseded + superseded,
        rows_discarded=discarded,
    )


def _write_rows(stage: Stage, entity: EntityContract, origin: Origin, good: str, stem: str) -> int:
    zones = stage.zones
    landed = find_rows_file(zones, origin.source, entity.name, origin.batch_id, None)
    names = ", ".join(identifier(name) for name in entity.fields)
    kinds = entity.raw_columns()
    nothing = ", ".join(f"NULL::{kinds[name]} AS {identifier(name)}" for name in entity.fields)
    # A file that was landed under an older contract can lack a column.
    stage.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {TYPED} AS
        SELECT _source_row, {names} FROM (
            SELECT 0::BIGINT AS _source_row, {nothing} WHERE false
            UNION ALL BY NAME SELECT * FROM read_parquet({quote(str(landed))}))
        UNION ALL SELECT _source_row, {names} FROM {_RELEASED} WHERE {good}"""
    )
    target = find_rows_file(zones, origin.source, entity.name, origin.batch_id, stem)
    return stage.write_rows(origin, entity, "true", target)


def _write_quarantine(
    stage: Stage, entity: EntityContract, origin: Origin, faults: str, good: str, stem: str
) -> None:
    """What is left out and why; of a decided row also what was decided, and since when it holds."""
    row = "batch_id, source, entity, source_file, source_row, field"
    ruled = f"JOIN {_RULING} USING (source_row)"
    stage.copy(
        f"""
        SELECT {row}, action, reason, reason_code, NULL::VARCHAR AS decision_id, NULL::DATE AS decided_on
        FROM {faults}
        WHERE source_row NOT IN (SELECT source_row FROM {_RULING})
        UNION ALL
        SELECT {row}, decision AS action, reason, reason_code, decision_id, decided_on FROM {faults} {ruled}
        WHERE decision = 'discarded'
           OR source_row IN (SELECT _source_row FROM {_RELEASED} WHERE {good})
        UNION ALL
        SELECT {row}, action, coalesce(reason, refusal) AS reason, reason_code, decision_id, decided_on
        FROM ({select_faults(origin, entity, _RELEASED)}) {ruled}
        ORDER BY source_row, field""",
        find_quarantine_file(stage.zones, origin.batch_id, stem),
    )
