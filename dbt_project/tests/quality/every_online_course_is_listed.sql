-- Tests: mart_course_use has every course of the academy once, no more completions than learners, and calls
-- unused exactly what is on offer without a learner; who has a ledger row on a course is one of its
-- learners.
-- Matters: an unused course is taken down; one that is used must not be on that list.
-- Resolve: look at the course's records and mobile statements, and at its days of publication and
-- retirement.
with

ledger as (

    -- mobile rows may stem from a rating alone, which is no learning: the academy's own rows are the measure
    select records.course_id, count(distinct ledger.cadre_key) as cadres
    from {{ ref('fct_training') }} as ledger
    inner join {{ ref('stg_academy__records') }} as records on ledger.source_record_id = records.record_id
    where ledger.source = 'academy'
    group by records.course_id

)

select
    courses.course_id,
    uses.learners,
    uses.completions,
    uses.use_status,
    ledger.cadres
from {{ ref('stg_academy__courses') }} as courses
full outer join {{ ref('mart_course_use') }} as uses on courses.course_id = uses.course_id
left join ledger on courses.course_id = ledger.course_id
where
    courses.course_id is null
    or uses.course_id is null
    or uses.completions > uses.learners
    or uses.is_unused <> (uses.is_published and uses.learners = 0)
    or (uses.learners = 0) <> (uses.last_used_on is null)
    or uses.learners < coalesce(ledger.cadres, 0)
    or uses.learners < greatest(uses.academy_learners, uses.mobile_learners)
    or uses.learners > uses.academy_learners + uses.mobile_learners
