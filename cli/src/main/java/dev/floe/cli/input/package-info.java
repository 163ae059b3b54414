/** What the user hands in: YAML and JSON files, and where in them something stands. */
@NullMarked
package dev.floe.cli.input;

import org.jspecify.annotations.NullMarked;
