package dev.floe.launcher.binding;

/** Key of known bindings. */
record KnownBindingsId(String platform, String domain) {}
