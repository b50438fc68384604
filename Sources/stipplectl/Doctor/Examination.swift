import ControlInterface

/// Everything the doctor looks at, in its order. It reads and changes nothing.
struct Examination {
  /// What the daemon told; all nil when it was not reached.
  struct Patient {
    var machine: Device.Machine?
    var status: Device.Status?
    var timing: Device.GetTiming.Reply?
    /// What the board is beside its profile.
    var board: Device.CheckMachine.Reply?
    /// Why the daemon was not reached.
    var silence: String?
  }

  var host: ExaminedHost
  var patient: Patient
  var socket: String
  var stateFolder: String

  /// A virtual machine works without what a needle needs; a host without a daemon is judged as a board to be.
  var isVirtual: Bool { patient.machine?.isVirtual ?? false }

  /// Bad on a board; on a virtual machine worth knowing and no more.
  func grave(_ subject: String, _ detail: String, _ remedy: String) -> Finding {
    isVirtual
      ? .advice(subject, detail, "A virtual machine works without. On a board: " + remedy)
      : .bad(subject, detail, remedy)
  }

  /// What to look at, each with the name that is shown while it is looked at.
  var parts: [(subject: String, look: () -> Finding)] {
    [
      ("daemon", daemon), ("socket", socketFile), ("groups", groups), ("kernel", kernel),
      ("real-time priority", priority), ("locked memory", memory), ("throttling", throttling),
      ("governor", governor), ("isolation", isolation), ("sleep states", sleepStates), ("GPIO", gpio),
      ("watchdog", watchdog), ("board", board), ("disk", disk), ("clock", clock), ("wake-ups", wakes),
    ]
  }
}

// MARK: - The daemon and who may reach it

extension Examination {
  private func daemon() -> Finding {
    guard let status = patient.status, let machine = patient.machine else {
      return .advice(
        "daemon", "not reached: \(patient.silence ?? "no answer")",
        "Start it: sudo systemctl start stippled. What follows is judged without it.")
    }
    let kind = machine.isVirtual ? " (virtual: no real needle)" : ""
    return .good("daemon", "stippled \(machine.version) on \(machine.name)\(kind), \(status.state.words)")
  }

  private func socketFile() -> Finding {
    guard let file = host.ownership(socket) else {
      return .unseen("socket", "there is no \(socket)")
    }
    let mode = String(file.mode & 0o777, radix: 8)
    guard file.mode & 0o007 == 0 else {
      return .bad(
        "socket", "\(socket) has mode \(mode): every user of this host can open it",
        "Start stippled anew, or take the permission away: sudo chmod o= \(socket)")
    }
    guard let group = host.groupID("stipple"), file.groupID == group else {
      return .advice(
        "socket",
        "\(socket) does not belong to the group stipple: only stippled's own user and root can open it",
        "Make the group (see groups), then start stippled anew.")
    }
    return .good("socket", "\(socket), mode \(mode), for the group stipple")
  }

  private func groups() -> Finding {
    let wanted = ["stipple", "stipple-technician", "stipple-service"]
    let missing = wanted.filter { host.groupID($0) == nil }
    guard missing.isEmpty else {
      return grave(
        "groups", "this host has no group \(missing.joined(separator: ", "))",
        "sudo systemd-sysusers makes them once the package is installed; else sudo groupadd --system GROUP.")
    }
    if host.callerIsRoot { return .good("groups", "there; you are root, which is the role service") }
    let mine = wanted.filter { host.groupID($0).map(host.callerGroups.contains) ?? false }
    let role =
      mine.contains("stipple-service")
      ? "service" : mine.contains("stipple-technician") ? "technician" : "observer"
    guard mine.contains("stipple") else {
      return .advice(
        "groups", "there; you are not in the group stipple, which opens the socket",
        Remedies.joinGroup("stipple"))
    }
    return .good("groups", "there; your role is \(role)")
  }
}
