import ControlInterface

/// The versions of a profile, the newest first; * marks the one it is now.
struct HistoryText {
  var versions: [Profiles.Version]
  var paint: Paint
  var width: Int
  var clock: WallClock

  var text: String {
    guard !versions.isEmpty else { return "No versions." }
    var table = Table(
      .init(title: ""), .init(title: "Version", alignment: .right), .init(title: "State"),
      .init(title: "Made"), .init(title: "By"), .init(title: "What"))
    for version in versions {
      table.add(
        version.isCurrent ? "*" : "", "\(version.version)", Self.words(version.state),
        clock.date(version.atUs), LoginName.of(version.by), Self.what(version))
    }
    return table.text(paint, width: width)
  }

  static func words(_ state: Profiles.VersionState) -> String {
    switch state {
    case .setAside: "set aside"
    case .rolledBack: "rolled back"
    default: state.rawValue
    }
  }

  private static func what(_ version: Profiles.Version) -> String {
    var parts = version.changes.isEmpty ? [] : [version.changes]
    switch version.state {
    case .shipped: parts.append("from its file")
    case .setAside: parts.append("from its file; the version then in force was changed here")
    case .restored: parts.append("version \(version.baseVersion ?? 0) again")
    case .proposed, .confirmed, .rejected, .rolledBack: break
    }
    if let reason = version.reason { parts.append(reason) }
    return parts.joined(separator: "; ")
  }
}
