"""Checks across the modelled tables that publishing depends on (definitions: rules.md, Rates of a unit)."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from expectations.verdicts import Finding, Verdict

LIGHTS = ("red", "yellow", "green")
# What the comparison at the root reads.
ROOT_READS = {
    "dim_unit": ("unit_code", "parent_code"),
    "mart_unit_coverage": ("as_of", "unit_code", "scope", "due", *LIGHTS),
    "dim_cadre": ("is_due",),
    "mart_cadre_coverage": ("light",),
}


def check_root_counts_every_due_cadre(tables: Mapping[str, pa.Table]) -> Verdict:
    """The root's subtree row on the newest `as_of` counts what the cadres themselves add up to.

    Grain: mart_unit_coverage is as_of x unit x scope, mart_cadre_coverage one row a due cadre. Compared are
    due with the due cadres of dim_cadre, and each light with mart_cadre_coverage; several roots are added.
    """
    units, coverage = tables["dim_unit"], tables["mart_unit_coverage"]
    cadres, lights = tables["dim_cadre"], tables["mart_cadre_coverage"]["light"]
    roots = units.filter(pc.is_null(units["parent_code"]))["unit_code"]
    newest = pc.equal(coverage["as_of"], pc.max(coverage["as_of"]))
    of_roots = pc.is_in(coverage["unit_code"], value_set=roots.combine_chunks())
    rows = coverage.filter(pc.and_(pc.and_(newest, of_roots), pc.equal(coverage["scope"], "subtree")))
    wanted = {"due": pc.sum(pc.cast(cadres["is_due"], pa.int64())).as_py() or 0}
    wanted |= {light: pc.sum(pc.cast(pc.equal(lights, light), pa.int64())).as_py() or 0 for light in LIGHTS}
    found = {name: pc.sum(rows[name]).as_py() or 0 for name in wanted}
    wrong = [name for name in wanted if found[name] != wanted[name]]
    told = wrong or list(wanted)
    facts = {name: found[name] for name in told} | {f"{name}_cadres": wanted[name] for name in told}
    return Verdict(not wrong, Finding("root_counts", facts), len(wrong))


def check_one_as_of(tables: Mapping[str, pa.Table], tables_with_as_of: list[str]) -> Verdict:
    """All marts are of one business date: the newest `as_of` of each is the same day.

    A mart without rows has none, and one that is missing is told as missing by its own expectations.
    """
    found = [pc.max(tables[name]["as_of"]).as_py() for name in tables_with_as_of if name in tables]
    newest = {day for day in found if day is not None}
    return Verdict(len(newest) <= 1, Finding("business_dates", {"dates": len(newest), "tables": len(found)}))
