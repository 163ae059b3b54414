/** The folders under FLOE_HOME, what lies in them for everybody, and who may read it. */
@NullMarked
package dev.floe.local.home;

import org.jspecify.annotations.NullMarked;
