/** The services' REST APIs, as one client with one way to fail. */
@NullMarked
package dev.floe.cli.rest;

import org.jspecify.annotations.NullMarked;
