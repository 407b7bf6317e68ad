/// Configuration files in YAML: read with bounds, one key at a time, so that an error names its
/// line, its column and the key that was meant.
@NullMarked
package dev.muster.yaml;

import org.jspecify.annotations.NullMarked;
