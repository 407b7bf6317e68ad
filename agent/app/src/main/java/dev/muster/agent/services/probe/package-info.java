/// One bounded GET, for those that ask services how they are.
@NullMarked
package dev.muster.agent.services.probe;

import org.jspecify.annotations.NullMarked;
