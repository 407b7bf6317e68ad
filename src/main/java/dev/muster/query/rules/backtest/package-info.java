/// What a rule would have done, and what is doubtful about it.
@NullMarked
package dev.muster.query.rules.backtest;

import org.jspecify.annotations.NullMarked;
