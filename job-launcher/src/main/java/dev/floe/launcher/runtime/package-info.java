/**
 * The port behind which jobs really run; its adapters stand in {@code kubernetes} and {@code
 * local}.
 */
@NullMarked
package dev.floe.launcher.runtime;

import org.jspecify.annotations.NullMarked;
