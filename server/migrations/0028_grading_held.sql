-- A run that is unusual looks for one that is held already, which it joins (GRADE-22).
create index grade_run_held on grade_run (rule_set_id, started_at) where state = 'held';
