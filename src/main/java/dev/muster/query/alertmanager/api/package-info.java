/// Alertmanager's HTTP API, version 2.
@NullMarked
package dev.muster.query.alertmanager.api;

import org.jspecify.annotations.NullMarked;
