@org.jspecify.annotations.NullMarked
package dev.floe.platform;
