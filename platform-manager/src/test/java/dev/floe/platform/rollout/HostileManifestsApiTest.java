package dev.floe.platform.rollout;

import dev.floe.platform.LocalHome;
import dev.floe.test.EmbeddedPostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;

/** The cases in this JVM. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@WithTestResource(LocalHome.class)
class HostileManifestsApiTest extends HostileManifestsApiCases {}
