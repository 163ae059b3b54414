/**
 * A platform, its releases and what jobs inherit from it: what platform-manager accepts and
 * answers.
 */
@NullMarked
package dev.floe.contract.platform;

import org.jspecify.annotations.NullMarked;
