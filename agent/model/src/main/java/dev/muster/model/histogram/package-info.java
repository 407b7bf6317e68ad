/// Native histograms: a whole distribution as one sample.
@NullMarked
package dev.muster.model.histogram;

import org.jspecify.annotations.NullMarked;
