import SessionLog
import Units

extension TreatmentReport {
  /// The report for a terminal, at most 80 columns where its words allow.
  public var text: String {
    var lines: [String] = []
    lines.append((facts.isBench ? "BENCH SESSION " : "TREATMENT REPORT ") + facts.id)
    if let opened {
      lines.append(
        "\(clock.date(opened)) \(clock.time(opened)) \(clock.zone), \(NumberText.duration(length)), machine \(facts.machine)"
      )
    }
    if !facts.client.isEmpty {
      lines.append(clientLine)
    }
    lines.append(integritySentence)
    lines += findings.map { "  ! \($0)" }
    lines.append("")
    lines.append(
      "\(NumberText.grouped(verdict.digest.dots)) dots, \(NumberText.grouped(verdict.digest.strokes)) strokes, pedal in force "
        + "\(NumberText.duration(runningSeconds)), \(faults) \(faults == 1 ? "fault" : "faults"), "
        + "\(NumberText.grouped(outsideEnvelope)) strokes outside limits")
    if verdict.digest.missingStrokes > 0 {
      lines.append(
        "! \(NumberText.grouped(verdict.digest.missingStrokes)) strokes were made whose records were lost")
    }
    lines += section("ZONES", zones.map(line))
    lines += section("MEASURED", [rate, depth, dwell].map { "  \($0.name): \(summary($0))" })
    lines.append("  (depth beyond the cartridge nose, not in tissue)")
    lines += section(
      "EVENTS",
      timeline.map { "  \(clock.time($0.at))  \($0.title)\($0.detail.isEmpty ? "" : ": \($0.detail)")" })
    lines += section(
      "MATERIALS",
      materials.flatMap { entry in
        let material = entry.record
        let name = [material.maker, material.name, material.shade].filter { !$0.isEmpty }.joined(
          separator: " ")
        return [
          "  \(clock.time(entry.from))  \(material.kind.spokenName) \(name), lot \(material.lot), expires \(material.expiry)"
            + (material.dilution.isEmpty ? "" : ", diluted \(material.dilution)"),
          "            \(entry.use)",
        ]
      })
    lines += section(
      "WHO DID WHAT",
      actions.map { action, at in
        let role = action.role.isEmpty ? "" : " (\(action.role))"
        return "  \(clock.time(at))  \(action.actor)\(role) \(action.verb) \(action.detail)"
      })
    lines.append("")
    lines.append("file SHA-256 \(verdict.sha256)")
    if let head = options.auditHead {
      lines.append("audit head   \(head) (\(NumberText.grouped(options.auditLength)) entries)")
    }
    // What a record says must not be able to move the terminal's cursor.
    return lines.map(Self.plain).joined(separator: "\n") + "\n"
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : ["", title] + lines
  }

  private func line(_ zone: ZoneReport) -> String {
    let name =
      (zone.name.isEmpty ? "no zone" : zone.name) + (zone.attributes.isEmpty ? "" : " (\(zone.attributes))")
    var text = "  \(name): \(NumberText.grouped(zone.dots)) dots"
    if zone.uncertainDots > 0 { text += " and at most \(NumberText.grouped(zone.uncertainDots)) uncertain" }
    if let density = zone.density {
      text += ", \(NumberText.of(density, decimals: 1)) per cm²"
      if zone.targetDensity > 0 { text += ", target \(zone.targetDensity)" }
      text += ", ceiling \(zone.ceilingDensity)\n    \(bar(zone, density))"
    }
    if let whole = wholePlan(zone) { text += "\n    over the whole plan \(whole)" }
    if let evenness = evenness(zone) { text += "\n    \(evenness)" }
    return text
  }

  /// Thirty cells up to the ceiling.
  private func bar(_ zone: ZoneReport, _ density: Double) -> String {
    guard zone.ceilingDensity > 0 else { return "" }
    let share = min(1, density / Double(zone.ceilingDensity))
    let cells = Int((share * 30).rounded())
    return String(repeating: "█", count: cells) + String(repeating: "░", count: 30 - cells) + "▏"
      + NumberText.of(density / Double(zone.ceilingDensity) * 100) + " % of the ceiling"
  }

  private static func plain(_ line: String) -> String {
    String(
      String.UnicodeScalarView(
        line.unicodeScalars.map { $0.properties.generalCategory == .control && $0 != "\n" ? "\u{FFFD}" : $0 })
    )
  }
}
