/// What PromQL computes with native histograms. Everything here is pure; results are compacted:
/// they have no empty buckets.
@NullMarked
package dev.muster.promql.histogram;

import org.jspecify.annotations.NullMarked;
