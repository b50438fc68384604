import ControlInterface

/// A session as a page.
struct SessionText {
  var session: Sessions.Session
  var paint: Paint
  var width: Int
  var clock: WallClock

  var text: String {
    ([head] + [zones, cartridges, pigments].compactMap { $0 }).joined(separator: "\n\n")
  }

  private var head: String {
    var sheet = Sheet()
    sheet.add("Session", session.id)
    sheet.add("For", session.client.map { "client \($0)" } ?? "the bench")
    sheet.add("Plan", session.plan.map { "\($0), \(session.stage?.rawValue ?? "")" })
    sheet.add("State", session.state.rawValue)
    sheet.add("Opened", clock.date(session.openedAtUs))
    sheet.add("Closed", session.closedAtUs.map(clock.date))
    sheet.add("Dots", "\(Figures.count(session.dots)), of \(Figures.count(session.strokes)) strokes")
    sheet.add("Torque on", Figures.span(milliseconds: session.motorOnMs))
    sheet.add("Profile", session.profile)
    sheet.add("Profiles", profiles)
    sheet.add("Zone now", session.currentZone)
    sheet.add("Faults", session.faults.isEmpty ? "none" : session.faults.joined(separator: ", "))
    for interval in session.uncertain {
      sheet.add("Uncertain", UncertainText.of(interval.firstStroke, interval.lastStroke))
    }
    sheet.add("Recording", session.purgedAtUs.map { "deleted \(clock.date($0))" } ?? session.file)
    return sheet.text(paint, width: width, marks: ["Uncertain": { paint($0, .yellow) }])
  }

  /// Every version that was in force, in the order of use: `hairline-soft version 1, 2; crown-standard version 1`.
  private var profiles: String? {
    var parts: [(name: String, versions: [Int])] = []
    for use in session.profiles {
      if parts.last?.name != use.name { parts.append((use.name, [])) }
      guard parts[parts.count - 1].versions.last != use.version else { continue }
      parts[parts.count - 1].versions.append(use.version)
    }
    let words = parts.map { "\($0.name) version \($0.versions.map(String.init).joined(separator: ", "))" }
    return words.isEmpty ? nil : words.joined(separator: "; ")
  }

  private var zones: String? {
    guard !session.zones.isEmpty else { return nil }
    var table = Table(
      .init(title: "Zone"), .init(title: "Area", alignment: .right), .init(title: "Dots", alignment: .right),
      .init(title: "Aim/cm²", alignment: .right), .init(title: "Allowed", alignment: .right),
      .init(title: "Strokes", alignment: .right),
      .init(title: ""))
    for zone in session.zones {
      table.add(
        zone.name, Figures.area(zone.areaMm2), Figures.count(zone.dots),
        zone.targetPerCm2.map(Figures.count) ?? "", zone.dotsLimit.map(Figures.count) ?? "",
        Figures.count(zone.strokes),
        zone.attributes.map(\.rawValue).joined(separator: ", "))
    }
    return table.text(paint)
  }

  private var cartridges: String? {
    guard !session.cartridges.isEmpty else { return nil }
    var table = Table(
      .init(title: "Cartridge"), .init(title: "Lot"), .init(title: "Use until"), .init(title: "Fitted"),
      .init(title: "Strokes", alignment: .right))
    for cartridge in session.cartridges {
      table.add(
        cartridge.profile, cartridge.lot, cartridge.expires, clock.time(cartridge.loadedAtUs),
        Figures.count(cartridge.strokes))
    }
    return table.text(paint)
  }

  private var pigments: String? {
    guard !session.pigments.isEmpty else { return nil }
    var table = Table(
      .init(title: "Pigment"), .init(title: "Shade"), .init(title: "Maker"), .init(title: "Batch"),
      .init(title: "Use until"), .init(title: "Pigment in it", alignment: .right))
    for pigment in session.pigments {
      table.add(
        pigment.name, pigment.shade, pigment.maker, pigment.batch, pigment.expires,
        Figures.percent(pigment.dilutionPercent))
    }
    return table.text(paint)
  }
}
