/// Series in plain maps, for unit tests of rules and of whatever reads series.
@NullMarked
package dev.muster.model.memory;

import org.jspecify.annotations.NullMarked;
