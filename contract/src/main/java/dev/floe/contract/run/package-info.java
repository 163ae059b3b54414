/** A run and its attempts: what job-launcher accepts, answers and says about endings. */
@NullMarked
package dev.floe.contract.run;

import org.jspecify.annotations.NullMarked;
