/// What became of alerts, notifications and silences, written down until it is in the table
/// `alerts`.
@NullMarked
package dev.muster.query.alertmanager.history;

import org.jspecify.annotations.NullMarked;
