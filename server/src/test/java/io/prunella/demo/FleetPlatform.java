package io.prunella.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an operator's platform offers around the simulated fleet: the state of each service as a
 * JSON resource, a few calls, the programs of a machine, and a Redis that speaks its protocol. What
 * the fleet itself does not know (jobs, queues, read replicas, temporary files) is kept here.
 */
final class FleetPlatform implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  final World world;
  final List<String> calls = new ArrayList<>(); // what changed something, in order
  final Path programs;

  // What the fleet does not know. Touched under this object's lock.
  double surge = 1; // of the struck service's traffic
  int shedPercent;
  boolean suspended;
  boolean runaway;
  boolean poolFlood;
  int readReplicas = 1;
  boolean consumerStuck;
  double backlog = 40;
  double temporary = .2; // share of the disk
  boolean temporaryFlood;

  private final Map<String, String> keyed = new LinkedHashMap<>();
  private final HttpServer http;
  private final ServerSocket redis;
  private long etag = 1;

  FleetPlatform(World world, Path folder) throws IOException {
    this.world = world;
    this.programs = folder;
    for (String program : List.of("systemctl", "logrotate", "systemd-tmpfiles")) {
      Path file = folder.resolve(program);
      Files.writeString(
          file, "#!/bin/sh\nprintf '%s %s\\n' " + program + " \"$*\" >> " + folder + "/ran\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    http.createContext("/", this::handle);
    http.start();
    redis = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serveRedis);
  }

  String address() {
    return "127.0.0.1:" + http.getAddress().getPort();
  }

  String redisAddress() {
    return "redis://127.0.0.1:" + redis.getLocalPort();
  }

  /** Time goes on: what people and faults have set works on the fleet. */
  synchronized void step(String struck, long toMs) {
    carryOutPrograms();
    var service = world.service(struck);
    double asked = surge * (1 - shedPercent / 100.0);
    if (runaway) asked *= suspended ? 1 : 3;
    service.trafficFactor = asked;
    backlog = Math.max(20, backlog + (consumerStuck ? 90 : -300));
    temporary = Math.min(.99, temporary + (temporaryFlood ? .06 : 0));
    world.step(toMs);
  }

  double poolShare() {
    return Math.min(1, (poolFlood ? 1.95 : 1.1) / (1 + readReplicas));
  }

  private void carryOutPrograms() {
    Path ran = programs.resolve("ran");
    try {
      if (!Files.exists(ran)) return;
      for (String line : Files.readAllLines(ran)) {
        calls.add(line);
        var words = line.split(" ");
        switch (words[0]) {
          case "systemctl" ->
              world.service(words[2].replace(".service", "")).instances.forEach(Instance::restart);
          case "logrotate" ->
              world
                  .service("scrollbox")
                  .instances
                  .forEach(i -> {
                    if (i.host != null) i.host.archive();
                  });
          default -> {
            temporary = .2;
            temporaryFlood = false;
          }
        }
      }
      Files.delete(ran);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String method = exchange.getRequestMethod();
      String body =
          new String(exchange.getRequestBody().readNBytes(64 << 10), StandardCharsets.UTF_8);
      String name = path.substring(path.lastIndexOf('/') + 1);
      if (path.startsWith("/state/")) {
        state(exchange, method, name, body);
        return;
      }
      String key = String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
      String before = keyed.get(key);
      answer(exchange, 200, before != null ? before : act(path, name, key, body));
    }
  }

  private String act(String path, String name, String key, String body) {
    calls.add(path + " " + body);
    var service = world.service(name);
    if (path.startsWith("/restart/")) service.restartInTurn();
    else if (path.startsWith("/rollback/")) service.deploy(service.previousVersion);
    else if (path.startsWith("/promote/")) service.down = false;
    else if (path.startsWith("/rotate/")) consumerStuck = false;
    else throw new IllegalArgumentException("nothing at " + path);
    keyed.put(key, "{\"done\":true}");
    return "{\"done\":true}";
  }

  private void state(HttpExchange exchange, String method, String name, String body)
      throws IOException {
    if (method.equals("PATCH")) {
      String match = exchange.getRequestHeaders().getFirst("If-Match");
      if (match != null && !match.equals("\"" + etag + "\"")) {
        answer(exchange, 412, "{}");
        return;
      }
      calls.add("set " + name + " " + body);
      for (var field : JSON.readTree(body).properties()) {
        switch (field.getKey()) {
          case "replicas" -> world.service(name).scale(field.getValue().asInt());
          case "readReplicas" -> readReplicas = field.getValue().asInt();
          case "shedPercent" -> shedPercent = field.getValue().asInt();
          case "suspended" -> suspended = field.getValue().asBoolean();
          default -> throw new IllegalArgumentException(field.getKey());
        }
      }
      etag++;
    }
    exchange.getResponseHeaders().set("ETag", "\"" + etag + "\"");
    answer(exchange, 200, JSON.writeValueAsString(told(name)));
  }

  private Map<String, Object> told(String name) {
    var service = world.service(name);
    var told = new TreeMap<String, Object>();
    switch (service.spec.role()) {
      case "database" -> told.put("readReplicas", readReplicas);
      default -> {
        if (runaway) {
          told.put("suspended", suspended);
        } else {
          told.put("replicas", service.replicas);
          told.put("ready", service.readyCount());
          told.put("shedPercent", shedPercent);
        }
      }
    }
    return told;
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** One connection after another: no more is asked of it here. */
  private void serveRedis() {
    while (!redis.isClosed()) {
      try (Socket client = redis.accept()) {
        var in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        OutputStream out = client.getOutputStream();
        for (List<String> words = words(in); !words.isEmpty(); words = words(in)) {
          out.write(said(words).getBytes(StandardCharsets.UTF_8));
          out.flush();
        }
      } catch (IOException e) {
        // The client has gone, or the test is over.
      }
    }
  }

  private static List<String> words(BufferedReader in) throws IOException {
    String first = in.readLine();
    if (first == null) return List.of();
    var words = new ArrayList<String>();
    for (int left = Integer.parseInt(first.substring(1)); left > 0; left--) {
      in.readLine();
      words.add(in.readLine());
    }
    return words;
  }

  private synchronized String said(List<String> words) {
    var store = world.service("lantern-cache").store;
    if (store == null) throw new IllegalStateException("the cache holds keys");
    String command = words.getFirst().toUpperCase(Locale.ROOT);
    return switch (command) {
      case "INFO" -> {
        String info =
            "role:master\r\nrun_id:abc\r\nmaxmemory:%d\r\nused_memory:%d\r\nlazyfree_pending_objects:0\r\n"
                .formatted((long) store.limitBytes, (long) store.bytes);
        yield "$" + info.length() + "\r\n" + info + "\r\n";
      }
      case "MEMORY" -> "+OK\r\n";
      case "SCAN" ->
          store.strays > 0
              ? "*2\r\n$1\r\n0\r\n*1\r\n$9\r\nsession:1\r\n"
              : "*2\r\n$1\r\n0\r\n*0\r\n";
      case "UNLINK" -> {
        calls.add("UNLINK " + words.get(1));
        store.trim();
        yield ":1\r\n";
      }
      default -> "-ERR not needed here\r\n";
    };
  }

  @Override
  public void close() throws IOException {
    http.stop(0);
    redis.close();
  }
}
