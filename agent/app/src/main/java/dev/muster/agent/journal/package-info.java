/// A file of records that are on disk before anybody is told so: what pushes and runs are kept in.
@NullMarked
package dev.muster.agent.journal;

import org.jspecify.annotations.NullMarked;
