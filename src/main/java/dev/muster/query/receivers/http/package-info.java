/// Calls over HTTP as `http_config` of a receiver wants them.
@NullMarked
package dev.muster.query.receivers.http;

import org.jspecify.annotations.NullMarked;
