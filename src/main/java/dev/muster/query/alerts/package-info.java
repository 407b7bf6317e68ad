/// Alerts on their way from rules to those who tell people.
@NullMarked
package dev.muster.query.alerts;

import org.jspecify.annotations.NullMarked;
