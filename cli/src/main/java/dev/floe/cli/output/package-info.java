/** What people and programs see: tables, JSON, YAML, names, progress. */
@NullMarked
package dev.floe.cli.output;

import org.jspecify.annotations.NullMarked;
