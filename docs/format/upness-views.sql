-- Views over the table `upness` of a store, for DuckDB. Say first where the store is:
--
--   SET VARIABLE store = '/var/lib/muster/store';      -- or 's3://bucket/prefix', with httpfs
--   .read upness-views.sql
--
-- Every query should narrow `date` and, where it can, `cell`: both prune files by their path.

-- The rows as they are: what each observer logged.
CREATE OR REPLACE VIEW upness_rows AS
SELECT *
FROM read_parquet(getvariable('store') || '/v1/upness/level=*/date=*/cell=*/*.parquet', filename = true,
                  hive_partitioning = true, hive_types = {'level': VARCHAR, 'date': DATE, 'cell': VARCHAR});

-- What each observer says of each target, as spans; of a correction, the highest version.
CREATE OR REPLACE VIEW upness_spans AS
WITH watches AS (
    SELECT filename, run, host AS observer, ts AS watch_from, until_ts AS watch_until, cause IS NOT NULL AND cause = 'cut' AS cut
    FROM upness_rows WHERE kind = 'watch'
), said AS (
    SELECT r.*, max(version) OVER (PARTITION BY date, cell, host, job, instance, ts) AS newest
    FROM upness_rows r WHERE kind <> 'watch'
), voices AS (
    SELECT s.* EXCLUDE (newest), w.watch_from,
           CASE WHEN w.cut AND s.host <> w.observer THEN greatest(w.watch_from, w.watch_until - INTERVAL 4 second) ELSE w.watch_until END AS watch_until,
           lead(s.ts) OVER (PARTITION BY s.filename, s.run, s.cell, s.host, s.job, s.instance ORDER BY s.ts, s.decided_at) AS next_ts
    FROM said s JOIN watches w USING (filename, run)
    WHERE s.version = s.newest AND s.until_ts IS NULL
)
SELECT date, cell, host, zone, rack, job, instance, greatest(ts, watch_from) AS span_from, least(coalesce(next_ts, watch_until), watch_until) AS span_until,
       ts, decided_at, to_state, cause, reason, provenance, witnesses, observer
FROM voices
WHERE greatest(ts, watch_from) < least(coalesce(next_ts, watch_until), watch_until)
UNION ALL
SELECT date, cell, host, zone, rack, job, instance, ts, until_ts, ts, decided_at, to_state, cause, reason, provenance, witnesses, observer
FROM upness_rows WHERE kind <> 'watch' AND until_ts IS NOT NULL;

-- The one history that follows: one row per target and span, without overlaps. Where there is no row, nobody logged.
CREATE OR REPLACE VIEW upness_history AS
WITH edges AS (
    SELECT DISTINCT date, cell, host, job, instance, edge
    FROM (SELECT date, cell, host, job, instance, unnest([span_from, span_until]) AS edge FROM upness_spans)
), pieces AS (
    SELECT *, lead(edge) OVER (PARTITION BY date, cell, host, job, instance ORDER BY edge) AS edge_until FROM edges
), best AS (
    SELECT p.date, p.cell, p.host, p.job, p.instance, p.edge, p.edge_until,
           arg_max({'state': s.to_state, 'cause': s.cause, 'provenance': s.provenance, 'zone': s.zone, 'rack': s.rack},
                   row(CASE s.to_state WHEN 'unknown' THEN -1 WHEN 'left' THEN 4 ELSE
                           CASE s.provenance WHEN 'own' THEN 4 WHEN 'peer' THEN 3 WHEN 'host' THEN 2 WHEN 'inferred' THEN 1 ELSE 0 END END,
                       s.ts, s.decided_at,
                       CASE s.to_state WHEN 'down' THEN 4 WHEN 'maint' THEN 3 WHEN 'up' THEN 2 WHEN 'left' THEN 1 ELSE 0 END)) AS best
    FROM pieces p JOIN upness_spans s
      ON s.date = p.date AND s.cell = p.cell AND s.host = p.host AND s.job IS NOT DISTINCT FROM p.job
     AND s.instance IS NOT DISTINCT FROM p.instance AND s.span_from <= p.edge AND s.span_until > p.edge
    GROUP BY ALL
), marked AS (
    SELECT *, CASE WHEN lag(edge_until) OVER w = edge AND lag(best) OVER w IS NOT DISTINCT FROM best THEN 0 ELSE 1 END AS starts
    FROM best WINDOW w AS (PARTITION BY date, cell, host, job, instance ORDER BY edge)
), numbered AS (
    SELECT *, sum(starts) OVER (PARTITION BY date, cell, host, job, instance ORDER BY edge) AS span FROM marked
)
SELECT date, cell, host, best.zone AS zone, best.rack AS rack, job, instance, best.state AS state, best.cause AS cause,
       best.provenance AS provenance, min(edge) AS ts, max(edge_until) AS until_ts
FROM numbered
WHERE best.state <> 'left'
GROUP BY date, cell, host, job, instance, span, best;

-- Every change, once, however many observers logged it: as decided first.
CREATE OR REPLACE VIEW upness AS
SELECT DISTINCT ON (date, cell, host, job, instance, from_state, to_state, cause, provenance, version, time_bucket(INTERVAL 5 second, ts))
       ts, decided_at, until_ts, cell, host, zone, rack, job, instance, from_state, to_state, cause, reason, provenance, version, witnesses, observer, date
FROM upness_rows
WHERE kind = 'change'
ORDER BY decided_at, ts;
