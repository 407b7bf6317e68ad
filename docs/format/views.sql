-- Views over the blocks of a store, for DuckDB. Say first where the store is:
--
--   SET VARIABLE store = '/var/lib/muster/store';      -- or 's3://bucket/prefix', with httpfs
--   .read views.sql
--
-- Every query should narrow `date` and, where it can, `cell` and `metric`: the first two prune files by their path,
-- the third prunes row groups. `cell` is the cell of the agent.

-- What the manifests say (block-manifest.md): merged blocks that count, and blocks of agents that do not any more, because a merged
-- one has their samples. Files of neither kind count only if their level is L0. Nothing where nothing was merged yet.
CREATE OR REPLACE VIEW listed_files AS
SELECT regexp_extract(split_part(line, ' ', 2), '(level=.*)$', 1) AS file
FROM (SELECT unnest(string_split(content, chr(10))) AS line
      FROM (SELECT content, row_number() OVER (PARTITION BY regexp_extract(filename, '(date=.*)/', 1) ORDER BY filename DESC) AS age
            FROM read_text(getvariable('store') || '/v1/manifest/date=*/cell=*/*.txt'))
      WHERE age = 1)
WHERE starts_with(line, 'merged ') OR starts_with(line, 'replaced v1/series/level=L0/');

-- One row per sample that is a number. A NULL value is a staleness marker: the series ended there. `start_ts` says since
-- when a counter counts, where that is known. `taken_by` is the peer that took the sample while the host's own agent was
-- lost, NULL for the own agent: then a series may have a time twice, see samples_once.
CREATE OR REPLACE VIEW samples AS
SELECT * EXCLUDE filename, nullif(regexp_extract(filename, '/[^/@]+@([^/@]+)-[0-9]+-[0-9]+[.]parquet$', 1), '') AS taken_by
FROM read_parquet(getvariable('store') || '/v1/samples/level=*/date=*/cell=*/*.parquet', filename = true,
                  hive_partitioning = true, hive_types = {'level': VARCHAR, 'date': DATE, 'cell': VARCHAR})
WHERE (level = 'L0') <> (regexp_extract(filename, '(level=.*)$', 1) IN (SELECT file FROM listed_files));

-- One row per series and time: the own agent's, else that of the first peer by name.
CREATE OR REPLACE VIEW samples_once AS
SELECT *
FROM samples
QUALIFY row_number() OVER (PARTITION BY date, series_id, ts ORDER BY taken_by NULLS FIRST) = 1;

-- One row per series and block: its labels and what its samples add up to.
CREATE OR REPLACE VIEW series AS
SELECT * EXCLUDE filename, nullif(regexp_extract(filename, '/[^/@]+@([^/@]+)-[0-9]+-[0-9]+[.]parquet$', 1), '') AS taken_by
FROM read_parquet(getvariable('store') || '/v1/series/level=*/date=*/cell=*/*.parquet', filename = true,
                  hive_partitioning = true, hive_types = {'level': VARCHAR, 'date': DATE, 'cell': VARCHAR})
WHERE (level = 'L0') <> (regexp_extract(filename, '(level=.*)$', 1) IN (SELECT file FROM listed_files));

-- One row per series and day, however many blocks hold a part of it.
CREATE OR REPLACE VIEW series_by_day AS
SELECT date, series_id, any_value(metric) AS metric, any_value(type) AS type, any_value(unit) AS unit,
       any_value(cell) AS cell, any_value(host) AS host, any_value(service) AS service,
       any_value(job) AS job, any_value(instance) AS instance, any_value(labels) AS labels,
       min(min_ts) AS min_ts, max(max_ts) AS max_ts, sum(n) AS n, sum(n_stale) AS n_stale,
       arg_min(first, min_ts) AS first, arg_max(last, max_ts) AS last,
       min(min) AS min, max(max) AS max, sum(sum) AS sum, sum(resets) AS resets
FROM series
GROUP BY date, series_id;

-- Samples with all labels of their series. Joined by day, because a series has a row in each block of the day.
CREATE OR REPLACE VIEW labelled_samples AS
SELECT s.metric, s.cell, s.host, s.service, l.job, l.instance, l.labels, l.type, l.unit,
       s.series_id, s.ts, s.value, s.level, s.date
FROM samples s JOIN series_by_day l USING (date, series_id);
