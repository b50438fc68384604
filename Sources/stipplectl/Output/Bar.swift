/// A share as a row of blocks, eight steps to the character.
enum Bar {
  private static let eighths: [Character] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// `share` from 0 to 1, clamped; any other figure counts as 0. `mark` is a share, too: shown where the bar has not reached it.
  static func text(_ share: Double, width: Int, mark: Double? = nil) -> String {
    guard width > 0 else { return "" }
    let steps = Int((bounded(share) * Double(width * 8)).rounded())
    var text = Array(repeating: Character("█"), count: steps / 8)
    if steps % 8 > 0 { text.append(eighths[steps % 8]) }
    let filled = text.count
    text += Array(repeating: "░", count: width - filled)
    if let mark {
      let place = min(width - 1, Int(bounded(mark) * Double(width)))
      if place >= filled { text[place] = "┃" }
    }
    return String(text)
  }

  private static func bounded(_ share: Double) -> Double { share.isFinite ? min(max(share, 0), 1) : 0 }
}
