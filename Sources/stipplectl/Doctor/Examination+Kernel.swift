import ControlInterface

/// What decides how punctually the loop wakes.
extension Examination {
  /// What the machine profiles ask for.
  private static let loopPriority = 80

  func kernel() -> Finding {
    let release = host.text("/proc/sys/kernel/osrelease") ?? "a kernel that does not tell its release"
    let isRealTime =
      host.text("/sys/kernel/realtime") == "1"
      || (host.text("/proc/version") ?? "").contains("PREEMPT_RT")
    guard isRealTime else {
      return .advice(
        "kernel", "\(release) is not PREEMPT_RT: a wake may be milliseconds late",
        "Install a real-time kernel (Debian: linux-image-rt-arm64 or linux-image-rt-amd64) and restart.")
    }
    return .good("kernel", "\(release), PREEMPT_RT")
  }

  func priority() -> Finding {
    if let machine = patient.machine {
      if let priority = machine.priority {
        return .good("real-time priority", "the loop runs at SCHED_FIFO \(priority)")
      }
      return grave(
        "real-time priority", "the loop runs without real-time priority", Self.unitRemedy("LimitRTPRIO=98"))
    }
    guard let process = DaemonProcess.find(host), let limit = process.realTimePriority else {
      return .unseen("real-time priority", "no daemon and no unit stippled.service says what it may have")
    }
    guard limit.allows(Self.loopPriority) else {
      return grave(
        "real-time priority", "\(process.source) does not allow SCHED_FIFO \(Self.loopPriority)",
        Self.unitRemedy("LimitRTPRIO=98"))
    }
    return .good("real-time priority", "\(process.source) allows SCHED_FIFO \(Self.loopPriority)")
  }

  func memory() -> Finding {
    if let machine = patient.machine {
      if machine.isMemoryLocked { return .good("locked memory", "the daemon's memory is locked") }
      return grave(
        "locked memory", "the daemon's memory is not locked: a page may have to come from the disk",
        Self.unitRemedy("LimitMEMLOCK=infinity"))
    }
    guard let process = DaemonProcess.find(host), let limit = process.lockedMemory else {
      return .unseen("locked memory", "no daemon and no unit stippled.service says what it may have")
    }
    // The daemon has some 60 MB.
    guard limit.allows(256 << 20) else {
      return grave(
        "locked memory", "\(process.source) allows less than 256 MiB",
        Self.unitRemedy("LimitMEMLOCK=infinity"))
    }
    return .good("locked memory", "\(process.source) allows it")
  }

  private static func unitRemedy(_ setting: String) -> String {
    "Have systemd start it by its own unit, or give yours \(setting) (sudo systemctl edit stippled), then restart it."
  }

  /// sched_rt_runtime_us of sched_rt_period_us may go to real-time threads.
  func throttling() -> Finding {
    guard let runtime = host.text("/proc/sys/kernel/sched_rt_runtime_us").flatMap({ Int($0) }),
      let period = host.text("/proc/sys/kernel/sched_rt_period_us").flatMap({ Int($0) }), period > 0
    else { return .unseen("throttling", "this kernel does not tell") }
    guard runtime >= 0 else { return .good("throttling", "off: real-time threads are never held back") }
    let percent = runtime * 100 / period
    // The loop needs a few percent of a CPU; half a CPU leaves room for what else is real-time.
    guard percent >= 50 else {
      return grave(
        "throttling", "real-time threads get \(percent) % of the time only",
        "sudo sysctl -w kernel.sched_rt_runtime_us=950000, and keep it in /etc/sysctl.d/.")
    }
    return .good("throttling", "real-time threads may have \(percent) % of the time; the loop needs a few")
  }

  func governor() -> Finding {
    let governors = host.names(in: "/sys/devices/system/cpu").compactMap {
      name -> (cpu: Int, name: String)? in
      guard name.hasPrefix("cpu"), let cpu = Int(name.dropFirst(3)) else { return nil }
      return host.text("/sys/devices/system/cpu/\(name)/cpufreq/scaling_governor").map { (cpu, $0) }
    }
    guard !governors.isEmpty else {
      return .unseen("governor", "this kernel does not change the CPUs' clock")
    }
    let others = governors.filter { $0.name != "performance" }.sorted { $0.cpu < $1.cpu }
    guard let first = others.first else { return .good("governor", "performance on every CPU") }
    let which = others.map { "\($0.cpu)" }.joined(separator: ", ")
    return .advice(
      "governor", "\(first.name) on CPU \(which): the clock has to rise before the loop is served fast",
      "Add cpufreq.default_governor=performance to the kernel's command line, or run cpupower frequency-set -g performance."
    )
  }

  func isolation() -> Finding {
    let isolated = CPUList(host.text("/sys/devices/system/cpu/isolated") ?? "")
    guard let machine = patient.machine else {
      guard !isolated.isEmpty else {
        return .advice(
          "isolation", "no CPU is kept free for the loop",
          "Add isolcpus=3 to the kernel's command line, with the CPU that the machine profile names.")
      }
      return .good("isolation", "CPU \(isolated) is kept free")
    }
    guard let cpu = machine.cpu else {
      return isVirtual
        ? .unseen("isolation", "the machine profile gives the loop no CPU of its own")
        : .advice(
          "isolation", "the machine profile gives the loop no CPU of its own",
          "Name one under real_time in the machine profile, and keep it free with isolcpus= on the kernel's command line."
        )
    }
    guard isolated.contains(cpu) else {
      return .advice(
        "isolation", "CPU \(cpu) is the loop's, and other work runs there, too",
        "Add isolcpus=\(cpu) to the kernel's command line and restart.")
    }
    return .good("isolation", "CPU \(cpu) is the loop's and kept free of other work")
  }

  /// A CPU that sleeps deeply wakes late: the daemon holds /dev/cpu_dma_latency open at 0 µs.
  func sleepStates() -> Finding {
    let subject = "sleep states"
    if let warning = patient.machine?.warnings.first(where: { $0.contains("cpu_dma_latency") }) {
      return grave(
        subject, warning, "Let the service open /dev/cpu_dma_latency (its udev rule and DeviceAllow=).")
    }
    let states = host.names(in: "/sys/devices/system/cpu/cpu0/cpuidle").filter { $0.hasPrefix("state") }
    guard states.count > 1 else { return .good(subject, "this kernel knows none that are deep") }
    guard host.exists("/dev/cpu_dma_latency") else {
      return .advice(
        subject, "there is no /dev/cpu_dma_latency to keep the CPUs awake",
        "Use a kernel with CONFIG_CPU_IDLE and PM QoS, or add processor.max_cstate=1 to its command line.")
    }
    guard let machine = patient.machine else {
      return .good(subject, "the daemon holds them off while it runs")
    }
    return machine.isVirtual
      ? .unseen(subject, "the daemon leaves them alone on a virtual machine")
      : .good(subject, "the daemon holds them off")
  }
}
