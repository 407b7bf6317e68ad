/// How each kind of receiver is told.
@NullMarked
package dev.muster.query.receivers.deliver;

import org.jspecify.annotations.NullMarked;
