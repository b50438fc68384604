import ControlInterface

/// The machine's state as a page.
struct StatusText {
  var status: Device.Status
  var paint: Paint
  var width: Int
  var clock: WallClock

  var text: String {
    var parts = [sheet]
    if !status.faults.isEmpty {
      parts.append(
        paint.bold("Faults") + "\n"
          + FaultText(faults: status.faults, paint: paint, width: width, clock: clock).text)
    }
    let unmet = status.interlocks.filter { !$0.isSatisfied }
    if !unmet.isEmpty && status.state == .standby {
      parts.append(paint.bold("Before it can be armed") + "\n" + interlocks(unmet))
    }
    return parts.joined(separator: "\n\n")
  }

  private var sheet: String {
    var sheet = Sheet()
    sheet.add("State", "\(status.state.words): \(status.state.meaning)")
    sheet.add("Needle", status.needle.words)
    sheet.add("Profile", StatusWords.profile(status))
    sheet.add("Session", StatusWords.session(status, clock))
    sheet.add("Zone", status.zone.map(StatusWords.zone))
    sheet.add("Cartridge", status.session?.cartridge)
    sheet.add("Pigment", status.session?.pigment)
    if status.session != nil {
      sheet.add("Strokes", "\(Figures.count(status.strokes)) in \(Figures.count(status.dots)) dots")
    }
    sheet.add("Measured", StatusWords.measured(status))
    sheet.add("Limits", limits)
    sheet.add("Motor", status.temperatures.motorCaseC.map(Figures.temperature))
    sheet.add("Drive", StatusWords.drive(status.drive, status.temperatures.driveC))
    sheet.add("Loop", timing)
    sheet.add(
      "Uncertain",
      status.uncertain.map { UncertainText.of($0.firstStroke, $0.lastStroke, session: $0.session) })
    let colour = status.state.colour
    return sheet.text(
      paint, width: width,
      marks: ["State": { paint($0, colour) }, "Uncertain": { paint($0, .yellow) }])
  }

  private var limits: String {
    "\(Figures.rate(status.limits.rateHz)), \(Figures.depth(status.limits.depthUm)) beyond the nose, "
      + "dwell \(Figures.milliseconds(status.limits.dwellUs)), \(status.limits.dotsPerCm2) dots/cm²"
  }

  private var timing: String? {
    guard let late = status.timing.p999Us, let most = status.timing.maxUs else { return nil }
    return
      "999 of 1,000 wakes within \(Figures.milliseconds(late)), the worst \(Figures.milliseconds(most)) late"
  }

  private func interlocks(_ unmet: [Device.Interlock]) -> String {
    var sheet = Sheet()
    for interlock in unmet { sheet.add("  " + Words.of(interlock.name), interlock.hint ?? "") }
    return sheet.text(Paint(isOn: false), width: width)
  }
}
