@NullMarked
package dev.floe.cli.run;

import org.jspecify.annotations.NullMarked;
