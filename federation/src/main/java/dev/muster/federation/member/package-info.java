/// What is known of an agent and its services.
@NullMarked
package dev.muster.federation.member;

import org.jspecify.annotations.NullMarked;
