/// Those who are told of alerts: webhooks, mail, chat and paging services. The alert manager
/// (`query.alertmanager`) calls this package, never the other way round.
@NullMarked
package dev.muster.query.receivers;

import org.jspecify.annotations.NullMarked;
