/// Alerts that need no rule: who of the fleet is down, missing or cut off.
@NullMarked
package dev.muster.query.upnessalerts;

import org.jspecify.annotations.NullMarked;
