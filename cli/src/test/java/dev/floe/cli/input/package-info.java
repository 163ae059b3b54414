@NullMarked
package dev.floe.cli.input;

import org.jspecify.annotations.NullMarked;
