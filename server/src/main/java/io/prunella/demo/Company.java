package io.prunella.demo;

import io.prunella.demo.Spec.Call;
import io.prunella.demo.Spec.Platform;
import io.prunella.demo.Spec.Runtime;
import java.util.List;

/**
 * The services of a parcel carrier that does not exist. Callers stand before those they call, which
 * is the order in which load flows.
 */
final class Company {
  static final double GIB = 1024.0 * 1024 * 1024;
  static final double MIB = 1024.0 * 1024;

  static final List<Spec> SERVICES =
      List.of(
          kubernetes("gatepost", Runtime.GO, 6)
              .asked(420, 14.5)
              .sized(.46, 2, .004, 0.75)
              .routes("/v3/parcels", "/v3/session")
              .calling("waybill", .25, "milepost", .45, "consignee", .3)
              .build("7.19.2"),
          machine("waybill", Runtime.JVM, 6)
              .asked(38, 13)
              .sized(.42, 4, .021, 6)
              .pool(30)
              .routes("/waybills", "/waybills/{id}")
              .calling("ledgerbase", 2, "lantern-cache", 1, "depotmap", .3)
              .build("2.41.3"),
          kubernetes("tariffs", Runtime.JVM, 8)
              .asked(260, 15)
              .sized(.47, 1, .013, 1.5)
              .routes("/quotes", "/surcharges")
              .build("11.0.8"),
          kubernetes("milepost", Runtime.GO, 8)
              .asked(60, 16)
              .sized(.44, 1, .006, 0.5)
              .routes("/track/{code}", "/subscribe")
              .calling("lantern-cache", 3)
              .build("4.6.0"),
          kubernetes("consignee", Runtime.JVM, 6)
              .asked(20, 18)
              .sized(.38, 1, .017, 2)
              .pool(20)
              .routes("/people/{id}", "/addresses")
              .calling("ledgerbase", 1.2, "lantern-cache", 1)
              .build("3.12.1"),
          kubernetes("sortline", Runtime.JVM, 5)
              .asked(90, 12)
              .sized(.43, 2, .009, 1.25)
              .routes("/belts/scan", "/belts/plan")
              .calling("depotmap", .8)
              .build("0.98.4"),
          kubernetes("depotmap", Runtime.JVM, 6)
              .asked(12, 12.5)
              .sized(.4, 1, .028, 3)
              .pinned() // each holds the maps of some regions
              .routes("/route", "/zones")
              .build("5.3.7"),
          kubernetes("labelsmith", Runtime.JVM, 5)
              .asked(35, 11)
              .sized(.41, 1, .032, 1)
              .pinned() // a printer keeps to its instance
              .routes("/labels", "/manifests")
              .calling("scrollbox", 1)
              .build("1.77.0"),
          kubernetes("carrier-link", Runtime.GO, 4)
              .asked(25, 13.5)
              .sized(.33, 1, .045, 0.5)
              .routes("/handover", "/status")
              .calling("ledgerbase", .5)
              .build("2.0.19"),
          kubernetes("yardcam", Runtime.GO, 8)
              .asked(140, 12)
              .sized(.45, 1, .018, 0.75)
              .routes("/frames", "/plates")
              .build("0.31.5"),
          machine("scrollbox", Runtime.GO, 3)
              .asked(6, 11)
              .sized(.24, 4, .012, 8)
              .role("storage")
              .routes("/scrolls/{id}", "/scrolls")
              .build("1.4.2"),
          machine("lantern-cache", Runtime.REDIS, 1)
              .sized(.22, 4, .0004, 6)
              .role("cache")
              .build("7.2.6"),
          machine("ledgerbase", Runtime.POSTGRES, 2)
              .sized(.35, 8, .0025, 32)
              .role("database")
              .build("16.4"));

  private Company() {}

  private static Draft kubernetes(String name, Runtime runtime, int replicas) {
    return new Draft(name, Platform.KUBERNETES, runtime, replicas);
  }

  private static Draft machine(String name, Runtime runtime, int replicas) {
    return new Draft(name, Platform.MACHINE, runtime, replicas);
  }

  /** A spec in the making. */
  private static final class Draft {
    private final String name;
    private final Platform platform;
    private final Runtime runtime;
    private final int replicas;
    private String role = "stateless";
    private double ingress;
    private double busiestHour = 13;
    private double utilisation;
    private double cores;
    private double serviceSeconds;
    private double memoryBytes;
    private int poolMax;
    private boolean pinned;
    private List<String> handlers = List.of("/");
    private List<Call> calls = List.of();

    Draft(String name, Platform platform, Runtime runtime, int replicas) {
      this.name = name;
      this.platform = platform;
      this.runtime = runtime;
      this.replicas = replicas;
    }

    Draft asked(double perSecond, double busiestHour) {
      ingress = perSecond;
      this.busiestHour = busiestHour;
      return this;
    }

    Draft sized(double utilisation, double cores, double serviceSeconds, double memoryGib) {
      this.utilisation = utilisation;
      this.cores = cores;
      this.serviceSeconds = serviceSeconds;
      memoryBytes = memoryGib * GIB;
      return this;
    }

    Draft role(String role) {
      this.role = role;
      return this;
    }

    Draft pool(int connectionsMax) {
      poolMax = connectionsMax;
      return this;
    }

    Draft pinned() {
      pinned = true;
      return this;
    }

    Draft routes(String... handlers) {
      this.handlers = List.of(handlers);
      return this;
    }

    /** Callees and calls per request, in turn. */
    Draft calling(Object... calleesAndShares) {
      var list = new java.util.ArrayList<Call>();
      for (int i = 0; i < calleesAndShares.length; i += 2) {
        list.add(
            new Call(
                (String) calleesAndShares[i], ((Number) calleesAndShares[i + 1]).doubleValue()));
      }
      calls = List.copyOf(list);
      return this;
    }

    Spec build(String version) {
      return new Spec(
          name,
          platform,
          runtime,
          role,
          replicas,
          ingress,
          busiestHour,
          utilisation,
          cores,
          serviceSeconds,
          memoryBytes,
          poolMax,
          version,
          pinned,
          handlers,
          calls);
    }
  }
}
