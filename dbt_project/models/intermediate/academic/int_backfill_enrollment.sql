-- Student rows of the back-fill workbooks with the class of their own workbook. A row whose class counts from
-- another workbook or from the database does not count; a row without its class is an orphan.
select
    'backfill/'
    || substr(students.batch_id, 1, 12)
    || '/'
    || cast(students.source_row as varchar) as enrollment_id,
    coalesce(classes.class_key, students.class_id) as class_id,
    students.unit_code,
    students.name_nfkc,
    students.sex,
    students.id_number,
    students.id_number_is_text,
    students.is_passed,
    students.hours,
    students.batch_id,
    students.source_file,
    students.source_row,
    classes.class_id is null as is_orphan,
    coalesce(classes.counts, false) as counts
from {{ ref('stg_academic__backfill_student') }} as students
left join {{ ref('int_backfill_class') }} as classes
    on students.workbook = classes.workbook and students.class_id = classes.class_id
