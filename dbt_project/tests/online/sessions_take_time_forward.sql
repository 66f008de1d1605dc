-- Tests: no session ends before it begins or has seconds below 0, and it begins on the day that it stands on.
-- Matters: a negative session makes a day look shorter than it was, and hides a marathon.
-- Resolve: the connector quarantines such rows (contract.yml of academy): see why it let this one in.
select session_id, started_at, ended_at, seconds
from {{ ref('fct_study_session') }}
where ended_at < started_at or seconds < 0 or on_date <> {{ local_date('started_at') }}
