/** Work that a service repeats for as long as it runs. */
@NullMarked
package dev.floe.kit.loop;

import org.jspecify.annotations.NullMarked;
