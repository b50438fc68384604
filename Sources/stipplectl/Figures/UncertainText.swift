/// Strokes of which it is not known whether they happened.
enum UncertainText {
  static func of(_ first: Int, _ last: Int, session: String? = nil) -> String {
    let strokes =
      first == last
      ? "stroke \(Figures.count(first))" : "strokes \(Figures.count(first)) to \(Figures.count(last))"
    let place = session.map { " of session \($0)" } ?? ""
    return "\(strokes)\(place): whether they happened is not known; they count as done"
  }
}
