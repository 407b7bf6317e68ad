/// Programs that the scripts in `src/bench` run: data sets, random queries, and timings.
package dev.muster.bench;
