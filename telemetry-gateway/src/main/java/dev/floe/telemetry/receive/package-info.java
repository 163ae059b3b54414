/** Takes OTLP over gRPC and HTTP: who may send, how much, and what is answered. */
@NullMarked
package dev.floe.telemetry.receive;

import org.jspecify.annotations.NullMarked;
