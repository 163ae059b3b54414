/** JSON Schema 2020-12 of the documents that people write. */
@NullMarked
package dev.floe.contract.schema;

import org.jspecify.annotations.NullMarked;
