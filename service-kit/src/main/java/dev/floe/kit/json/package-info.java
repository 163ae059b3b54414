/** How the REST APIs read and write JSON. */
@NullMarked
package dev.floe.kit.json;

import org.jspecify.annotations.NullMarked;
