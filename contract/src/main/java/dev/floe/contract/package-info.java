/**
 * What the outside may rely on: names, states, records and problem types of floe's REST APIs,
 * Kubernetes objects and Events. Nothing here decides anything.
 */
@NullMarked
package dev.floe.contract;

import org.jspecify.annotations.NullMarked;
