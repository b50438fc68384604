import ControlInterface

/// The audit as a person reads it: who by login name, hashes by their first digits, a session named where it begins.
struct AuditText {
  private static let (whoWidth, sequenceWidth) = (18, 4)
  /// Digits that are left of a hash: enough to tell two apart.
  private static let digits = 12

  var paint: Paint
  var width: Int
  var clock: WallClock
  /// Of the entry before; `nil` outside sessions.
  private var session: String?

  init(paint: Paint, width: Int, clock: WallClock) {
    self.paint = paint
    self.width = width
    self.clock = clock
  }

  /// The next entry, on as many lines as it takes.
  mutating func text(of entry: Audit.Entry) -> String {
    var heading = ""
    if entry.session != session {
      session = entry.session
      let name = session.map { "session \(TextWidth.harmless($0))" } ?? "outside sessions"
      heading = paint.dim("── \(name)") + "\n"
    }
    let sequence = TextWidth.padded("\(entry.sequence)", to: Self.sequenceWidth, right: true)
    let head = "\(sequence)  \(clock.date(entry.atUs))"
    let who = Self.who(entry)
    let place = TextWidth.padded(who, to: max(Self.whoWidth, TextWidth.of(who)))
    let indent = TextWidth.of(head) + 2 + Self.whoWidth + 2
    let deed = [entry.verb, Self.shortened(entry.detail)].filter { !$0.isEmpty }.joined(separator: " ")
    return "\(heading)\(paint.dim(head))  \(place)  "
      + TextWidth.hanging(TextWidth.harmless(deed), at: indent, width: width)
  }

  /// "anna, technician"; the daemon itself has no process of its own in the chain and no role.
  static func who(_ entry: Audit.Entry) -> String {
    let words = entry.actor.split(separator: " ", maxSplits: 6)
    guard words.count == 7, words[0] == "uid", words[4] == "pid" else {
      return TextWidth.harmless(entry.actor)
    }
    if words[5] == "0" { return TextWidth.harmless(String(words[6].dropFirst().dropLast())) }
    let name = LoginName.of("uid \(words[1])")
    return TextWidth.harmless(entry.role.isEmpty ? name : "\(name), \(entry.role)")
  }

  /// The text with its hashes, of 64 hexadecimal digits, cut short.
  static func shortened(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let hash = word.prefix(while: \.isHexDigit)
      return hash.count == 64 ? hash.prefix(digits) + "…" + word.dropFirst(64) : String(word)
    }.joined(separator: " ")
  }
}
