package io.prunella.train;

import picocli.CommandLine.IVersionProvider;

/** The version that the jar's manifest names; {@code development} when run from class folders. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String built = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "prunella-train " + (built == null ? "development" : built), "Java " + Runtime.version()
    };
  }
}
