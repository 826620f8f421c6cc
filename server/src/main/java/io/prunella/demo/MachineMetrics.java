package io.prunella.demo;

import io.prunella.demo.Series.Source;

/** What node_exporter says of the machine under an instance. */
final class MachineMetrics {
  private MachineMetrics() {}

  static void register(Instance i, Host h) {
    var into =
        Exposition.of(
            i.series,
            Source.OUTSIDE,
            "job",
            "node",
            "service",
            i.spec.name(),
            "instance",
            i.name + ":9100");
    into.add("up", () -> 1);
    for (int c = 0; c < Host.CPUS; c++) {
      int cpu = c;
      String name = String.valueOf(c);
      into.add("node_cpu_seconds_total", () -> h.idle[cpu], "cpu", name, "mode", "idle")
          .add("node_cpu_seconds_total", () -> h.user[cpu], "cpu", name, "mode", "user")
          .add("node_cpu_seconds_total", () -> h.system[cpu], "cpu", name, "mode", "system")
          .add("node_cpu_seconds_total", () -> h.waiting[cpu], "cpu", name, "mode", "iowait");
    }
    disk(into, "/dev/nvme0n1p2", "/", h.diskBytes, () -> h.used);
    disk(into, "/dev/nvme0n1p3", "/var/log", h.logDiskBytes, () -> h.logged);
    into.add("node_memory_MemTotal_bytes", () -> h.memoryBytes)
        .add("node_memory_MemAvailable_bytes", () -> h.available)
        .add("node_load1", () -> h.load1)
        .add("node_load5", () -> h.load5)
        .add("node_disk_read_bytes_total", () -> h.readBytes, "device", "nvme0n1")
        .add("node_disk_written_bytes_total", () -> h.writtenBytes, "device", "nvme0n1")
        .add("node_disk_io_time_seconds_total", () -> h.busySeconds, "device", "nvme0n1")
        .add("node_network_receive_bytes_total", () -> h.received, "device", "ens5")
        .add("node_network_transmit_bytes_total", () -> h.sent, "device", "ens5")
        .add("node_network_receive_errs_total", () -> 0, "device", "ens5")
        .add("node_filefd_allocated", () -> h.files)
        .add("node_filefd_maximum", () -> 9.2e18)
        .add("node_context_switches_total", () -> h.contextSwitches)
        .add("node_procs_blocked", () -> 0)
        .add("node_boot_time_seconds", () -> h.bootedMs / 1000.0)
        .add("node_uname_info", () -> 1, "release", "6.1.0-28-amd64", "nodename", i.name);
  }

  private static void disk(
      Exposition into,
      String device,
      String mount,
      double size,
      java.util.function.DoubleSupplier used) {
    String[] labels = {"device", device, "fstype", "ext4", "mountpoint", mount};
    into.add("node_filesystem_size_bytes", () -> size, labels)
        .add(
            "node_filesystem_avail_bytes",
            () -> Math.max(0, size * .95 - used.getAsDouble()),
            labels)
        .add("node_filesystem_free_bytes", () -> Math.max(0, size - used.getAsDouble()), labels)
        .add("node_filesystem_files", () -> size / 16_384, labels)
        .add(
            "node_filesystem_files_free",
            () -> Math.rint(size / 16_384 - used.getAsDouble() / 90_000),
            labels);
  }
}
