package io.prunella.demo;

/**
 * What a Redis or PostgreSQL instance holds and has done. Owned by its {@link SimulatedService}.
 */
final class Store {
  private static final double KEY_BYTES = 1_450;
  private static final double TTL_SECONDS = 5_400;

  final double limitBytes;
  private final Noise noise;
  private final double usualPerSecond;
  double keys; // that expire by themselves
  double strays; // that do not
  double floodPerSecond; // strays written each second, as a share of all the keys that fit
  double bytes;
  double evicted;
  double expired;
  double hits;
  double misses;
  double commands;
  double clients;
  double commits;
  double rollbacks;
  double blocksHit;
  double blocksRead;
  double lagSeconds;
  double received;
  double sent;

  Store(Noise noise, double limitBytes, double usualPerSecond) {
    this.noise = noise;
    this.limitBytes = limitBytes;
    this.usualPerSecond = Math.max(1, usualPerSecond);
    keys = keysThatFit() * .56;
    hits = 3.1e9;
    misses = 2.2e8;
    commands = 4e9;
    commits = 9e8;
    rollbacks = 4e5;
    blocksHit = 8e10;
    blocksRead = 5e8;
    measure();
  }

  double keysThatFit() {
    return limitBytes / KEY_BYTES;
  }

  void step(double perSecond, double connections, double elapsed) {
    // Keys come with the traffic and expire: they strive for a level that follows the traffic
    // slowly.
    double wanted = keysThatFit() * (.44 + .12 * perSecond / usualPerSecond);
    double toward = Math.min(1, elapsed / TTL_SECONDS);
    expired += keys * elapsed / TTL_SECONDS * .6 * noise.around(.04);
    keys += (wanted - keys) * toward + keysThatFit() * .0004 * noise.gaussian();
    strays += keysThatFit() * floodPerSecond * elapsed * noise.around(.08);
    double over = keys + strays - keysThatFit() * .985;
    if (over > 0) {
      evicted += over;
      keys -= over;
    }
    double missing = .055 * noise.around(.04) + Math.max(0, .5 - keys / keysThatFit()) * .5;
    double asked = perSecond * elapsed;
    double missed = noise.poisson(asked * missing);
    misses += missed;
    hits += Math.max(0, noise.poisson(asked) - missed);
    commands += noise.poisson(asked * 1.2);
    commits += noise.poisson(asked * .96);
    rollbacks += noise.poisson(asked * .0009);
    blocksHit += asked * 41 * noise.around(.04);
    blocksRead += asked * .22 * noise.around(.15);
    lagSeconds = Math.max(0, .35 + .08 * noise.gaussian());
    clients = Math.rint(connections + 2 * noise.gaussian());
    received += asked * 310 * noise.around(.03);
    sent += asked * 1_900 * noise.around(.03);
    measure();
  }

  /** Removes the keys that never expire; returns how many. */
  double trim() {
    double gone = strays;
    strays = 0;
    floodPerSecond = 0;
    measure();
    return gone;
  }

  private void measure() {
    bytes = Math.min(limitBytes * 1.002, (keys + strays) * KEY_BYTES * .985 + 21e6);
  }
}
