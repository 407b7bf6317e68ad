/// The alert manager of the query node, which takes Alertmanager's configuration file as it is.
@NullMarked
package dev.muster.query.alertmanager;

import org.jspecify.annotations.NullMarked;
