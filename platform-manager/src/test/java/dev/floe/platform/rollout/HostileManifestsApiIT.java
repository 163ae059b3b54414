package dev.floe.platform.rollout;

import dev.floe.platform.LocalHome;
import dev.floe.test.EmbeddedPostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The cases on the packaged application, on the JVM or natively. */
@QuarkusIntegrationTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@WithTestResource(LocalHome.class)
class HostileManifestsApiIT extends HostileManifestsApiCases {}
