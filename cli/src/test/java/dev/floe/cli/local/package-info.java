@NullMarked
package dev.floe.cli.local;

import org.jspecify.annotations.NullMarked;
