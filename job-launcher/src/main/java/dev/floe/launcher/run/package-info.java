/** The run: REST resource, service, store, state. */
@NullMarked
package dev.floe.launcher.run;

import org.jspecify.annotations.NullMarked;
