/// A position in a profile's text. Both count from 1, columns in Unicode scalars; 0:0 is the file as a whole.
public struct Place: Hashable, Comparable, Sendable {
  public let line: Int
  public let column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The file as a whole, where no line is at fault: it is missing, too large, not a file.
  public static let wholeFile = Place(line: 0, column: 0)

  public static func < (a: Self, b: Self) -> Bool { (a.line, a.column) < (b.line, b.column) }
}
