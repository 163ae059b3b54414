-- Where reading of an attempt's log continues: so many bytes after a place that the runtime names. Without
-- them it continues after as many bytes as are stored.
alter table attempt add column log_marker varchar(200);
alter table attempt add column log_skip bigint;
-- whether the end of the log was stored: nothing is added any more
alter table attempt add column log_closed boolean not null default false;
-- what of the log could not be had, in words
alter table attempt add column log_missing varchar(500);

update attempt set log_closed = true where log_truncated and finished_at is null;
