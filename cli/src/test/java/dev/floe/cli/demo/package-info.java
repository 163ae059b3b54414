@NullMarked
package dev.floe.cli.demo;

import org.jspecify.annotations.NullMarked;
