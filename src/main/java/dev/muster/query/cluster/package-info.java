/// Several query nodes that answer one query together: who asks, who answers, and what happens when
/// one of them is lost.
@NullMarked
package dev.muster.query.cluster;

import org.jspecify.annotations.NullMarked;
