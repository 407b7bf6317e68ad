/// From alerts to those who are told: groups, what holds them back, and deliveries.
@NullMarked
package dev.muster.query.alertmanager.dispatch;

import org.jspecify.annotations.NullMarked;
