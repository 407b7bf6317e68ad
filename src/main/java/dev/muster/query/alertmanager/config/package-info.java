/// Alertmanager's configuration file: its routing tree, times and inhibition rules.
@NullMarked
package dev.muster.query.alertmanager.config;

import org.jspecify.annotations.NullMarked;
