/// A refusal or a failure as people read it.
enum TroubleText {
  static func of(_ trouble: Trouble, paint: Paint, width: Int) -> String {
    let headline = TextWidth.harmless(trouble.headline)
    var lines = [
      paint.bold("stipplectl:") + " " + paint(headline, .red) + (trouble.items.isEmpty ? "." : ":")
    ]
    if let alarm = trouble.alarm { lines.append(paint.alarm(alarm)) }
    let subjectWidth = trouble.items.reduce(0) { max($0, TextWidth.of($1.subject)) }
    for item in trouble.items {
      let subject = TextWidth.padded(TextWidth.harmless(item.subject), to: subjectWidth)
      let remedy = TextWidth.wrapped(TextWidth.harmless(item.remedy), to: max(30, width - subjectWidth - 4))
      for (index, part) in remedy.enumerated() {
        let start = index == 0 ? paint.bold(subject) : String(repeating: " ", count: subjectWidth)
        lines.append("  \(start)  \(part)")
      }
    }
    return (lines + trouble.advice.map(TextWidth.harmless)).joined(separator: "\n")
  }
}
