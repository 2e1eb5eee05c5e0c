-- A refusal stands under the key of its item (SYNC-12), and no longer under the mark of the request that it came in.
alter table phone drop column refused_marks;
