package dev.floe.platform.runtime;

/**
 * Where platforms run: Kubernetes or one machine. Whoever needs a part of it asks for that part.
 * Every call blocks: call it on a virtual thread and never inside a transaction.
 *
 * <p>Every method throws {@link RuntimeUnavailableException} when the call is worth repeating, for
 * example because the runtime cannot be reached, and {@link RolloutFailedException} when repeating
 * changes nothing.
 *
 * <p>A method that is given a {@link WritePermit} asks for it before it writes each object, and
 * throws what the permit throws.
 */
public interface PlatformRuntime extends RuntimeFacts, PlatformReader, PlatformWriter {}
