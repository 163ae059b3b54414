package dev.floe.launcher.queue;

import dev.floe.launcher.runtime.JobRuntime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Lets calls to a runtime fail, by the name of the method, for as long as that is wanted. */
final class Faults {
  private final Map<String, Supplier<Throwable>> faults = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> alternating = new ConcurrentHashMap<>();
  private final Set<String> ignored = ConcurrentHashMap.newKeySet();

  Faults on(String method, Supplier<Throwable> fault) {
    faults.put(method, fault);
    return this;
  }

  /** The next call fails, the one after it does not, and so on. */
  Faults onEveryOther(String method, Supplier<Throwable> fault) {
    alternating.put(method, new AtomicInteger());
    return on(method, fault);
  }

  /** Calls of a method that answers nothing succeed and have no effect. */
  Faults ignoring(String method) {
    ignored.add(method);
    return this;
  }

  void heal() {
    faults.clear();
    alternating.clear();
    ignored.clear();
  }

  private boolean fails(String method) {
    var count = alternating.get(method);
    return count == null || count.getAndIncrement() % 2 == 0;
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
              if (fault != null && fails(method.getName())) {
                throw fault.get();
              }
              if (ignored.contains(method.getName())) {
                return null;
              }
              try {
                return method.invoke(runtime, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
