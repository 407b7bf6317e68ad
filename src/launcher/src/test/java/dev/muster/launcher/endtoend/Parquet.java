package dev.muster.launcher.endtoend;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Reads blocks the way an analyst would: with DuckDB, knowing nothing of Muster.
final class Parquet {
    private Parquet() {}

    /// All samples of a metric that lie in the blocks of a store, in order of time.
    static List<Sample> samples(Path store, String metric) throws SQLException {
        var sql =
                """
                SELECT epoch_ms(ts), value
                FROM read_parquet('%s/v1/samples/**/*.parquet', hive_partitioning = false)
                WHERE metric = ? AND value IS NOT NULL
                ORDER BY ts
                """
                        .formatted(store);
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.prepareStatement(sql)) {
            statement.setString(1, metric);
            var samples = new ArrayList<Sample>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    samples.add(new Sample(rows.getLong(1), rows.getDouble(2)));
                }
            }
            return samples;
        }
    }

    /// What the series file says of a metric: label sets with their number of samples.
    static long countOfSeriesFile(Path store, String metric) throws SQLException {
        var sql =
                """
                SELECT coalesce(sum(n), 0)
                FROM read_parquet('%s/v1/series/**/*.parquet', hive_partitioning = false)
                WHERE metric = ? AND labels['job'] = 'known'
                """
                        .formatted(store);
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.prepareStatement(sql)) {
            statement.setString(1, metric);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }
}
