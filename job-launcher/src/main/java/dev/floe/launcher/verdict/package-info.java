/**
 * How an attempt ended, from what its runtime recorded, and what to do about it. Pure functions.
 */
@NullMarked
package dev.floe.launcher.verdict;

import org.jspecify.annotations.NullMarked;
