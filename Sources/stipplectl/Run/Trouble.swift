import Varlink

/// Why a command did not do what was asked: what happened, to what, and what to do next.
struct Trouble: Error, Equatable {
  /// A thing that stands in the way, and its remedy.
  struct Item: Equatable {
    var subject: String
    var remedy: String
  }

  var status: ExitStatus
  /// One sentence without a full stop: what happened, to what.
  var headline: String
  /// Everything that stands in the way.
  var items: [Item] = []
  /// What to do before anything else is read.
  var alarm: String?
  /// What to do next, one sentence each.
  var advice: [String] = []
  /// What the daemon answered, for programs; nil when it did not get that far.
  var answer: Answer?

  /// An error reply as it came over the socket.
  struct Answer: Equatable {
    var error: String
    var parameters: JSONObject
  }

  /// The headline without "cannot …:".
  var reason: String {
    guard headline.hasPrefix("cannot "), let colon = headline.firstIndex(of: ":") else { return headline }
    return String(headline[headline.index(after: colon)...].drop { $0 == " " })
  }

  /// The form of `--json`: an object with the one field `error`.
  var json: JSONValue {
    var error: JSONObject = ["exit_code": .integer(Int64(status.rawValue)), "message": .string(headline)]
    if let answer {
      error["name"] = .string(answer.error)
      error["parameters"] = .object(answer.parameters)
    }
    let next = (alarm.map { [$0] } ?? []) + advice
    if !next.isEmpty { error["advice"] = .array(next.map { .string($0) }) }
    return ["error": .object(error)]
  }
}
