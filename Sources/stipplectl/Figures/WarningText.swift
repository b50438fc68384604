/// What the daemon asks to think of, under an answer that says the deed is done.
enum WarningText {
  static func under(_ text: String, _ warnings: [String], _ paint: Paint) -> String {
    ([text] + warnings.map { paint("Note:", .yellow) + " \(TextWidth.harmless($0))." }).joined(
      separator: "\n")
  }
}
