/// CPUs as the kernel lists them: `0,2-3`.
struct CPUList: CustomStringConvertible {
  private var ranges: [ClosedRange<Int>] = []

  init(_ text: String) {
    for part in text.filter({ !$0.isWhitespace }).split(separator: ",") {
      let ends = part.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first <= last else { continue }
      ranges.append(first...last)
    }
  }

  var isEmpty: Bool { ranges.isEmpty }

  func contains(_ cpu: Int) -> Bool { ranges.contains { $0.contains(cpu) } }

  var description: String {
    ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(
      separator: ",")
  }
}
