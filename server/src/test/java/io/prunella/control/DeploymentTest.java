package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.control.Command.DeploymentPosted;
import io.prunella.remediation.PolicyConfig;
import io.prunella.remediation.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Deployments that pipelines tell of: start, finish, said twice, never finished, very many. */
class DeploymentTest {
  private final Rig rig = new Rig(new MemoryJournal());

  private Answer post(String name, String service, boolean finished) {
    return rig.ask(new DeploymentPosted("ci", name, service, finished, "2.1"));
  }

  private static void assertRefused(Answer answer, int status, String words) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            r -> {
              assertThat(r.httpStatus()).isEqualTo(status);
              assertThat(r.message()).contains(words);
            });
  }

  @Test
  void started_holdsBackUntilFinished() {
    rig.begin();
    post("web-12", Rig.SERVICE, false);
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.last().status()).isEqualTo(Status.BLOCKED);
    post("web-12", "", true);
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.last().status()).isEqualTo(Status.SUCCEEDED);
  }

  /** One name for two services: taken for said twice, the second would not be held back at all. */
  @Test
  void sameNameForAnotherService_isRefusedWhileTheFirstIsInProgress() {
    rig.begin();
    post("v2.1", "cart", false);
    assertRefused(post("v2.1", Rig.SERVICE, false), 409, "one of cart");
    post("v2.1", "", true);
    assertThat(post("v2.1", Rig.SERVICE, false)).isInstanceOf(Answer.Accepted.class);
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.last().status()).isEqualTo(Status.BLOCKED);
  }

  /** A pipeline that never tells of the end uses its name again: the time begins anew. */
  @Test
  void startedAgainAfterItExpired_holdsBackAnew() {
    rig.outside.sick = false;
    rig.begin();
    post("web", Rig.SERVICE, false);
    rig.pass(PolicyConfig.DEFAULTS.deploymentMax().plusMinutes(1));
    assertThat(post("web", Rig.SERVICE, false)).isInstanceOf(Answer.Accepted.class);
    rig.outside.sick = true;
    rig.pass(Duration.ofMinutes(5));
    assertThat(rig.last().why()).contains("deployment web");
    assertThat(rig.outside.done).isEmpty();
  }

  @Test
  void neverFinished_expires() {
    rig.begin();
    post("web", Rig.SERVICE, false);
    rig.pass(PolicyConfig.DEFAULTS.deploymentMax().plusMinutes(10));
    assertThat(rig.outside.done.values()).containsExactly(1);
  }

  @Test
  void veryMany_whatIsInProgressIsKept() {
    rig.begin();
    post("ours", Rig.SERVICE, false);
    for (int i = 0; i < World.DEPLOYMENTS_MAX + 10; i++) {
      post("other-" + i, "mail", false);
      post("other-" + i, "mail", true);
    }
    assertThat(rig.control.state().deployments())
        .hasSize(World.DEPLOYMENTS_MAX)
        .containsKey("ours");
    for (int i = 1; i < World.DEPLOYMENTS_MAX; i++) post("more-" + i, "mail", false);
    assertRefused(post("too-many", "mail", false), 422, "have not finished");
    assertThat(rig.control.state().deployments()).containsKey("ours");
  }
}
