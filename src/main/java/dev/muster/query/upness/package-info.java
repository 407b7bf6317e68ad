/// Who was up, as series: from the logs of agents and the table `upness`.
@NullMarked
package dev.muster.query.upness;

import org.jspecify.annotations.NullMarked;
