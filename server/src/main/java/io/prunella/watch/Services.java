package io.prunella.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The services of a shard's series, each by a number while it has any. The shard's thread only. */
final class Services {
  static final int NONE = -1;

  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final List<Integer> counts = new ArrayList<>();
  private final ArrayDeque<Integer> free = new ArrayDeque<>();

  /** One more series of a service; answers the service's number. */
  int enter(String service) {
    Integer known = numbers.get(service);
    if (known != null) {
      counts.set(known, counts.get(known) + 1);
      return known;
    }
    Integer number = free.poll();
    if (number == null) {
      number = names.size();
      names.add(service);
      counts.add(1);
    } else {
      names.set(number, service);
      counts.set(number, 1);
    }
    numbers.put(service, number);
    return number;
  }

  /** One series less. */
  void leave(int number) {
    int left = counts.get(number) - 1;
    counts.set(number, left);
    if (left > 0) return;
    numbers.remove(names.get(number));
    names.set(number, "");
    free.add(number);
  }

  int find(String service) {
    return numbers.getOrDefault(service, NONE);
  }

  String name(int number) {
    return names.get(number);
  }

  int size() {
    return names.size();
  }
}
