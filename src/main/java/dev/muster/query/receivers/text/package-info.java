/// What notifications say: templates of the configuration and what they speak of.
@NullMarked
package dev.muster.query.receivers.text;

import org.jspecify.annotations.NullMarked;
