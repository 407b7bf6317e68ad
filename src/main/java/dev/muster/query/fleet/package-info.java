/// Who is up: follows agents of every cell.
@NullMarked
package dev.muster.query.fleet;

import org.jspecify.annotations.NullMarked;
