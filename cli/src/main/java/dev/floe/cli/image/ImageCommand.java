package dev.floe.cli.image;

import dev.floe.cli.Noun;
import picocli.CommandLine.Command;

/** {@code floe local image}. */
@Command(
    name = "image",
    description = "What an image name means on this machine: a folder and a Python environment.",
    subcommands = {ImageAdd.class, ImageList.class, ImageRemove.class})
public final class ImageCommand extends Noun {}
