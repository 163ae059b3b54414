/** Reads platform manifests: parse, validate, keep what is not used, take out inline secrets. */
@NullMarked
package dev.floe.platform.manifest;

import org.jspecify.annotations.NullMarked;
