import ControlInterface

/// What needs a person: faults first, then what keeps the machine from being armed.
struct WatchAttention {
  private static let nameWidth = 23

  var status: Device.Status
  var width: Int
  var clock: WallClock
  var paint: Paint

  /// In a fault only what a hand on the machine can change: what a session brings comes later.
  private var unmet: [Device.Interlock] {
    let unmet = status.interlocks.filter { !$0.isSatisfied }
    switch status.state {
    case .standby: return unmet
    case .fault: return unmet.filter { Self.contacts.contains($0.name) }
    default: return []
    }
  }

  private static let contacts = [
    "emergency_stop_closed", "guard_closed", "cartridge_present", "pedal_released", "needle_home",
    "drive_link",
  ]

  var title: String {
    if !status.faults.isEmpty { return status.faults.count == 1 ? "Fault" : "\(status.faults.count) faults" }
    return unmet.isEmpty ? "No faults" : "Before it can be armed"
  }

  /// At most `rows` lines, each exactly `width` columns after a blank. What finds no room is named in the last one.
  func fitted(to rows: Int) -> [String] {
    let things = things
    guard rows > 0, !things.isEmpty else { return [] }
    guard things.count <= rows else {
      let rest = things.dropFirst(rows - 1)
      let names = rest.map(\.name).joined(separator: ", ")
      return things.prefix(rows - 1).map(\.short)
        + [" " + TextWidth.padded("and \(rest.count) more: \(names)", to: width)]
    }
    // Faults whole as long as everything after them still has a line; of what follows all or none, so that it reads as one list.
    var (lines, later) = ([String](), things.count)
    for thing in things.prefix(status.faults.count) {
      later -= 1
      lines += lines.count + thing.lines.count + later <= rows ? thing.lines : [thing.short]
    }
    let rest = things.dropFirst(status.faults.count)
    let whole = rest.flatMap(\.lines)
    return lines + (lines.count + whole.count <= rows ? whole : rest.map(\.short))
  }

  /// One thing that needs a hand: its name, all its lines, and one line that has to do where room is short.
  private struct Thing {
    var name: String
    var lines: [String]
    var short: String
  }

  private var things: [Thing] {
    let faults = status.faults.sorted(by: Self.isMoreUrgent).map { one in
      let lines = fault(one)
      return Thing(name: Words.of(one.code), lines: lines, short: lines[0])
    }
    let conditions = unmet.map { one in
      let name = " " + TextWidth.padded(Words.of(one.name), to: Self.nameWidth)
      let hint = TextWidth.padded(TextWidth.harmless(one.hint ?? ""), to: width - Self.nameWidth)
      return Thing(name: Words.of(one.name), lines: interlock(one), short: name + hint)
    }
    let strokes = uncertain
    return faults + conditions
      + (strokes.isEmpty ? [] : [Thing(name: "uncertain strokes", lines: strokes, short: strokes[0])])
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
