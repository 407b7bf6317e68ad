/// Who should be there: hosts and services that were seen or are listed, and those of them that are
/// missing. Plain Java.
@NullMarked
package dev.muster.query.expected;

import org.jspecify.annotations.NullMarked;
