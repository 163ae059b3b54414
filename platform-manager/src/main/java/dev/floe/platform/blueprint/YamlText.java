package dev.floe.platform.blueprint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/** Writes trees as YAML in block style. */
public final class YamlText {
  private YamlText() {}

  /** One document, ending in a line feed. */
  public static String of(JsonNode tree) {
    var settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setDefaultScalarStyle(ScalarStyle.PLAIN)
            .setMultiLineFlow(false)
            .setWidth(120)
            .setSplitLines(false)
            .build();
    return new Dump(settings).dumpToString(plain(tree));
  }

  private static @Nullable Object plain(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        var map = new LinkedHashMap<String, @Nullable Object>();
        object.properties().forEach(entry -> map.put(entry.getKey(), plain(entry.getValue())));
        yield map;
      }
      case ArrayNode list -> {
        var items = new ArrayList<@Nullable Object>();
        list.forEach(item -> items.add(plain(item)));
        yield items;
      }
      default ->
          node.isNull()
              ? null
              : node.isBoolean()
                  ? (Object) node.asBoolean()
                  : node.isNumber() ? node.numberValue() : node.asText();
    };
  }
}
