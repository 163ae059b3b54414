@org.jspecify.annotations.NullMarked
package dev.floe.contract;
