/** What jobs inherit from a platform. */
@NullMarked
package dev.floe.platform.binding;

import org.jspecify.annotations.NullMarked;
