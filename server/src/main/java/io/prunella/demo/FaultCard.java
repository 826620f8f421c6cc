package io.prunella.demo;

import io.prunella.console.ConsoleExtension;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** The console's card that causes a fault in the fleet. */
final class FaultCard implements ConsoleExtension {
  private static final Executor WAITS = task -> Thread.ofVirtual().name("fault").start(task);
  private final FleetClient fleet;

  FaultCard(FleetClient fleet) {
    this.fleet = fleet;
  }

  @Override
  public String id() {
    return "faults";
  }

  @Override
  public String title() {
    return "Cause a fault";
  }

  @Override
  public String what() {
    return "The fleet is simulated: break something and watch what happens.";
  }

  @Override
  public List<Button> buttons() {
    return Scenario.ALL.stream().map(s -> new Button(s.name(), s.name(), s.what())).toList();
  }

  @Override
  public CompletableFuture<String> press(String button, String actor) {
    return CompletableFuture.supplyAsync(() -> cause(button), WAITS);
  }

  private String cause(String name) {
    try {
      fleet.cause(name);
      return name + " has begun.";
    } catch (IOException e) {
      throw new CompletionException(
          new IOException("The fleet did not take it: " + e.getMessage(), e));
    }
  }
}
