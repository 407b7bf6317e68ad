/// The alert manager's state on disk.
@NullMarked
package dev.muster.query.alertmanager.store;

import org.jspecify.annotations.NullMarked;
