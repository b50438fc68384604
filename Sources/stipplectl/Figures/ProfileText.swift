import ControlInterface

/// A needle profile as a page.
struct ProfileText {
  var profile: Profiles.Profile
  var paint: Paint
  var width: Int
  var clock: WallClock

  var text: String {
    var sheet = Sheet()
    sheet.add("  Mode", profile.mode.rawValue)
    sheet.add("  Rate", Figures.rate(profile.rateHz))
    sheet.add("  Depth", Figures.depth(profile.depthUm) + " beyond the cartridge nose")
    sheet.add("  Dwell", Figures.milliseconds(profile.dwellUs))
    sheet.add("  Strokes", profile.strokesPerDot.map { "\($0) per dot" })
    sheet.add("  Dot rate", profile.dotRateHz.map { Figures.rate($0) })
    sheet.add("  Cartridges", Self.listed(profile.cartridges, orElse: "any"))
    sheet.add("  Zones", Self.listed(profile.zones, orElse: "any"))
    if let shipped = profile.shippedVersion {
      sheet.add(
        "  Changed",
        "by \(LoginName.of(profile.changedBy)), \(clock.date(profile.changedAtUs)); shipped is version \(shipped)"
      )
    }
    for warning in profile.warnings { sheet.add("  Warning", warning) }
    let shipped = profile.shippedVersion
    let source = [
      profile.isActive ? "in use" : "", "version \(profile.version)",
      profile.isConfirmed ? "" : "not confirmed", shipped == nil ? "as shipped" : "",
    ].filter { !$0.isEmpty }.joined(separator: ", ")
    let head = paint.bold(TextWidth.harmless(profile.name)) + paint.dim(" (\(source))")
    let summary = profile.description.isEmpty ? "" : "\n" + TextWidth.harmless(profile.description)
    return head + summary + "\n"
      + sheet.text(paint, width: width, marks: ["  Warning": { paint($0, .yellow) }])
  }

  private static func listed(_ names: [String], orElse none: String) -> String {
    names.isEmpty ? none : names.joined(separator: ", ")
  }
}
