import Varlink

/// What the doctor says of one thing.
struct Finding: Equatable {
  enum Verdict: String {
    case good
    /// It works like this, and would do better otherwise.
    case advice
    /// The machine does not work with this as it has to.
    case bad
    /// It could not be looked at, or there is none here.
    case unseen
  }

  var subject: String
  var verdict: Verdict
  /// One sentence without a full stop: what was found.
  var detail: String
  /// What to do, in sentences; nil where there is nothing to do.
  var remedy: String?

  static func good(_ subject: String, _ detail: String) -> Finding {
    Finding(subject: subject, verdict: .good, detail: detail)
  }

  static func unseen(_ subject: String, _ detail: String) -> Finding {
    Finding(subject: subject, verdict: .unseen, detail: detail)
  }

  static func advice(_ subject: String, _ detail: String, _ remedy: String) -> Finding {
    Finding(subject: subject, verdict: .advice, detail: detail, remedy: remedy)
  }

  static func bad(_ subject: String, _ detail: String, _ remedy: String) -> Finding {
    Finding(subject: subject, verdict: .bad, detail: detail, remedy: remedy)
  }

  /// As one object of `--json`.
  var json: JSONValue {
    var fields: JSONObject = [
      "subject": .string(subject), "verdict": .string(verdict.rawValue), "detail": .string(detail),
    ]
    if let remedy { fields["remedy"] = .string(remedy) }
    return .object(fields)
  }
}
