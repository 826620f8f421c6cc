package io.prunella.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Linux's own event loop and the classes that call it are of one version. */
class NativeTransportTest {
  /**
   * They link their functions when they are first used, which may be at the first read that fails.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.netty.channel.unix.Errors",
        "io.netty.channel.unix.Socket",
        "io.netty.channel.unix.Limits",
        "io.netty.channel.epoll.Native",
        "io.netty.channel.epoll.LinuxSocket"
      })
  void load_everyClass_findsItsNativeFunctions(String name) throws ClassNotFoundException {
    assumeTrue(Epoll.isAvailable(), "this machine has no native library: Vert.x takes NIO");
    assertThat(Class.forName(name)).isNotNull();
  }

  @Test
  void errors_ofReads_haveTheirNumbers() {
    assumeTrue(Epoll.isAvailable(), "this machine has no native library: Vert.x takes NIO");
    assertThat(Errors.ERRNO_EAGAIN_NEGATIVE).isEqualTo(-11);
    assertThat(Errors.ERRNO_ECONNRESET_NEGATIVE).isEqualTo(-104);
  }
}
