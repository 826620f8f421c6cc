package io.prunella.demo;

import io.prunella.demo.Series.Source;

/** What cAdvisor and kube-state-metrics say of a pod, and the latter of its deployment. */
final class KubernetesMetrics {
  private KubernetesMetrics() {}

  static void register(SimulatedService service, Instance i) {
    container(i);
    double limit = i.spec.memoryBytes();
    Exposition.of(
            i.series,
            Source.OUTSIDE,
            "job",
            "kube-state-metrics",
            "instance",
            "10.42.0.11:8080",
            "namespace",
            Exposition.NAMESPACE,
            "pod",
            i.name)
        .add("kube_pod_status_ready", () -> i.ready ? 1 : 0, "condition", "true")
        .add("kube_pod_status_phase", () -> i.up || i.restarts > 0 ? 1 : 0, "phase", "Running")
        .add("kube_pod_container_status_ready", () -> i.ready ? 1 : 0, "container", "app")
        .add("kube_pod_container_status_restarts_total", () -> i.restarts, "container", "app")
        .add(
            "kube_pod_container_status_waiting_reason",
            () -> i.wedged && !i.up ? 1 : 0,
            "container",
            "app",
            "reason",
            "CrashLoopBackOff")
        .add("kube_pod_container_status_running", () -> i.up ? 1 : 0, "container", "app")
        .add(
            "kube_pod_container_resource_limits",
            () -> limit,
            "container",
            "app",
            "resource",
            "memory",
            "unit",
            "byte",
            "node",
            i.node)
        .add(
            "kube_pod_container_resource_limits",
            i.spec::cores,
            "container",
            "app",
            "resource",
            "cpu",
            "unit",
            "core",
            "node",
            i.node)
        .add(
            "kube_pod_container_info",
            () -> 1,
            "container",
            "app",
            "image",
            "registry.larkway.test/" + i.spec.name() + ":" + service.version)
        .add("kube_pod_start_time", () -> i.createdMs / 1000.0);
  }

  private static void container(Instance i) {
    String image = "registry.larkway.test/" + i.spec.name() + ":" + i.version;
    Exposition.of(
            i.series,
            Source.CONTAINER,
            "job",
            "kubelet",
            "metrics_path",
            "/metrics/cadvisor",
            "instance",
            i.node + ":10250",
            "node",
            i.node,
            "namespace",
            Exposition.NAMESPACE,
            "pod",
            i.name,
            "container",
            "app",
            "image",
            image)
        .add("container_cpu_usage_seconds_total", () -> i.cpuSeconds, "cpu", "total")
        .add("container_cpu_cfs_throttled_seconds_total", () -> i.throttledSeconds)
        .add("container_memory_working_set_bytes", () -> i.memory)
        .add("container_memory_rss", () -> i.memory * .94)
        .add("container_spec_memory_limit_bytes", i.spec::memoryBytes)
        .add("container_oom_events_total", () -> i.oomKills)
        .add("container_threads", () -> i.threads)
        .add("container_file_descriptors", () -> i.files)
        .add("container_fs_writes_bytes_total", () -> i.written, "device", "/dev/nvme0n1")
        .add("container_start_time_seconds", () -> i.startedMs / 1000.0);
    Exposition.of(
            i.series,
            Source.CONTAINER,
            "job",
            "kubelet",
            "metrics_path",
            "/metrics/cadvisor",
            "instance",
            i.node + ":10250",
            "node",
            i.node,
            "namespace",
            Exposition.NAMESPACE,
            "pod",
            i.name,
            "interface",
            "eth0")
        .add("container_network_receive_bytes_total", () -> i.received)
        .add("container_network_transmit_bytes_total", () -> i.sent)
        .add("container_network_receive_errors_total", () -> 0);
  }

  static void register(SimulatedService s) {
    Exposition.of(
            s.own,
            Source.OUTSIDE,
            "job",
            "kube-state-metrics",
            "instance",
            "10.42.0.11:8080",
            "namespace",
            Exposition.NAMESPACE,
            "deployment",
            s.spec.name())
        .add("kube_deployment_spec_replicas", () -> s.replicas)
        .add("kube_deployment_status_replicas", () -> s.instances.size())
        .add("kube_deployment_status_replicas_available", s::readyCount)
        .add(
            "kube_deployment_status_replicas_unavailable",
            () -> s.instances.size() - s.readyCount())
        .add("kube_deployment_status_observed_generation", () -> s.generation)
        .add("kube_deployment_metadata_generation", () -> s.generation);
  }
}
