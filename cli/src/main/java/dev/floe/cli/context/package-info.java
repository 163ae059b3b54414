/** Where the services are and how to sign in. */
@NullMarked
package dev.floe.cli.context;

import org.jspecify.annotations.NullMarked;
