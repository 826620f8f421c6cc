package io.prunella.console;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A card of buttons on the page Now that another room brings along: the demo causes faults with
 * one.
 */
public interface ConsoleExtension {
  /**
   * Part of the address, unique among extensions: {@code faults} is posted to {@code /x/faults}.
   */
  String id();

  /** The card's title. */
  String title();

  /** One sentence below it. */
  String what();

  /** The buttons at this moment. Called for every page: must not block. */
  List<Button> buttons();

  /**
   * An operator pressed one. Called on an event loop: must not block.
   *
   * @param actor the token's name
   * @return a sentence for the person; a failure's message is shown to them
   */
  CompletableFuture<String> press(String button, String actor);

  /**
   * @param id what {@link #press} gets
   * @param label on the button
   * @param what one line beside it
   */
  record Button(String id, String label, String what) {}
}
