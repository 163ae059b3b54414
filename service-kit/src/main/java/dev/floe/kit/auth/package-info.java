/** Bearer tokens: nothing but health is served without one. */
@NullMarked
package dev.floe.kit.auth;

import org.jspecify.annotations.NullMarked;
