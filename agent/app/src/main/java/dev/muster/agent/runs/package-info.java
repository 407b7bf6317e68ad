/// Runs of jobs: what they announce of start and end, when they are due, and what is told of that.
@NullMarked
package dev.muster.agent.runs;

import org.jspecify.annotations.NullMarked;
