/// Conditions on the labels of alerts, as routes, silences and inhibition rules write them.
@NullMarked
package dev.muster.query.alertmanager.match;

import org.jspecify.annotations.NullMarked;
