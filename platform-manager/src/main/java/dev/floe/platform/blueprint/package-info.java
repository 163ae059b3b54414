/** Systems that can be deployed: one folder each, plain YAML, no code. */
@NullMarked
package dev.floe.platform.blueprint;

import org.jspecify.annotations.NullMarked;
