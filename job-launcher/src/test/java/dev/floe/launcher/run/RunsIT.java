package dev.floe.launcher.run;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same against the packaged application: a jar or a native executable. */
@QuarkusIntegrationTest
class RunsIT extends RunsTest {}
