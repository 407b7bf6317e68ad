/// Recording and alerting rules: Prometheus' rule files, and groups of rules evaluated at given
/// times over any queries and any store of samples.
@NullMarked
package dev.muster.query.rules;

import org.jspecify.annotations.NullMarked;
