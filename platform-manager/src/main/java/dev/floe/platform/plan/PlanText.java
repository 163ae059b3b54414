package dev.floe.platform.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.platform.plan.Plan.PlannedDomain;
import java.util.ArrayList;
import java.util.List;

/**
 * A plan as JSON: the same plan always gives the same text. It carries its format, which grows when
 * an earlier platform-manager would read it wrongly; what it would merely not know is added without
 * that, and is not read there.
 */
public final class PlanText {
  /** Format of the plans that are written. */
  public static final int FORMAT = 2;

  private static final String FORMAT_KEY = "format";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private PlanText() {}

  public static String write(Plan plan) {
    try {
      var tree = JSON.createObjectNode().put(FORMAT_KEY, FORMAT);
      tree.setAll((ObjectNode) JSON.valueToTree(plan));
      return JSON.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Which format a stored plan has; 0 where it says none. */
  public static int format(String text) {
    try {
      return JSON.readTree(text).path(FORMAT_KEY).asInt();
    } catch (JsonProcessingException e) {
      throw PlanUnreadableException.damaged(e);
    }
  }

  /**
   * @throws PlanUnreadableException when this version cannot read it
   */
  public static Plan read(String text) {
    try {
      var tree = JSON.readTree(text);
      int format = tree.path(FORMAT_KEY).asInt();
      if (format > FORMAT) {
        throw PlanUnreadableException.later(format);
      }
      return JSON.treeToValue(tree, Plan.class);
    } catch (JsonProcessingException | IllegalArgumentException | NullPointerException e) {
      throw PlanUnreadableException.damaged(e);
    }
  }

  /** The domains of a stored plan; reads nothing else, like {@link #objects}. */
  public static List<PlannedDomain> domains(String text) {
    try {
      var domains = new ArrayList<PlannedDomain>();
      for (var domain : JSON.readTree(text).path("domains")) {
        domains.add(JSON.treeToValue(domain, PlannedDomain.class));
      }
      return domains;
    } catch (JsonProcessingException e) {
      throw PlanUnreadableException.damaged(e);
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
      throw PlanUnreadableException.damaged(e);
    }
  }
}
