/// Several sources as one.
@NullMarked
package dev.muster.model.merge;

import org.jspecify.annotations.NullMarked;
