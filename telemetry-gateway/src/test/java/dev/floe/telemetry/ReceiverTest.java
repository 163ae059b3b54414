package dev.floe.telemetry;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
@QuarkusTestResource(value = GatewayResource.class, restrictToAnnotatedClass = true)
class ReceiverTest extends ReceiverScenarios {}
