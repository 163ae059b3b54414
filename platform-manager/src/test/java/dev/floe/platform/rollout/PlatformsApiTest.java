package dev.floe.platform.rollout;

import dev.floe.platform.LocalHome;
import dev.floe.test.EmbeddedPostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;

/** The REST API in this JVM; what it answers stands in {@link PlatformsApiCases}. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
@WithTestResource(LocalHome.class)
class PlatformsApiTest extends PlatformsApiCases {}
