/// Why a target or a series is there or not: an explanation of every step from discovery to block,
/// made when somebody asks from what the other parts publish.
@NullMarked
package dev.muster.agent.why;

import org.jspecify.annotations.NullMarked;
