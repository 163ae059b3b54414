package dev.floe.yaml;

/**
 * A place in a text.
 *
 * @param line from 1
 * @param column in code points, from 1
 */
public record Position(int line, int column) {}
