@NullMarked
package dev.floe.cli.context;

import org.jspecify.annotations.NullMarked;
