/** What every REST route of this service has alike beyond service-kit. */
@NullMarked
package dev.floe.launcher.api;

import org.jspecify.annotations.NullMarked;
