-- The class proposed to each candidate. Seats, and the places of a unit, go in the order of the list; what is
-- proposed to one is gone for the next, so that all proposals can be accepted together.
--
-- Several rounds. In each, the free seats of every class are offered to the first of those still without a
-- class who want it; who is offered several takes the one preferred, and the rest of the seats is offered in
-- the next round. Within a unit the place in line counts over all its people without a class, and over all
-- classes that share a day with the one offered: never too many, at the price of a few more rounds.
{%- set rounds = 6 %}
with

offers as (

    select * from {{ ref('int_call_up_offer') }} where is_attendable

),

taken_0 as (

    select cadre_key, unit_code, class_id, start_date, end_date from offers where false

)
{%- for round in range(1, rounds + 1) %},

seats_{{ round }} as (

    select class_id, count(*) as seats_taken from taken_{{ round - 1 }} group by class_id

),

places_{{ round }} as (

    -- of a unit, already proposed to a class that shares a day with this one
    select
        classes.unit_code,
        classes.class_id,
        count(*) as places_taken
    from (select distinct unit_code, class_id, start_date, end_date from offers) as classes
    inner join taken_{{ round - 1 }} as taken
        on
            classes.unit_code = taken.unit_code
            and classes.start_date <= taken.end_date
            and taken.start_date <= classes.end_date
    group by classes.unit_code, classes.class_id

),

lined_up_{{ round }} as (

    select
        offers.*,
        offers.free_seats - coalesce(seats.seats_taken, 0) as seats_left,
        offers.unit_spare - coalesce(places.places_taken, 0) as places_left,
        row_number() over (partition by offers.class_id order by offers.priority) as class_rank,
        dense_rank() over (partition by offers.unit_code order by offers.priority) as unit_rank
    from offers
    left join taken_{{ round - 1 }} as taken on offers.cadre_key = taken.cadre_key
    left join seats_{{ round }} as seats on offers.class_id = seats.class_id
    left join places_{{ round }} as places
        on offers.unit_code = places.unit_code and offers.class_id = places.class_id
    where
        taken.cadre_key is null
        and offers.free_seats > coalesce(seats.seats_taken, 0)
        and offers.unit_spare > coalesce(places.places_taken, 0)

),

offered_{{ round }} as (

    select
        *,
        row_number() over (partition by cadre_key order by preference) as choice
    from lined_up_{{ round }}
    where class_rank <= seats_left and unit_rank <= places_left

),

taken_{{ round }} as (

    select cadre_key, unit_code, class_id, start_date, end_date from taken_{{ round - 1 }}
    union all
    select cadre_key, unit_code, class_id, start_date, end_date from offered_{{ round }} where choice = 1

)
{%- endfor %}

select
    cadre_key,
    unit_code,
    class_id
from taken_{{ rounds }}
