package dev.floe.telemetry;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
@QuarkusTestResource(value = GatewayResource.class, restrictToAnnotatedClass = true)
class ReceiverIT extends ReceiverScenarios {}
