package dev.floe.contract.platform;

import jakarta.validation.constraints.NotNull;
import java.util.Map;

/**
 * A folder of blueprints that is to be checked.
 *
 * @param files texts by path, for example {@code redis/blueprint.yaml}
 */
public record BlueprintFiles(@NotNull Map<@NotNull String, @NotNull String> files) {}
