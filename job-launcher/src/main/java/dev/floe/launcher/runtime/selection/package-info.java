/** Which runtime this launcher uses. */
@NullMarked
package dev.floe.launcher.runtime.selection;

import org.jspecify.annotations.NullMarked;
