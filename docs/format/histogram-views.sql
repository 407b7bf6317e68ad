-- Views over the native histograms of a store, for DuckDB; read views.sql first. A file of its own, because a view needs a file, and not
-- every store has native histograms.

-- One row per sample that is a native histogram.
CREATE OR REPLACE VIEW hist AS
SELECT * EXCLUDE filename
FROM read_parquet(getvariable('store') || '/v1/hist/level=*/date=*/cell=*/*.parquet', filename = true,
                  hive_partitioning = true, hive_types = {'level': VARCHAR, 'date': DATE, 'cell': VARCHAR})
WHERE (level = 'L0') <> (regexp_extract(filename, '(level=.*)$', 1) IN (SELECT file FROM listed_files));

-- One row per bucket of each of them that is not empty. `n` observations lie above `lower` and up to `upper`
-- (below zero: from `lower` to below `upper`; in the zero bucket both belong to it).
CREATE OR REPLACE VIEW hist_buckets AS
WITH buckets AS (
  SELECT h.* EXCLUDE (pos, neg, custom), unnest(
           list_transform(pos, lambda b: {
             'lower': CASE WHEN schema = -53 THEN CASE WHEN b.idx = 0 THEN '-inf'::DOUBLE ELSE custom[b.idx] END
                           ELSE pow(2, (b.idx - 1) * pow(2, -schema)) END,
             'upper': CASE WHEN schema = -53 THEN coalesce(custom[b.idx + 1], 'inf'::DOUBLE)
                           ELSE pow(2, b.idx * pow(2, -schema)) END,
             'n': b.n})
           || list_transform(neg, lambda b: {
             'lower': -pow(2, b.idx * pow(2, -schema)), 'upper': -pow(2, (b.idx - 1) * pow(2, -schema)), 'n': b.n})
           || [{'lower': -zero_threshold, 'upper': zero_threshold, 'n': zero_count}]) AS bucket
  FROM hist h)
SELECT metric, cell, host, service, series_id, ts, bucket.lower AS lower, bucket.upper AS upper, bucket.n AS n, level, date
FROM buckets
WHERE bucket.n <> 0;
