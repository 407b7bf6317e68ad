/// The commands `./muster check rules` and `./muster test rules`.
@NullMarked
package dev.muster.query.rules.unit;

import org.jspecify.annotations.NullMarked;
