package dev.muster.query.alerts;

/// What is told of an alert that is pending. Times are Unix milliseconds.
///
/// @param notice the alert; it begins when its value was there first
/// @param atMs when it became pending, or was not any more
/// @param ended whether its value has gone before it fired
public record PendingNotice(Notice notice, long atMs, boolean ended) {}
