import SessionLog
import Units

extension TreatmentReport {
  /// One self-contained page: no script, nothing fetched.
  public var html: String {
    let title = facts.isBench ? "Bench session" : "Treatment report"
    var page = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
    page += "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
    page +=
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    page +=
      "<title>\(title) \(Markup.escaped(facts.id))</title><style>\(StyleSheet.text)</style></head><body><main>"
    page += header(title) + notices + tiles + zonesSection + quantitiesSection + timelineSection
    page += materialsSection + settingsSection + actionsSection + integritySection + footer
    return page + "</main></body></html>\n"
  }

  private func header(_ title: String) -> String {
    let day = opened.map {
      "\(clock.date($0)), \(clock.time($0)) to \(clock.time($0 + Nanoseconds(Int64(length * 1e9)))) \(clock.zone)"
    }
    var lines = [day ?? "nothing was recorded"]
    if !facts.client.isEmpty {
      lines.append(clientLine)
    }
    lines.append(
      "Machine \(facts.machine.isEmpty ? "unknown" : facts.machine)"
        + (facts.openedBy.isEmpty ? "" : " · opened by \(facts.openedBy)"))
    let paragraphs = lines.map { "<p class=\"soft\">\(Markup.escaped($0))</p>" }.joined()
    return "<header><div><h1>\(title)</h1>\(paragraphs)</div>\(badge)</header>"
  }

  private var badge: String {
    switch standing {
    case .intact: "<span class=\"badge good\">✓ record intact</span>"
    case .unfinished: "<span class=\"badge warn\">record not closed</span>"
    case .damaged: "<span class=\"badge bad\">✕ record damaged</span>"
    }
  }

  private var notices: String {
    var html = ""
    if standing == .damaged {
      html +=
        "<div class=\"card notice bad\"><b>The record is damaged.</b> What follows is what could still be read; see Integrity below.</div>"
    }
    if standing == .unfinished {
      html +=
        "<div class=\"card notice\"><b>This session was not closed.</b> The report shows what is recorded so far.</div>"
    }
    for entry in timeline where entry.kind == .uncertain {
      html +=
        "<div class=\"card notice\"><b>Uncertain:</b> \(Markup.escaped(entry.detail)). They count at their upper bound against budgets.</div>"
    }
    if verdict.digest.missingStrokes > 0 {
      html +=
        "<div class=\"card notice\"><b>\(NumberText.grouped(verdict.digest.missingStrokes)) strokes were made whose records were lost.</b> They are counted by their sequence numbers.</div>"
    }
    return html.isEmpty ? "" : "<div style=\"margin-top:20px\">\(html)</div>"
  }

  private var tiles: String {
    var tiles = [
      (NumberText.grouped(verdict.digest.dots), "dots"),
      (NumberText.grouped(verdict.digest.strokes), "strokes"),
      (NumberText.duration(length), "session"),
      (NumberText.duration(runningSeconds), "pedal in force"),
      (String(faults), faults == 1 ? "fault" : "faults"),
    ]
    tiles.append((NumberText.grouped(outsideEnvelope), "outside limits"))
    let html = tiles.map { "<div class=\"tile\"><b>\($0.0)</b><span>\($0.1)</span></div>" }.joined()
    return "<div class=\"tiles\">\(html)</div>"
  }

  private var zonesSection: String {
    guard !zones.isEmpty else { return "<h2>Zones</h2><p class=\"soft\">No zone was set.</p>" }
    return "<h2>Zones</h2><div class=\"zones\">\(zones.map(card).joined())</div>"
  }

  private func card(_ zone: ZoneReport) -> String {
    let tags = zone.attributes.split(separator: ",").map {
      "<span class=\"tag\">\(Markup.escaped(String($0)))</span>"
    }.joined()
    var rows: [(String, String)] = [
      (
        "dots",
        NumberText.grouped(zone.dots) + (zone.budget > 0 ? " of \(NumberText.grouped(zone.budget))" : "")
      )
    ]
    if zone.uncertainDots > 0 {
      rows.append(("uncertain", "at most \(NumberText.grouped(zone.uncertainDots)) more"))
    }
    if let density = zone.density {
      let aim = zone.targetDensity > 0 ? ", target \(zone.targetDensity)" : ""
      rows.append(("density", "\(NumberText.of(density, decimals: 1)) per cm² on \(zone.area)\(aim)"))
    }
    if let whole = wholePlan(zone) { rows.append(("whole plan", whole)) }
    if zone.dots > 0 {
      rows.append(
        (
          "strokes",
          "\(NumberText.grouped(zone.strokes)), \(NumberText.of(Double(zone.strokes) / Double(zone.dots), decimals: 1)) per dot"
        ))
      rows.append(
        (
          "depth",
          "\(NumberText.of(zone.depth.mean / 1e3, decimals: 2)) mm ± \(NumberText.of(zone.depth.deviation / 1e3, decimals: 2))"
        ))
    }
    if let evenness = evenness(zone) { rows.append(("evenness", evenness)) }
    let list = rows.map { "<dt>\($0.0)</dt><dd>\(Markup.escaped($0.1))</dd>" }.joined()
    return
      "<div class=\"card\"><h3>\(Markup.escaped(zone.name.isEmpty ? "no zone" : zone.name)) \(tags)</h3>\(DensityBar(zone: zone).markup)<dl>\(list)</dl></div>"
  }

  private var quantitiesSection: String {
    var html = "<h2>Rate, depth and dwell</h2>"
    guard verdict.digest.strokes > 0 else { return html + "<p class=\"soft\">No stroke was made.</p>" }
    html += "<p class=\"key\"><span><i></i>mean</span><span><i class=\"k-range\"></i>range</span>"
    html += "<span><i class=\"k-asked\"></i>asked</span><span><i class=\"k-ceiling\"></i>ceiling</span></p>"
    for quantity in [rate, depth, dwell] {
      html +=
        "<div class=\"card\"><h3>\(quantity.name) <span class=\"soft small\">\(Markup.escaped(summary(quantity)))</span></h3>"
      html += "<div class=\"pair\"><div>\(SeriesChart(quantity: quantity, length: length).markup)</div>"
      html += "<div>\(HistogramChart(quantity: quantity).markup)</div></div></div>"
    }
    return html + "<p class=\"soft small\">\(Self.depthCaveat)</p>"
  }

  private var timelineSection: String {
    var html = "<h2>Faults and stops</h2>"
    guard opened != nil else { return html + "<p class=\"soft\">Nothing was recorded.</p>" }
    html +=
      "<div class=\"card wide\">\(TimelineChart(report: self, width: 840).markup)\(TimelineChart(report: self, width: 400).markup)</div>"
    guard !timeline.isEmpty else { return html + "<p class=\"soft\">No fault, no stop, no note.</p>" }
    let rows = timeline.map { entry in
      let colour =
        entry.kind == .highFault ? "bad" : entry.kind == .fault || entry.kind == .uncertain ? "warn" : ""
      return
        "<tr><td>\(clock.time(entry.at))</td><td><b class=\"\(colour)\">\(Markup.escaped(entry.title))</b></td><td>\(Markup.escaped(entry.detail))</td></tr>"
    }.joined()
    html +=
      "<div class=\"card long\"><table class=\"stack\"><thead><tr><th>time</th><th>what</th><th>detail</th></tr></thead><tbody>\(rows)</tbody></table>"
    if unlisted > 0 { html += "<p class=\"soft\">and \(NumberText.grouped(unlisted)) more</p>" }
    return html + "</div>"
  }

  private var materialsSection: String {
    var html = "<h2>Materials</h2>"
    guard !materials.isEmpty else {
      return html + "<p class=\"soft\">\(facts.isBench ? "None: a bench session." : "None registered.")</p>"
    }
    let rows = materials.map { entry in
      let material = entry.record
      let name = [material.maker, material.name, material.shade].filter { !$0.isEmpty }.joined(separator: " ")
      let dilution = material.dilution.isEmpty ? "" : ", diluted \(material.dilution)"
      return
        "<tr><td>\(clock.time(entry.from))</td><td>\(material.kind.spokenName)</td><td>\(Markup.escaped(name + dilution))</td>"
        + "<td>lot \(Markup.escaped(material.lot))</td><td>expires \(Markup.escaped(material.expiry))</td>"
        + "<td>\(Markup.escaped(entry.use))</td></tr>"
    }.joined()
    html +=
      "<div class=\"card\"><table class=\"stack\"><thead><tr><th>from</th><th>kind</th><th>what</th><th>lot or batch</th><th>expiry</th><th>used for</th></tr></thead><tbody>\(rows)</tbody></table></div>"
    return html
  }

  private var settingsSection: String {
    guard !settings.isEmpty else { return "" }
    let rows = settings.map { setting, at in
      let version = setting.version == 0 ? "version not kept" : "version \(setting.version)"
      return
        "<tr><td>\(clock.time(at))</td><td>\(Markup.escaped(setting.profile)) <span class=\"soft\">\(version)</span></td>"
        + "<td>\(Markup.escaped(setting.mode)), \(together("\(setting.rate)")), \(together("\(setting.depth)")), \(together("\(setting.dwell)"))</td>"
        + "<td>at most \(together("\(setting.rateCeiling)")), \(together("\(setting.depthCeiling)")), \(together("\(setting.dwellCeiling)"))</td></tr>"
    }.joined()
    return
      "<h2>Settings</h2><div class=\"card long\"><table class=\"stack\"><thead><tr><th>from</th><th>profile</th><th>asked</th><th>allowed</th></tr></thead><tbody>\(rows)</tbody></table></div>"
  }

  /// A figure and its unit on one line.
  private func together(_ quantity: String) -> String {
    quantity.map { $0 == " " ? "\u{A0}" : String($0) }.joined()
  }

  private var actionsSection: String {
    guard !actions.isEmpty else { return "" }
    let rows = actions.map { action, at in
      "<tr><td>\(clock.time(at))</td><td class=\"one\">\(Markup.escaped(action.actor)) <span class=\"soft\">\(Markup.escaped(action.role))</span></td>"
        + "<td class=\"one\">\(Markup.escaped(action.verb))</td><td>\(Markup.escaped(action.detail))</td></tr>"
    }.joined()
    return
      "<h2>Who did what</h2><div class=\"card long\"><table class=\"stack\"><thead><tr><th>time</th><th>who</th><th>what</th><th></th></tr></thead><tbody>\(rows)</tbody></table></div>"
  }

  private var integritySection: String {
    var rows: [(String, String)] = [("verdict", Markup.escaped(integritySentence))]
    rows += findings.map { ("finding", Markup.escaped($0)) }
    rows.append(("file SHA-256", "<code>\(verdict.sha256)</code>"))
    if let content = verdict.metadata["content_sha256"] {
      rows.append(("records SHA-256", "<code>\(Markup.escaped(content))</code>"))
    }
    if let previous = verdict.metadata["previous_sha256"] {
      rows.append(("session before", "<code>\(Markup.escaped(previous))</code>"))
    }
    if let head = options.auditHead {
      rows.append(("audit head", "<code>\(head)</code> at length \(NumberText.grouped(options.auditLength))"))
    }
    rows.append(
      (
        "records",
        "\(NumberText.grouped(verdict.digest.records)) in \(NumberText.grouped(verdict.bytes)) bytes"
      ))
    if ringDrops > 0 {
      rows.append(("dropped", "\(NumberText.grouped(ringDrops)) events found the ring full"))
    }
    let list = rows.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" }.joined()
    return "<h2>Integrity</h2><div class=\"card\"><dl>\(list)</dl></div>"
  }

  private var footer: String {
    "<footer class=\"soft small\"><p>Session \(Markup.escaped(facts.id)) · Stipple \(Markup.escaped(facts.software)) · profile \(Markup.escaped(facts.machineProfile))</p></footer>"
  }
}
