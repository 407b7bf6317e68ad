/// What a configuration file says of receivers, as records.
@NullMarked
package dev.muster.query.receivers.settings;

import org.jspecify.annotations.NullMarked;
