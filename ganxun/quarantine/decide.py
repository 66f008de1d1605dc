"""Release and discard: a person's decision on quarantined rows, checked before it is kept.

A release is refused at once where the contract cannot bear the row: the same typing and the same rules as at
landing judge it, with the corrections in it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import structlog

from connectors.contract import EntityContract, load_contract
from connectors.decided_batch import select_corrected
from connectors.export_time import night_of
from connectors.ledger import Ledger
from connectors.ledger_decided import find_quarantine_file
from connectors.reasons import OUT_OF_RANGE
from connectors.staging import fatal_mask, find_one
from connectors.typing_sql import quote, rules_of, select_typed
from ganxun.quarantine.book import OPEN, Book, Filter, open_book
from ganxun.quarantine.decisions import DecidedFile, Decision, Verdict, make_decision_id, write_decision
from ganxun.quarantine.redeliver import NotKept, keep_delivered
from ganxun.quarantine.refusals import Refused, read_corrections, refuse_faults
from ganxun.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True)
class Request:
    """What a person asks for. `every` means all open rows of one reason; else one row is meant.

    `corrections` are `field=value` as typed; `counts_from` None: from the night that comes.
    """

    verdict: Verdict
    wanted: Filter
    every: bool
    why: str
    by: str
    corrections: list[str] = field(default_factory=list)
    counts_from: date | None = None


@dataclass(frozen=True)
class Decided:
    """What was decided, without any value: for the screen."""

    decision_id: str
    decision: Verdict
    source: str
    entity: str
    rows: int
    corrected: list[str]
    emptied: list[str]
    counts_from: date


def decide(settings: Settings, request: Request) -> Decided:
    """Check a decision and keep it; the next run from `counts_from` on lets it take effect.

    Raises `Refused`, in words for the person; then nothing is kept.
    """
    if not request.why.strip():
        raise Refused("say why: a decision without a reason helps nobody who asks later")
    with Ledger(settings.zones) as ledger, open_book(settings, ledger) as book:
        source, entity = _choose(book, request)
        contract = load_contract(source).entities[entity]
        for (batch_id,) in book.stage.connection.execute("SELECT DISTINCT batch_id FROM chosen").fetchall():
            try:
                keep_delivered(settings.zones, ledger, batch_id)
            except NotKept as error:
                raise Refused(str(error)) from None
        _read_chosen(book)
        given: dict[str, str | None] = {}
        emptied: list[str] = []
        if request.verdict == "released":
            given |= read_corrections(contract, request.corrections, every=request.every)
            emptied = [name for name in _find_emptied(book, contract) if name not in given]
            given |= dict.fromkeys(emptied)
            _check(book, contract, given)
        now = datetime.now(UTC)
        counts_from = request.counts_from or find_coming_night(settings, ledger, now)
        decision = Decision(
            decision_id=make_decision_id(counts_from, now),
            decision=request.verdict,
            decided_at=now.isoformat(timespec="microseconds"),
            decided_by=request.by,
            why=request.why.strip(),
            counts_from=counts_from,
            source=source,
            entity=entity,
            corrections=given,
            files=_list_files(book),
        )
    write_decision(settings.zones, decision)
    log.info(
        "quarantine decided", decision_id=decision.decision_id, decision=decision.decision, source=source,
        entity=entity, rows=decision.rows, fields=sorted(given),
    )  # fmt: skip
    corrected = [name for name in given if name not in emptied]
    return Decided(
        decision.decision_id,
        decision.decision,
        source,
        entity,
        decision.rows,
        corrected,
        emptied,
        counts_from,
    )


def find_coming_night(settings: Settings, ledger: Ledger, now: datetime) -> date:
    """The first business date that a decision made now counts for: that of the night that comes.

    Where the newest night that was delivered or published lies longer ago, it is the one after that: a night
    that has been reported is never changed behind its readers' backs.
    """
    night = night_of(now, settings.timezone, settings.night_ends_at)
    (row,) = ledger.query(
        "SELECT max(day) AS day FROM (SELECT max(business_date) AS day FROM file WHERE status = 'loaded' "
        "AND is_dated UNION ALL SELECT max(business_date) FROM run WHERE status = 'published')"
    )
    return min(night, date.fromisoformat(row["day"]) + timedelta(days=1)) if row["day"] else night


def _choose(book: Book, request: Request) -> tuple[str, str]:
    """Create the table `chosen` of the rows that are meant; returns their source and entity."""
    condition, values = request.wanted.condition()
    if request.every:
        condition += f" AND state IN {OPEN}"
    book.stage.connection.execute(
        "CREATE TEMP TABLE chosen AS SELECT DISTINCT batch_id, source, entity, source_row, sha256, "
        f"business_date FROM work WHERE {condition}",
        values,
    )
    groups = book.ask(
        f"SELECT DISTINCT group_id, source, entity, field, reason FROM work WHERE {condition}", values
    )
    rows = book.ask("SELECT count(*) AS number FROM chosen")[0]["number"]
    if not rows:
        raise Refused("no such row is in quarantine; `ganxun quarantine list` has what is")
    if request.every and len(groups) > 1:
        names = "; ".join(
            sorted(
                f"{one['group_id']} {one['entity']}.{one['field'] or '*'} {one['reason']}" for one in groups
            )
        )
        raise Refused(f"more than one reason is meant, decide one by one: {names}")
    if not request.every and rows > 1:
        raise Refused(f"{rows} rows are meant: name one row, or say --all for all rows of the reason")
    return groups[0]["source"], groups[0]["entity"]


def _read_chosen(book: Book) -> None:
    """Create the table `asked`: the chosen rows with what was delivered in them."""
    batches = [row["batch_id"] for row in book.ask("SELECT DISTINCT batch_id FROM chosen")]
    files = ", ".join(quote(str(book.zones.delivered / f"{batch_id}.parquet")) for batch_id in batches)
    landed = ", ".join(quote(str(find_quarantine_file(book.zones, batch_id, None))) for batch_id in batches)
    book.stage.connection.execute(
        f"""CREATE TEMP TABLE asked AS SELECT chosen.*, delivered, content
        FROM chosen JOIN read_parquet([{files}]) USING (batch_id, source_row);
        CREATE TEMP TABLE landed_fault AS SELECT field, reason, count(*) AS rows FROM chosen
        JOIN read_parquet([{landed}]) USING (batch_id, source_row)
        WHERE action = 'quarantined' GROUP BY ALL"""
    )


def _find_emptied(book: Book, contract: EntityContract) -> list[str]:
    """Optional fields whose value is out of its range in every chosen row: a release loads them empty.

    Nothing else can be released as it is. A required field has no empty; an end before its start tells that
    one of the two is wrong, not which, and an empty end would mean that it goes on.
    """
    (total,) = book.ask("SELECT count(*) AS number FROM chosen")
    ranges = {
        (rule.field, str(rule.reason))
        for rule in rules_of(contract)
        if not contract.fields[rule.field].required and rule.reason.code in OUT_OF_RANGE
    }
    return [
        row["field"]
        for row in book.ask("SELECT * FROM landed_fault ORDER BY field")
        if (row["field"], row["reason"]) in ranges and row["rows"] == total["number"]
    ]


def _check(book: Book, contract: EntityContract, given: dict[str, str | None]) -> None:
    """Type the rows as the next run will; refuse what would not be loaded, or not as the person said."""
    corrections = quote(json.dumps(given, ensure_ascii=False))
    corrected = select_corrected(
        contract,
        f"(SELECT row_number() OVER () AS source_row, NULL::VARCHAR AS fault, delivered, "
        f"{corrections} AS corrections FROM asked)",
    )
    book.stage.connection.execute(f"CREATE TEMP TABLE tried AS {select_typed(contract, f'({corrected})')}")
    fatal, rules = fatal_mask(contract), rules_of(contract)
    counts = ", ".join(f"count(*) FILTER ((_faults & {rule.mask}::UBIGINT) <> 0)" for rule in rules)
    found = find_one(book.stage.connection, f"SELECT {counts} FROM tried")
    faults: list[dict[str, Any]] = [
        {"field": rule.field, "reason": rule.reason, "rows": rows}
        for rule, rows in zip(rules, found, strict=True)
        # What would be nulled silently is a wrong correction where a person has just typed it.
        if rows and (rule.mask & fatal or given.get(rule.field) not in (None, ""))
    ]
    if faults:
        (total,) = book.ask("SELECT count(*) AS number FROM chosen")
        refuse_faults(faults, total["number"], given)


def _list_files(book: Book) -> list[DecidedFile]:
    rows = book.ask(
        """SELECT sha256, CAST(min(business_date) AS VARCHAR) AS business_date,
                  list(source_row ORDER BY source_row) AS source_rows,
                  list(content ORDER BY source_row) AS contents
           FROM (SELECT DISTINCT ON (sha256, source_row) * FROM asked ORDER BY business_date)
           GROUP BY sha256 ORDER BY 2, 1"""
    )
    return [DecidedFile(**row) for row in rows]
