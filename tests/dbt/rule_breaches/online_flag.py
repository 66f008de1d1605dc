"""What breaks the rules of study sessions, online flags and the calendar."""

from __future__ import annotations

INT = "models/intermediate/online"
MART = "models/marts/online"
DATE = "models/marts/shared/dim_date.sql"

BREACHES = {
    "days_of_the_calendar_and_of_the_plan": (DATE, "date_day <= cast(", "date_day < cast("),
    "the_calendar_ends_with_the_next_year": (DATE, " + 1) || '-12-31'", ") || '-12-31'"),
    "sessions_without_their_record_wait": (
        f"{INT}/int_study_session.sql",
        "inner join {{ ref('int_training_record') }}",
        "left join {{ ref('int_training_record') }}",
    ),
    "sessions_are_split_at_local_midnight": (
        f"{INT}/int_study_session_day.sql",
        "where started_at < ended_at",
        "where started_at <= ended_at",
    ),
    "sixty_seconds_at_once_are_parallel_and_fifty_nine_are_not": (
        f"{INT}/int_study_parallel.sql",
        "overlap_seconds >= {{",
        "overlap_seconds > {{",
    ),
    "a_long_session_is_parallel_to_all_that_begin_within_it": (
        f"{INT}/int_study_parallel.sql",
        "rows between unbounded preceding and 1 preceding",
        "rows between 1 preceding and 1 preceding",
    ),
    "twelve_hours_in_a_day_are_no_marathon": (
        f"{INT}/int_study_marathon.sql",
        "days.study_seconds > {{",
        "days.study_seconds >= {{",
    ),
    "exactly_half_the_duration_is_not_too_fast": (
        f"{INT}/int_study_too_fast.sql",
        " - 0.000001",
        " + 0.000001",
    ),
    "half_a_year_and_twenty_hours_from_the_sixteenth_are_cramming": (
        f"{INT}/int_study_cramming.sql",
        "activity_date >= crammed_from",
        "activity_date > crammed_from",
    ),
    "study_in_an_attended_lesson_of_ten_minutes_counts": (
        f"{INT}/int_study_during_class.sql",
        "        and missed.enrollment_id is null\n",
        "",
    ),
    "a_flag_names_every_record_behind_it": (
        f"{INT}/int_study_flag_record.sql",
        "earlier_record_id as record_id",
        "record_id",
    ),
    "findings_of_a_kind_cadre_and_day_are_one_flag_in_words": (
        f"{MART}/mart_online_flag.sql",
        "classes.source = 'academic' and ",
        "",
    ),
    "a_session_belongs_to_the_local_day_on_which_it_began": (
        f"{MART}/fct_study_session.sql",
        "{{ local_date('started_at') }}",
        "cast(started_at - interval 1 day as date)",
    ),
    "online_board_counts_due_cadres_of_this_year": (
        "models/marts/board/mart_online_board.sql",
        "        and {{ year_of('activity_date') }} = {{ year_of(as_of()) }}\n",
        "",
    ),
}
