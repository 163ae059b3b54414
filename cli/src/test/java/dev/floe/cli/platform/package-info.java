@NullMarked
package dev.floe.cli.platform;

import org.jspecify.annotations.NullMarked;
