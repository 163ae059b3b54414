package dev.floe.cli.rest;

import java.net.URI;
import java.util.List;

/**
 * Where a service is and how to sign in.
 *
 * @param url base URL, without the API's path
 * @param token bearer token
 * @param whenAway what to do when the service does not answer
 * @param whenRefused what to do when it does not take the token
 */
public record ServiceAddress(
    ServiceName service, URI url, String token, List<String> whenAway, List<String> whenRefused) {

  /** Without the token. */
  @Override
  public String toString() {
    return service + " at " + url;
  }
}
