/** What a manifest means: the objects that should be there, by component. Pure. */
@NullMarked
package dev.floe.platform.plan;

import org.jspecify.annotations.NullMarked;
