/// Several query nodes as one alert manager: each knows what any has learned, one tells.
@NullMarked
package dev.muster.query.alertmanager.peers;

import org.jspecify.annotations.NullMarked;
