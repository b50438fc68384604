import ControlInterface
import SessionLog

/// What the machine stands on: lines, watchdog, disk, calendar; and how the loop has fared on it.
extension Examination {
  /// Some kernels keep a line's level after the process that set it has died.
  func gpio() -> Finding {
    for module in host.names(in: "/sys/module") {
      guard let setting = host.text("/sys/module/\(module)/parameters/persist_gpio_outputs") else { continue }
      guard setting == "Y" || setting == "1" else {
        return .good("GPIO", "\(module) returns lines to inputs when their program ends")
      }
      return grave(
        "GPIO", "\(module) keeps outputs as they are when their program dies, FIRE and STO_EN among them",
        "Add dtparam=strict_gpiod to /boot/firmware/config.txt and restart. Until then only the service's stippled --park puts them low."
      )
    }
    let chips = host.names(in: "/dev").filter { $0.hasPrefix("gpiochip") }
    guard !chips.isEmpty else { return .unseen("GPIO", "this host has no GPIO chip") }
    return .good(
      "GPIO", "\(chips.joined(separator: ", ")); no driver of this kernel keeps outputs by a setting")
  }

  func watchdog() -> Finding {
    guard host.exists("/dev/watchdog") else {
      return isVirtual
        ? .unseen("watchdog", "there is no /dev/watchdog; a virtual machine has none")
        : .advice(
          "watchdog", "there is no /dev/watchdog: a kernel that hangs is not restarted",
          "Load the board's watchdog driver, or softdog (sudo modprobe softdog).")
    }
    for path in systemConfigurations {
      let setting = ExaminedHost.line(of: host.text(path), after: "RuntimeWatchdogSec=")
      guard let setting, !["0", "off", ""].contains(setting) else { continue }
      return grave(
        "watchdog", "systemd feeds it, too (RuntimeWatchdogSec=\(setting) in \(path)), so that it never acts",
        "Set RuntimeWatchdogSec=off there, then sudo systemctl daemon-reexec.")
    }
    let folder = "/sys/class/watchdog/watchdog0"
    let name = host.text(folder + "/identity") ?? "/dev/watchdog"
    let window = host.text(folder + "/timeout").map { ", \($0) s" } ?? ""
    let state = host.text(folder + "/state").map { ", \($0)" } ?? ""
    return .good("watchdog", name + window + state)
  }

  private var systemConfigurations: [String] {
    let folder = "/etc/systemd/system.conf.d"
    return ["/etc/systemd/system.conf"] + host.names(in: folder).map { folder + "/" + $0 }
  }

  func board() -> Finding {
    guard let reply = patient.board else {
      return .unseen(
        "board", "without a daemon: stippled --check --machine FILE holds it against its profile")
    }
    // What the host withholds has its own lines here.
    let failed = reply.findings.filter { !$0.isPassed && $0.subject != "real time" }
    guard let first = failed.first else { return .good("board", "as the machine profile says") }
    let more = failed.count > 1 ? ", and \(failed.count - 1) more" : ""
    return .bad(
      "board", "\(first.subject): \(first.detail)\(more)", "stipplectl machine check names everything.")
  }

  /// A treatment of four hours at 100 strokes a second takes at most this, with the catalog's share.
  private static let treatmentBytes: UInt64 = 64 << 20

  func disk() -> Finding {
    guard let room = host.room(stateFolder) else {
      return .unseen("disk", "\(stateFolder) cannot be looked at")
    }
    let treatments = room.free / Self.treatmentBytes
    let figure = "\(Figures.bytes(room.free)) free where \(stateFolder) is"
    let remedy = "Make room, or delete recordings that were kept long enough: stipplectl session purge."
    guard treatments >= 4 else { return .bad("disk", "\(figure): not enough for a day", remedy) }
    guard treatments >= 40 else {
      return .advice("disk", "\(figure), for \(treatments) treatments of four hours", remedy)
    }
    return .good(
      "disk", "\(figure), for more than \(Figures.count(Int(treatments))) treatments of four hours")
  }

  func clock() -> Finding {
    if host.isClockSynchronised { return .good("clock", "kept by a time server") }
    // The kernel set the clock from it when it was started.
    guard host.text("/sys/class/rtc/rtc0/hctosys") == "1" else {
      return grave(
        "clock", "no time server and no battery clock keep it",
        "Connect a time server (timedatectl set-ntp true), or compare the date each morning: stipplectl machine confirm-date."
      )
    }
    return .advice(
      "clock", "kept by a battery clock, by no time server",
      "timedatectl set-ntp true where there is a network.")
  }

  /// The loop's own figures since the daemon was started.
  func wakes() -> Finding {
    guard let timing = patient.timing else {
      return .unseen("wake-ups", "the daemon's own figures need the daemon")
    }
    let summary = timing.summary
    guard let late = summary.p999Us, let most = summary.maxUs else {
      return .unseen("wake-ups", "the loop has not woken yet")
    }
    let figures =
      "999 of 1,000 wakes within \(Figures.milliseconds(late)), the worst \(Figures.milliseconds(most)) late, "
      + "\(Figures.count(summary.misses)) of \(Figures.count(summary.wakes)) more than a period"
    let remedy = "Mend what is marked above: kernel, governor, isolation, sleep states, in this order."
    let isRefused =
      patient.status?.interlocks.contains { $0.name == "wake_latency" && !$0.isSatisfied } ?? false
    if isRefused { return .bad("wake-ups", "too late to arm: " + figures, remedy) }
    // A thousandth of fewer is a handful, and those of the start are among them.
    guard summary.wakes >= 10_000 else { return .unseen("wake-ups", "too few to judge yet: " + figures) }
    let period = patient.machine?.periodUs ?? 1_000
    if late > period || summary.misses > 0 && summary.misses * 1_000_000 > summary.wakes {
      return grave("wake-ups", figures, remedy)
    }
    return late * 4 > period ? .advice("wake-ups", figures, remedy) : .good("wake-ups", figures)
  }
}
