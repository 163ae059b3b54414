/** How the REST APIs read parameters. */
@NullMarked
package dev.floe.kit.rest;

import org.jspecify.annotations.NullMarked;
