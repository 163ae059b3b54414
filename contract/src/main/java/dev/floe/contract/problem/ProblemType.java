package dev.floe.contract.problem;

/**
 * Every kind of problem the APIs answer with; the {@code type} is a stable URI (RFC 9457, section
 * 3.1.1).
 */
public enum ProblemType {
  /** A field of the request is missing or wrong; {@code errors[]} names each. */
  INVALID_REQUEST("invalid-request", 400, "The request is not valid"),
  /** The body cannot be read as what its Content-Type says. */
  MALFORMED_BODY("malformed-body", 400, "The body cannot be read"),
  /** No token, or one that is not known. */
  UNAUTHENTICATED("unauthenticated", 401, "Sign in first"),
  /** Nothing by that name, or nothing the caller may see. */
  NOT_FOUND("not-found", 404, "Not found"),
  /** The route has no such method. */
  METHOD_NOT_ALLOWED("method-not-allowed", 405, "Method not allowed"),
  /** None of the media types the caller accepts can be produced. */
  NOT_ACCEPTABLE("not-acceptable", 406, "Not acceptable"),
  /** The object is in a state that does not allow this. */
  CONFLICT("conflict", 409, "Conflicts with the present state"),
  /** The body is larger than the limit. */
  BODY_TOO_LARGE("body-too-large", 413, "The body is too large"),
  /** The body's media type is not taken here. */
  UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "Unsupported media type"),
  /** The Idempotency-Key was used before with another payload. */
  IDEMPOTENCY_KEY_REUSED(
      "idempotency-key-reused", 422, "The Idempotency-Key was used with another payload"),
  /** Too much at once; {@code Retry-After} says when to come back. */
  TOO_MANY_REQUESTS("too-many-requests", 429, "Too many requests"),
  /** A fault of the service; its log has the cause under {@code instance}. */
  INTERNAL("internal", 500, "Internal error"),
  /** Something the service needs is away; {@code Retry-After} says when to come back. */
  UNAVAILABLE("unavailable", 503, "Temporarily unavailable");

  /** Base of every problem type's URI. */
  public static final String BASE = "https://floe.dev/problems/";

  private final String name;
  private final int status;
  private final String title;

  ProblemType(String name, int status, String title) {
    this.name = name;
    this.status = status;
    this.title = title;
  }

  /** Stable URI of this type. */
  public String uri() {
    return BASE + name;
  }

  /** HTTP status code. */
  public int status() {
    return status;
  }

  /** Short summary, the same for every occurrence. */
  public String title() {
    return title;
  }
}
