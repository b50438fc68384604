/// Finds the word a person most likely meant.
enum NearestWord {
  /// Longest word compared; longer ones are not misspelt keys.
  private static let longest = 64

  /// The nearest of `words` by edit distance (a swap of neighbours counts one), `nil` when none is near: more than two
  /// edits, or more than a third of the word.
  static func to(_ word: String, in words: [String]) -> String? {
    guard word.utf8.count <= longest else { return nil }
    let ranked = words.map { (word: $0, distance: distance(word, $0)) }
    guard let best = ranked.min(by: { ($0.distance, $0.word) < ($1.distance, $1.word) }) else { return nil }
    return best.distance <= max(2, word.count / 3) && best.distance < best.word.count ? best.word : nil
  }

  /// `; did you mean 'depth'?`, or nothing.
  static func suggestion(for word: String, in words: [String]) -> String {
    to(word, in: words).map { "; did you mean '\($0)'?" } ?? ""
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a.lowercased())
    let b = Array(b.lowercased())
    var twoAbove: [Int] = []
    var above = Array(0...b.count)
    for (row, letter) in a.enumerated() {
      var current = [row + 1]
      for (column, other) in b.enumerated() {
        var cost = min(above[column] + (letter == other ? 0 : 1), above[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, letter == b[column - 1], a[row - 1] == other {
          cost = min(cost, twoAbove[column - 1] + 1)
        }
        current.append(cost)
      }
      twoAbove = above
      above = current
    }
    return above[b.count]
  }
}
