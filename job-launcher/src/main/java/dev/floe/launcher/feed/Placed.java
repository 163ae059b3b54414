package dev.floe.launcher.feed;

import dev.floe.contract.run.RunEvent;

/** An event and where it stands among the events of all runs. */
public record Placed(Place place, RunEvent event) {}
