/// What the table `alerts` tells of: alerts, notifications and silences as they change.
@NullMarked
package dev.muster.blocks.alerts;

import org.jspecify.annotations.NullMarked;
