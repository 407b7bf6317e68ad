/// Processes of this host that listen on a port and answer with metrics, found through /proc.
@NullMarked
package dev.muster.agent.services.listener;

import org.jspecify.annotations.NullMarked;
