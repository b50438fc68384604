import ControlInterface

/// A plan as a page.
struct PlanText {
  var plan: Plans.Plan
  var paint: Paint
  var width: Int
  var clock: WallClock

  var text: String {
    var sheet = Sheet()
    sheet.add("Plan", plan.id)
    sheet.add("For", "client \(plan.client)")
    sheet.add("Hairline", plan.style.rawValue)
    sheet.add("Made", clock.date(plan.createdAtUs))
    sheet.add("Interval", "\(plan.minIntervalDays) days before the same zone again")
    sheet.add("Sessions done", "\(plan.sessionsDone); next: \(plan.nextStage.rawValue)")
    let head = sheet.text(paint, width: width)
    guard !plan.zones.isEmpty else {
      return head + "\n\nNo zones yet: stipplectl plan zone \(plan.id) ZONE --area AREA."
    }
    return head + "\n\n" + zones
  }

  /// Dots per cm², as the limits are written.
  private var zones: String {
    var table = Table(
      .init(title: "Zone"), .init(title: "Area", alignment: .right), .init(title: "Dots", alignment: .right),
      .init(title: "Per cm²", alignment: .right), .init(title: "Foundation", alignment: .right),
      .init(title: "Definition", alignment: .right), .init(title: "Refinement", alignment: .right),
      .init(title: ""))
    for zone in plan.zones {
      table.add(
        zone.name, Figures.area(zone.areaMm2), Figures.count(zone.dots),
        "\(zone.densityPerCm2) of \(zone.ceilingPerCm2)", aim(zone, .foundation), aim(zone, .definition),
        aim(zone, .refinement), zone.attributes.map(\.rawValue).joined(separator: ", "))
    }
    return table.text(paint)
  }

  private func aim(_ zone: Plans.Zone, _ stage: Plans.Stage) -> String {
    zone.targets.first { $0.stage == stage }.map { "\($0.targetPerCm2) \($0.shade)" } ?? "–"
  }
}
