/**
 * Strict YAML: what is read means the same in YAML 1.1, YAML 1.2 and JSON, or is refused with its
 * place; what is written loads to the same values in each of them. {@link SecretWords} tells
 * secrets in what people write, so that neither errors nor databases repeat them.
 */
@NullMarked
package dev.floe.yaml;

import org.jspecify.annotations.NullMarked;
