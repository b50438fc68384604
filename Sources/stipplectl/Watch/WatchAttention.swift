import ControlInterface

/// What needs a person: faults first, else what keeps the machine from being armed.
struct WatchAttention {
  private static let nameWidth = 23

  var status: Device.Status
  var width: Int
  var clock: WallClock
  var paint: Paint

  private var unmet: [Device.Interlock] {
    status.state == .standby ? status.interlocks.filter { !$0.isSatisfied } : []
  }

  var title: String {
    if !status.faults.isEmpty { return status.faults.count == 1 ? "Fault" : "\(status.faults.count) faults" }
    return unmet.isEmpty ? "No faults" : "Before it can be armed"
  }

  /// Each exactly `width` columns after a blank.
  var lines: [String] {
    if !status.faults.isEmpty { return status.faults.sorted(by: Self.isMoreUrgent).flatMap(fault) }
    return unmet.flatMap(interlock) + uncertain
  }

  private static func isMoreUrgent(_ a: Device.Fault, _ b: Device.Fault) -> Bool {
    let order = Device.Priority.allCases
    return (order.firstIndex(of: a.priority) ?? 0) < (order.firstIndex(of: b.priority) ?? 0)
  }

  private func fault(_ fault: Device.Fault) -> [String] {
    let priority = TextWidth.padded(fault.priority.rawValue.uppercased(), to: 6)
    let cause = fault.isPresent ? "the cause is still there" : "the cause is gone: acknowledge it"
    let head = TextWidth.harmless("\(clock.time(fault.sinceUs))  \(Words.of(fault.code)) (\(cause))")
    return [
      " " + paint(paint.bold(priority), fault.priority.colour) + "  " + TextWidth.padded(head, to: width - 8)
    ]
      + wrapped(fault.message, indent: 8)
  }

  private func interlock(_ interlock: Device.Interlock) -> [String] {
    let hint = TextWidth.wrapped(TextWidth.harmless(interlock.hint ?? ""), to: width - Self.nameWidth)
    return hint.enumerated().map { index, part in
      let name = TextWidth.padded(index == 0 ? Words.of(interlock.name) : "", to: Self.nameWidth)
      return " " + name + TextWidth.padded(part, to: width - Self.nameWidth)
    }
  }

  private var uncertain: [String] {
    guard let uncertain = status.uncertain else { return [] }
    return wrapped("Uncertain: " + UncertainText.of(uncertain.firstStroke, uncertain.lastStroke), indent: 0)
  }

  private func wrapped(_ text: String, indent: Int) -> [String] {
    TextWidth.wrapped(TextWidth.harmless(text), to: width - indent).map { line in
      " " + String(repeating: " ", count: indent) + TextWidth.padded(line, to: width - indent)
    }
  }
}
