/// What the alert manager knows: alerts, silences, and who was told what; and how it lasts.
@NullMarked
package dev.muster.query.alertmanager.state;

import org.jspecify.annotations.NullMarked;
