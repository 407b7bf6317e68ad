/// Ships closed windows of the head to object storage as blocks.
@NullMarked
package dev.muster.agent.upload;

import org.jspecify.annotations.NullMarked;
