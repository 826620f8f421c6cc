package io.prunella.server;

import io.prunella.action.CommandRun;
import io.prunella.action.HttpCall;
import io.prunella.action.HttpSet;
import io.prunella.action.RedisFree;
import io.prunella.remediation.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The actions of this installation, by name. */
final class Hands {
  private Hands() {}

  static Map<String, Action> of(Config.Actions config, List<Action> more) {
    var all = new ArrayList<Action>(more);
    all.add(new RedisFree());
    all.add(new CommandRun(config.command()));
    all.add(HttpCall.once(config.http()));
    all.add(HttpCall.keyed(config.http()));
    all.add(new HttpSet(config.http()));
    var byName = new TreeMap<String, Action>();
    for (Action action : all) {
      if (byName.put(action.name(), action) != null) {
        throw new IllegalStateException("two actions are called " + action.name());
      }
    }
    return byName;
  }
}
