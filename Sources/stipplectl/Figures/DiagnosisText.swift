import ControlInterface

/// The doctor's findings as a page: what was found, under it what to do, and the loop's histogram.
struct DiagnosisText {
  private static let verdictWidth = 6

  var findings: [Finding]
  var timing: Device.GetTiming.Reply?
  var paint: Paint
  var width: Int
  var clock: WallClock

  var text: String {
    var parts = [findings.map(one).joined(separator: "\n")]
    if let timing,
      let histogram = TimingText(timing: timing, paint: paint, width: width, clock: clock).histogram
    {
      parts.append(
        paint.bold("How late the loop woke since \(clock.date(timing.sinceUs))") + "\n" + histogram)
    }
    parts.append(summary)
    return parts.joined(separator: "\n\n")
  }

  private func one(_ finding: Finding) -> String {
    let subjectWidth = findings.reduce(0) { max($0, TextWidth.of($1.subject)) }
    let indent = String(repeating: " ", count: Self.verdictWidth + subjectWidth + 4)
    let room = max(30, width - indent.count)
    let head = mark(finding.verdict) + "  " + TextWidth.padded(finding.subject, to: subjectWidth) + "  "
    let detail = TextWidth.wrapped(TextWidth.harmless(finding.detail), to: room)
    let remedy = finding.remedy.map { TextWidth.wrapped(TextWidth.harmless($0), to: room - 2) } ?? []
    let lines =
      detail + remedy.enumerated().map { index, line in (index == 0 ? "→ " : "  ") + line }
    return head + lines.joined(separator: "\n" + indent)
  }

  private func mark(_ verdict: Finding.Verdict) -> String {
    switch verdict {
    case .good: paint("ok    ", .green)
    case .advice: paint("ADVICE", .yellow)
    case .bad: paint("FAILED", .red)
    case .unseen: paint.dim("–     ")
    }
  }

  private var summary: String {
    let (bad, advice) = (count(.bad), count(.advice))
    if bad > 0 {
      return paint("\(bad) of \(findings.count) things have to change", .red)
        + (advice > 0 ? "; \(advice) might be better." : ".")
    }
    return advice > 0
      ? "Nothing has to change; \(advice) of \(findings.count) things might be better."
      : paint("Nothing has to change.", .green)
  }

  private func count(_ verdict: Finding.Verdict) -> Int { findings.count { $0.verdict == verdict } }
}
