public import Units

/// What of the daemon may change while it runs: read at start and at every reload.
public struct DaemonSettings: Equatable, Sendable {
  /// The least urgent lines that are logged.
  public enum LogLevel: String, CaseIterable, Sendable { case debug, info, notice, warning, error }

  /// Where figures for a fleet's watch are written.
  public struct Metrics: Equatable, Sendable {
    /// An absolute path that ends in `.prom`: node_exporter's textfile collector reads no other.
    public let file: String
    /// 1 s to 1 h.
    public let interval: Nanoseconds
  }

  public var logLevel = LogLevel.info
  /// `nil` writes none.
  public var metrics: Metrics?

  public init() {}

  /// Reads the settings as strictly as a profile: unknown keys are refused, errors have line and column.
  public static func load(file: String) -> Decoded<DaemonSettings> {
    do {
      return decode(try ProfileFiles.read(file))
    } catch {
      return Decoded(profile: nil, problems: [error])
    }
  }

  /// The same from a text.
  public static func decode(_ source: ProfileSource) -> Decoded<DaemonSettings> {
    let text: String
    do {
      text = try source.text()
    } catch {
      return Decoded(profile: nil, problems: [error])
    }
    let log = ProblemLog(file: source.file, text: text)
    guard let root = YamlText.read(text, log: log) else {
      return Decoded(profile: nil, problems: log.problems)
    }
    let settings = read(SectionReader(root, path: "", log: log))
    return Decoded(profile: log.hasErrors ? nil : settings, problems: log.problems)
  }

  private static func read(_ section: SectionReader) -> DaemonSettings {
    var settings = DaemonSettings()
    if let schema = section.count("schema", in: 0...Int64(Int32.max)), schema != ProfileHead.schema {
      section.error(
        "'schema' \(schema) is not known to this program; expected schema: \(ProfileHead.schema)",
        at: "schema")
    }
    _ = section.word("profile", among: [("settings", true)])
    let levels = LogLevel.allCases.map { ($0.rawValue, $0) }
    if let level = section.word("log_level", required: false, among: levels) { settings.logLevel = level }
    if let metrics = section.section("metrics", required: false) {
      let file = metrics.text("file", expected: "an absolute path that ends in .prom")
      if let file, !file.hasPrefix("/") || !file.hasSuffix(".prom") {
        metrics.error("'file': '\(file)' is not an absolute path that ends in .prom", at: "file")
      }
      let interval = metrics.quantity("interval", in: Nanoseconds.seconds(1)...Nanoseconds.seconds(3_600))
      metrics.finish()
      if let file, let interval { settings.metrics = Metrics(file: file, interval: interval) }
    }
    section.finish()
    return settings
  }
}
