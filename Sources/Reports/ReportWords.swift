import SessionLog

// Sentences that the page and the terminal share.
extension TreatmentReport {
  static let depthCaveat =
    "Depth is how far the needle protruded beyond the cartridge nose, as commanded and as measured. It is not the depth in tissue, which is shallower."

  /// The file's own state, or damaged when the catalog knows another hash.
  var standing: SessionVerdict.State {
    findings.isEmpty || verdict.state == .damaged ? verdict.state : .damaged
  }

  var findings: [String] {
    var findings = verdict.findings
    if let expected = options.expectedHash, expected != verdict.sha256 {
      findings.append("the file is not the one that was closed: the catalog has the hash \(expected)")
    }
    return findings
  }

  var integritySentence: String {
    switch standing {
    case .intact:
      options.expectedHash == nil
        ? "Every checksum, count and index in the file is right."
        : "Every checksum, count and index in the file is right, and its hash is the one in the audit chain."
    case .unfinished: "The file was never closed; nothing in it is damaged."
    case .damaged: "The file is damaged or was changed."
    }
  }

  func summary(_ quantity: QuantityReport) -> String {
    guard quantity.statistics.count > 0 else { return "not measured" }
    let decimals = quantity.decimals
    var text = "mean \(NumberText.of(quantity.statistics.mean, decimals: decimals)) \(quantity.unit)"
    if let low = quantity.histogram.quantile(0.01), let high = quantity.histogram.quantile(0.99) {
      text +=
        ", 98 % within \(NumberText.of(low, decimals: decimals)) to \(NumberText.of(high, decimals: decimals))"
    }
    text += ", highest \(NumberText.of(quantity.statistics.most, decimals: decimals))"
    if quantity.above > 0 { text += ", \(NumberText.grouped(quantity.above)) above the ceiling" }
    return text
  }

  /// Who was treated, under which plan, in which stage of it.
  var clientLine: String {
    var line = "Client \(facts.client)"
    if !facts.plan.isEmpty { line += " · plan \(facts.plan)" }
    if !facts.stage.isEmpty { line += " · \(facts.stage)" }
    return line
  }

  /// What a zone has over the whole plan; `nil` where the record does not say.
  func wholePlan(_ zone: ZoneReport) -> String? {
    guard let density = zone.planDensity else { return nil }
    let before = zone.planDots > 0 ? ", \(NumberText.grouped(zone.planDots)) dots before this session" : ""
    return "\(NumberText.of(density, decimals: 1)) of \(zone.planCeiling) per cm²\(before)"
  }

  /// How regular the dots came; the machine does not know where they were placed.
  func evenness(_ zone: ZoneReport) -> String? {
    guard let variation = zone.intervals.variation else { return nil }
    let percent = NumberText.of(variation * 100)
    return "a dot every \(NumberText.of(zone.intervals.mean, decimals: 2)) s, varying by \(percent)\u{A0}%"
  }
}
