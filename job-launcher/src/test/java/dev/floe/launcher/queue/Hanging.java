package dev.floe.launcher.queue;

import dev.floe.launcher.runtime.JobRuntime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Lets the first call of each kind to a runtime hang until it is interrupted. */
final class Hanging {
  private final Set<String> hung = ConcurrentHashMap.newKeySet();
  private final boolean effect;

  /**
   * @param effect whether a call has its effect before it hangs
   */
  Hanging(boolean effect) {
    this.effect = effect;
  }

  Set<String> hung() {
    return Set.copyOf(hung);
  }

  JobRuntime around(JobRuntime runtime) {
    return (JobRuntime)
        Proxy.newProxyInstance(
            Hanging.class.getClassLoader(),
            new Class<?>[] {JobRuntime.class},
            (proxy, method, args) -> {
              boolean first = !method.getName().equals("announce") && hung.add(method.getName());
              if (first && !effect) {
                hang();
              }
              try {
                var answer = method.invoke(runtime, args);
                if (first) {
                  hang();
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }
}
