/// What every collector of the host needs: reading small files of the kernel, and families that
/// grow sample by sample.
@NullMarked
package dev.muster.agent.exporter.collect;

import org.jspecify.annotations.NullMarked;
