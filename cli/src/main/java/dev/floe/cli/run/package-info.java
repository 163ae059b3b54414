/** {@code floe run}: submit, follow, explain, cancel and retry runs. */
@NullMarked
package dev.floe.cli.run;

import org.jspecify.annotations.NullMarked;
