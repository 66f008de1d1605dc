"""What rule 6 compares of people and cadres: tables in a database in memory, one row a person or cadre."""

from __future__ import annotations

import duckdb
import pyarrow as pa

TRAINING_PEOPLE = 20_000  # people whose pairs with all cadres train m
SAMPLE = 500  # cadres, and people who are not among them, whose pairs (all of them) train u

PEOPLE = """
    with units as (
        select source, source_person_id, unit_code from person_unit
        union
        select source, source_person_id, unit_code from person_hint
    ),
    gathered as (
        select source, source_person_id, list(unit_code order by unit_code) as units
        from units
        group by source, source_person_id
    ),
    numbers as (
        -- a number that is not valid and that people of three names or more bear is a placeholder
        select number_text, count(distinct person_name) > 2 as is_placeholder
        from person
        group by number_text
    )
    select
        person.source || '/' || person.source_person_id as unique_id,
        person.source,
        person.source_person_id,
        person.person_name,
        person.sex,
        person.birth_month,
        person.valid_number,
        case
            when person.valid_number is not null or not numbers.is_placeholder then person.number_text
        end as number_text,
        person.masked_pattern,
        gathered.units,
        rule_link.person_code as tied_to,
        rule_link.is_open,
        false as is_cadre
    from person
    inner join rule_link using (source, source_person_id)
    left join gathered using (source, source_person_id)
    left join numbers on person.number_text = numbers.number_text
"""
CADRES = """
    with gathered as (
        select person_code, list(unit_code order by unit_code) as units from cadre_unit group by person_code
    )
    select
        cadre.person_code as unique_id,
        cadre.person_name,
        cadre.sex,
        cadre.birth_month,
        cadre.valid_number,
        cadre.number_text,
        cast(null as varchar) as masked_pattern,
        gathered.units,
        true as is_cadre
    from cadre
    left join gathered using (person_code)
"""
# `shorter`: the name with one character away, for each character. Two names share one where a character was
# mistyped, lost or added. DuckDB's own distances count bytes, of which a Chinese character has three.
FEATURES = r"""
    with cleaned as (
        select
            *,
            nullif(regexp_replace(person_name, '[\s\p{{P}}]', '', 'g'), '') as name,
            case when number_text not like '%*%' then number_text end as number,
            replace(masked_pattern, '_', '*') as mask
        from {rows}
    )
    select
        unique_id,
        name,
        list_aggregate(list_sort(string_split(name, '')), 'string_agg', '') as name_sorted,
        list_transform(
            range(1, length(name) + 1), lambda k: substr(name, 1, k - 1) || substr(name, k + 1)
        ) as shorter,
        substr(name, 1, 1) as surname,
        substr(name, -1) as last_character,
        cast(birth_month as varchar) as birth,
        sex,
        units,
        list_distinct(list_transform(units, lambda unit: substr(unit, 1, 7))) as branches,
        valid_number,
        number,
        substr(number, 1, 10) as number_head,
        substr(number, -8) as number_tail,
        case
            when mask is not null then substr(mask, 1, 6) || substr(mask, -4)
            when is_cadre and length(number) = 18 then substr(number, 1, 6) || substr(number, -4)
        end as number_ends,
        mask,
        length(mask) - length(replace(mask, '*', '')) as stars
    from cleaned
    order by unique_id
"""


def prepare(connection: duckdb.DuckDBPyConnection, tables: dict[str, pa.Table]) -> None:
    """Create what is compared, from the dbt models of these names without `int_identity_`.

    cadres: all of the books. left_over: people whom rules 1 to 5 leave over and who have a name or a number.
    training_people, sample_people, sample_cadres: who trains the model, taken in the order of a hash, so that
    the same data trains the same model. name_frequency: how common each name is among the cadres. people:
    their sources and ids, and who is tied to whom.
    """
    for name, rows in tables.items():
        connection.register(name, rows)
    connection.execute(f"create table people as {PEOPLE}")
    connection.execute(f"create table books as {CADRES}")
    for name in tables:
        connection.unregister(name)
    connection.execute(f"create table all_people as {FEATURES.format(rows='people')}")
    connection.execute(f"create table cadres as {FEATURES.format(rows='books')}")
    connection.execute("""
        create table left_over as
        select all_people.*
        from all_people
        inner join people using (unique_id)
        where people.is_open and coalesce(all_people.name, all_people.number) is not null
        order by unique_id
    """)
    in_order = "order by md5(unique_id), unique_id limit"
    connection.execute(f"create table training_people as from all_people {in_order} {TRAINING_PEOPLE}")
    count = connection.execute("select count(*) // 2 from cadres").fetchone()
    size = min(SAMPLE, count[0] if count else 0)
    connection.execute(f"create table sample_cadres as from cadres {in_order} {size}")
    # Each is tied to a cadre who is none of these: their pairs are no matches.
    connection.execute(f"""
        create table sample_people as
        select all_people.*
        from all_people
        inner join people using (unique_id)
        where people.tied_to is not null
        and people.tied_to not in (select unique_id from sample_cadres)
        {in_order} {SAMPLE}
    """)
    connection.execute("""
        create table name_frequency as
        select name, count(*) / sum(count(*)) over () as tf_name
        from cadres
        where name is not null
        group by name
    """)
