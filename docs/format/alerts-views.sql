-- Views over the table `alerts` of a store, for DuckDB. Say first where the store is:
--
--   SET VARIABLE store = '/var/lib/muster/store';      -- or 's3://bucket/prefix', with httpfs
--   .read alerts-views.sql
--
-- Every query should narrow `date`, which prunes files by their path.

-- The rows as they are.
CREATE OR REPLACE VIEW alerts_rows AS
SELECT *
FROM read_parquet(getvariable('store') || '/v1/alerts/level=*/date=*/*.parquet',
                  hive_partitioning = true, hive_types = {'level': VARCHAR, 'date': DATE});

-- How alerts changed.
CREATE OR REPLACE VIEW alerts AS
SELECT date, ts, event, alertname, severity, labels, annotations, value, hosts_share, reason, source, fingerprint, starts_at, ends_at
FROM alerts_rows WHERE kind = 'alert';

-- Each time that an alert fired: from when, until when (NULL: not known to have ended), and the value with which it began.
CREATE OR REPLACE VIEW alerts_firing AS
SELECT f.date, f.alertname, f.severity, f.labels, f.annotations, f.ts AS fired_at, min(r.ts) AS ended_at, f.value, f.hosts_share, f.reason, f.fingerprint
FROM alerts f LEFT JOIN alerts r ON r.event = 'resolved' AND r.fingerprint = f.fingerprint AND r.ts >= f.ts
WHERE f.event = 'firing'
GROUP BY ALL;

-- Who was told what.
CREATE OR REPLACE VIEW notifications AS
SELECT date, ts, event AS outcome, receiver, integration, integration_index, group_key, labels AS group_labels, firing, resolved,
       attempts, maybe_duplicate, latency_ms, reason, node
FROM alerts_rows WHERE kind = 'notification';

-- Silences, each with its last words.
CREATE OR REPLACE VIEW silences AS
SELECT silence_id, min(ts) AS created_at, max(ts) FILTER (event = 'expired') AS expired_at, arg_max(starts_at, ts) AS starts_at,
       arg_max(ends_at, ts) AS ends_at, arg_max(created_by, ts) AS created_by, arg_max(comment, ts) AS comment,
       bool_or(acknowledgement) AS acknowledgement, arg_max(matchers, ts) AS matchers
FROM alerts_rows WHERE kind = 'silence'
GROUP BY silence_id;
