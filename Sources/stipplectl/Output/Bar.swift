/// A share as a row of blocks, eight steps to the character.
enum Bar {
  private static let eighths: [Character] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// `share` from 0 to 1, clamped; any other figure counts as 0.
  static func text(_ share: Double, width: Int) -> String {
    guard width > 0 else { return "" }
    let bounded = share.isFinite ? min(max(share, 0), 1) : 0
    let steps = Int((bounded * Double(width * 8)).rounded())
    var text = String(repeating: "█", count: steps / 8)
    if steps % 8 > 0 { text.append(eighths[steps % 8]) }
    return text + String(repeating: "░", count: width - text.count)
  }
}
