/** What jobs inherit from their platform, asked of platform-manager. */
@NullMarked
package dev.floe.launcher.binding;

import org.jspecify.annotations.NullMarked;
