package dev.floe.launcher.queue;

import dev.floe.launcher.runtime.JobRuntime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Lets calls to a runtime fail, by the name of the method, for as long as that is wanted. */
final class Faults {
  private final Map<String, Supplier<Throwable>> faults = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

  Faults on(String method, Supplier<Throwable> fault) {
    faults.put(method, fault);
    return this;
  }

  void heal() {
    faults.clear();
  }

  int calls(String method) {
    return calls.getOrDefault(method, new AtomicInteger()).get();
  }

  JobRuntime around(JobRuntime runtime) {
    return (JobRuntime)
        Proxy.newProxyInstance(
            Faults.class.getClassLoader(),
            new Class<?>[] {JobRuntime.class},
            (proxy, method, args) -> {
              calls
                  .computeIfAbsent(method.getName(), name -> new AtomicInteger())
                  .getAndIncrement();
              var fault = faults.get(method.getName());
              if (fault != null) {
                throw fault.get();
              }
              try {
                return method.invoke(runtime, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
