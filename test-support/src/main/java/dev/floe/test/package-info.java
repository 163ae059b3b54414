/** Fixtures that the tests of every module share. */
@NullMarked
package dev.floe.test;

import org.jspecify.annotations.NullMarked;
