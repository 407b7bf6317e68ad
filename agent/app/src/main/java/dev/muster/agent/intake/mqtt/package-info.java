/// Messages of devices from an MQTT broker.
@NullMarked
package dev.muster.agent.intake.mqtt;

import org.jspecify.annotations.NullMarked;
