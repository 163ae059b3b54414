@NullMarked
package dev.floe.yaml;

import org.jspecify.annotations.NullMarked;
