/// The command `./muster check alertmanager`.
@NullMarked
package dev.muster.query.alertmanager.check;

import org.jspecify.annotations.NullMarked;
