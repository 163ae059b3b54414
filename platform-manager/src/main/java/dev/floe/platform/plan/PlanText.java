package dev.floe.platform.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** A plan as JSON: the same plan always gives the same text. */
public final class PlanText {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private PlanText() {}

  public static String write(Plan plan) {
    try {
      return JSON.writeValueAsString(plan);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Plan read(String text) {
    try {
      return JSON.readValue(text, Plan.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored plan cannot be read", e);
    }
  }

  /**
   * The objects of a stored plan, in the order they are applied. Reads nothing else, so that plans
   * of other versions can be read too.
   */
  public static List<ObjectNode> objects(String text) {
    try {
      var objects = new ArrayList<ObjectNode>();
      for (var component : JSON.readTree(text).path("components")) {
        for (var object : component.path("objects")) {
          if (object instanceof ObjectNode tree) {
            objects.add(tree);
          }
        }
      }
      return objects;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored plan cannot be read", e);
    }
  }
}
