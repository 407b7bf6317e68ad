/// Go's `text/template` as far as alerting rules use it, with Prometheus' functions: bounded in
/// steps, depth and output.
@NullMarked
package dev.muster.query.template;

import org.jspecify.annotations.NullMarked;
