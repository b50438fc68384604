import Foundation
import SessionLog

@testable import stipplectl

/// A host on paper: the files of a board in a folder of its own, and what is no file.
final class PaperHost {
  let root = FileManager.default.temporaryDirectory.appending(path: "paper-host-\(UUID().uuidString)").path
  var host: ExaminedHost

  /// A Raspberry Pi as it should be: real-time kernel, unit, groups, watchdog, one CPU kept free.
  init() throws {
    host = ExaminedHost(
      root: root, isClockSynchronised: true, callerGroups: [901, 902], callerIsRoot: false,
      room: { _ in .init(free: 20 << 30, size: 32 << 30) })
    try write("/proc/sys/kernel/osrelease", "6.12.47-rt\n")
    try write("/proc/version", "Linux version 6.12.47-rt SMP PREEMPT_RT\n")
    try write("/sys/kernel/realtime", "1\n")
    try write("/proc/sys/kernel/sched_rt_runtime_us", "950000\n")
    try write("/proc/sys/kernel/sched_rt_period_us", "1000000\n")
    try write("/sys/devices/system/cpu/isolated", "3\n")
    for cpu in 0...3 {
      try write("/sys/devices/system/cpu/cpu\(cpu)/cpufreq/scaling_governor", "performance\n")
    }
    try write("/sys/devices/system/cpu/cpu0/cpuidle/state0/name", "WFI\n")
    try write("/sys/devices/system/cpu/cpu0/cpuidle/state1/name", "cpu-sleep\n")
    try write("/dev/cpu_dma_latency", "")
    try write("/dev/gpiochip0", "")
    try write("/sys/module/pinctrl_rp1/parameters/persist_gpio_outputs", "N\n")
    try write("/dev/watchdog", "")
    try write("/sys/class/watchdog/watchdog0/identity", "Broadcom BCM2835 Watchdog timer\n")
    try write("/sys/class/watchdog/watchdog0/timeout", "15\n")
    try write("/etc/systemd/system.conf", "[Manager]\n#RuntimeWatchdogSec=off\n")
    try write(
      "/lib/systemd/system/stippled.service", "[Service]\nLimitRTPRIO=98\nLimitMEMLOCK=infinity\n")
    try write("/etc/group", "root:x:0:\nstipple:x:901:\nstipple-technician:x:902:\nstipple-service:x:903:\n")
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func write(_ path: String, _ text: String) throws {
    let file = root + path
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: file, atomically: false, encoding: .utf8)
  }

  func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: root + path) }

  /// What the doctor finds, by subject.
  func findings(_ patient: Examination.Patient = .init(silence: "nobody listens")) -> [String: Finding] {
    let examination = Examination(
      host: host, patient: patient, socket: "/run/stipple/control", stateFolder: "/var/lib/stipple")
    return Dictionary(uniqueKeysWithValues: examination.parts.map { ($0.subject, $0.look()) })
  }
}
