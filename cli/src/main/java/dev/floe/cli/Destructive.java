package dev.floe.cli;

/** Marks a command that stops or removes something: it is never suggested for a mistyped word. */
public interface Destructive {}
