/// A file of records that are on disk before anybody is told so: what pushes and runs are kept in;
/// and how such a store becomes targets.
@NullMarked
package dev.muster.agent.journal;

import org.jspecify.annotations.NullMarked;
