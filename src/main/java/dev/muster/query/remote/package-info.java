/// What is read from outside: Prometheus' remote read and federation, as bytes.
@NullMarked
package dev.muster.query.remote;

import org.jspecify.annotations.NullMarked;
