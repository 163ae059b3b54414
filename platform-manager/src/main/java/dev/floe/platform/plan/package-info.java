/** What a manifest means: desired objects in waves. Pure. */
@NullMarked
package dev.floe.platform.plan;

import org.jspecify.annotations.NullMarked;
