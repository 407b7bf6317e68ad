/// Reads Prometheus' `scrape_configs` and target files; every refusal names the line.
@NullMarked
package dev.muster.agent.scrape.file;

import org.jspecify.annotations.NullMarked;
