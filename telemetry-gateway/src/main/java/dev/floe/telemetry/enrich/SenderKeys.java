package dev.floe.telemetry.enrich;

import dev.floe.contract.Names;
import dev.floe.telemetry.wire.AttributeKey;

/** The resource attributes that say who sent something. */
final class SenderKeys {
  static final AttributeKey DOMAIN = AttributeKey.of(Names.Resource.DOMAIN);
  static final AttributeKey PRODUCT = AttributeKey.of(Names.Resource.PRODUCT);
  static final AttributeKey PIPELINE = AttributeKey.of(Names.Resource.PIPELINE);
  static final AttributeKey RUN_ID = AttributeKey.of(Names.Resource.RUN_ID);
  static final AttributeKey ATTEMPT = AttributeKey.of(Names.Resource.ATTEMPT);
  static final AttributeKey SERVICE_NAME = AttributeKey.of("service.name");
  static final AttributeKey SERVICE_NAMESPACE = AttributeKey.of("service.namespace");
  static final AttributeKey NAMESPACE = AttributeKey.of("k8s.namespace.name");
  static final AttributeKey POD = AttributeKey.of("k8s.pod.name");
  static final AttributeKey POD_UID = AttributeKey.of("k8s.pod.uid");
  static final AttributeKey POD_IP = AttributeKey.of("k8s.pod.ip");
  static final AttributeKey JOB = AttributeKey.of("k8s.job.name");
  static final AttributeKey NODE = AttributeKey.of("k8s.node.name");

  private SenderKeys() {}
}
