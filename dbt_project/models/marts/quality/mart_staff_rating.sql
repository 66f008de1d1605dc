with

classes as (

    select class_staff.staff_id, count(distinct classes.class_id) as classes
    from {{ ref('stg_academic__class_staff') }} as class_staff
    inner join {{ ref('dim_training_class') }} as classes
        on
            class_staff.class_id = classes.class_id
            and classes.source = 'academic'
            and classes.evidence_grade = 'system'
    where not class_staff.is_deleted and classes.status = 'finished'
    group by class_staff.staff_id

)

select
    ratings.target,
    ratings.target as staff_id,
    staff.staff_role,
    coalesce(classes.classes, 0) as classes,
    ratings.ratings,
    ratings.mean_score,
    ratings.overall_mean,
    ratings.adjusted_score,
    ratings.position,
    ratings.last_rated_on
from {{ ref('int_target_rating') }} as ratings
left join {{ ref('stg_academic__staff') }} as staff on ratings.target = staff.staff_id
left join classes on ratings.target = classes.staff_id
where ratings.target_kind = 'staff'
