package dev.floe.cli.run;

/** Answers of job-launcher, as it writes them. */
final class RunFixtures {
  static final String ID = "01jd9x7v3k8m2n4p6q8r0s2t4v";

  private RunFixtures() {}

  static String run(String state, String rest) {
    return """
    {"id":"%s","state":"%s"%s,
     "request":{"platform":"weather","domain":"weather","product":"seattle-weather",
      "pipeline":"weather_pipeline","kind":"quality-check","image":"floe.local/weather:1",
      "command":["python","-m","weather.check"],"timeout":"PT10M"},
     "attempt":%d,"traceId":"0af7651916cd43dd8448eb211c80319c","version":4,
     "createdAt":"2026-01-02T03:04:05Z","updatedAt":"2026-01-02T03:05:05Z","later":"unknown to us"}
    """
        .formatted(ID, state, rest, state.equals("QUEUED") ? 0 : 1);
  }

  static String queued() {
    return run("QUEUED", ",\"waitingFor\":\"platform-not-ready:compute\"");
  }

  static String succeeded() {
    return run(
        "SUCCEEDED",
        """
        ,"startedAt":"2026-01-02T03:04:10Z","finishedAt":"2026-01-02T03:04:22.500Z",
        "verdict":{"category":"SUCCESS","reason":"Completed","message":"exit code 0","exitCode":0}\
        """);
  }

  static String failed() {
    return run(
        "FAILED",
        """
        ,"startedAt":"2026-01-02T03:04:10Z","finishedAt":"2026-01-02T03:05:22Z",
        "verdict":{"category":"APPLICATION","reason":"QualityGateFailed",
         "message":"the check found the data wanting","exitCode":1}\
        """);
  }

  static String page(String... items) {
    return "{\"items\":[%s]}".formatted(String.join(",", items));
  }

  static String attempt() {
    return """
    {"runId":"%s","number":1,"state":"FAILED","name":"%s-1","namespace":"weather",
     "verdict":{"category":"APPLICATION","reason":"QualityGateFailed",
      "message":"the check found the data wanting","exitCode":1},
     "createdAt":"2026-01-02T03:04:06Z","startedAt":"2026-01-02T03:04:10Z",
     "finishedAt":"2026-01-02T03:05:22Z","logBytes":2048,"logTruncated":false}
    """
        .formatted(ID, ID);
  }

  static String explanation() {
    return """
    {"runId":"%s","state":"FAILED","summary":"The quality check failed and is not retried.",
     "cause":"3 days have more than 50 mm of rain",
     "verdict":{"category":"APPLICATION","reason":"QualityGateFailed","message":"m","exitCode":1},
     "nextActions":["correct the data, then: floe run retry %s"],
     "retries":"1 of 1 application attempts used",
     "logTail":["FAIL 3 precipitation_is_plausible"]}
    """
        .formatted(ID, ID);
  }

  static String event(int sequence, String type, String state) {
    return """
    {"runId":"%s","sequence":%d,"type":"%s","state":"%s","attempt":1,"message":"%s happened",\
    "time":"2026-01-02T03:04:0%dZ"}\
    """
        .formatted(ID, sequence, type, state, type, sequence);
  }
}
