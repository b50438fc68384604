import ControlInterface

/// Faults, the most urgent first: what happened, since when, what shows it, whether it can be acknowledged.
struct FaultText {
  var faults: [Device.Fault]
  var paint: Paint
  var width: Int
  var clock: WallClock

  var text: String {
    let order: [Device.Priority] = [.high, .medium, .low]
    return order.flatMap { priority in faults.filter { $0.priority == priority } }.map(one).joined(
      separator: "\n")
  }

  private func one(_ fault: Device.Fault) -> String {
    let name = TextWidth.harmless(fault.code)
    let head =
      "  " + paint(paint.bold("\(fault.priority.rawValue)".uppercased()), fault.priority.colour)
      + "  \(paint.bold(name))  since \(clock.time(fault.sinceUs))"
    var lines = [head]
    let cause =
      fault.isPresent
      ? "The cause is still there." : "The cause is gone: stipplectl fault acknowledge \(name)"
    let evidence = fault.evidence.isEmpty ? [] : ["Shown by " + fault.evidence.joined(separator: ", ")]
    for sentence in [fault.message] + evidence + [cause] where !sentence.isEmpty {
      lines += TextWidth.wrapped(TextWidth.harmless(sentence), to: max(30, width - 4)).map { "    " + $0 }
    }
    return lines.joined(separator: "\n")
  }
}
