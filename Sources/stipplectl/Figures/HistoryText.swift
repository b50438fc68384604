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
    // Mark, version, time and the gaps between six columns; state and author as wide as they are.
    let states = versions.reduce(5) { max($0, TextWidth.of(Self.words($1.state))) }
    let authors = versions.reduce(2) { max($0, TextWidth.of($1.by)) }
    let room = max(24, width - (1 + 7 + 16 + 5 * 2) - states - authors)
    for version in versions {
      for (index, part) in TextWidth.wrapped(TextWidth.harmless(Self.what(version)), to: room).enumerated() {
        guard index == 0 else {
          table.add("", "", "", "", "", part)
          continue
        }
        table.add(
          version.isCurrent ? "*" : "", "\(version.version)", Self.words(version.state),
          clock.date(version.atUs), version.by, part)
      }
    }
    return table.text(paint)
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
    case .shipped: parts.append("from the machine's files")
    case .setAside: parts.append("from the machine's files; the version then in force was changed here")
    case .restored: parts.append("version \(version.baseVersion ?? 0) again")
    case .proposed, .confirmed, .rejected, .rolledBack: break
    }
    if let reason = version.reason { parts.append(reason) }
    return parts.joined(separator: "; ")
  }
}
