import ControlInterface

/// Problems of a profile's text, each with its line and a caret under the place.
struct ProblemText {
  var file: String
  var text: String
  var problems: [Profiles.Problem]
  var paint: Paint

  var report: String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return problems.map { one($0, lines) }.joined(separator: "\n")
  }

  private func one(_ problem: Profiles.Problem, _ lines: [Substring]) -> String {
    let place = problem.line > 0 ? "\(file):\(problem.line):\(problem.column):" : "\(file):"
    let warning = problem.isWarning ? paint("warning:", .yellow) + " " : ""
    var result = ["\(paint.bold(place)) \(warning)\(said(problem))"]
    if problem.line >= 1, problem.line <= lines.count {
      let line = TextWidth.harmless(String(lines[problem.line - 1].map { $0 == "\t" ? " " : $0 }))
      let column = min(max(problem.column, 1), line.count + 1)
      result.append("  " + line)
      result.append(
        "  " + String(repeating: " ", count: column - 1) + paint("^", problem.isWarning ? .yellow : .red))
    }
    return result.joined(separator: "\n")
  }

  private func said(_ problem: Profiles.Problem) -> String {
    var said = TextWidth.harmless(problem.message)
    let figures = [problem.value.map { "value \($0)" }, problem.ceiling.map { "ceiling \($0)" }]
      .compactMap { $0 }
    // The message often has both already; what it lacks is added.
    let missing = figures.filter { figure in
      !said.contains(figure.split(separator: " ", maxSplits: 1).last ?? "")
    }
    if !missing.isEmpty { said += " (\(TextWidth.harmless(missing.joined(separator: ", "))))" }
    return said
  }
}
