/// How the command ended, for scripts. The numbers are documented and never change.
enum ExitStatus: Int32, CaseIterable {
  case ok = 0
  case failure = 1
  /// No daemon at the socket, or no answer from it in time.
  case notConnected = 3
  case refusedByState = 4
  case notAuthorized = 5
  case invalidValue = 6
  case notFound = 7
  case verificationFailed = 8
  /// EX_USAGE of sysexits.h, which is also what the argument parser answers.
  case usage = 64

  var meaning: String {
    switch self {
    case .ok: "done"
    case .failure: "failed for a reason of its own; the message says which"
    case .notConnected: "no daemon at the socket, or no answer in time"
    case .refusedByState: "refused: not in this state of the machine or the session"
    case .notAuthorized: "not authorised: the message says which role is needed"
    case .invalidValue: "a value is beyond its limit or not of its form"
    case .notFound: "there is no such profile, session, zone, fault or file"
    case .verificationFailed: "verification or the self-test failed"
    case .usage: "the command line was not understood"
    }
  }

  /// The table in `--help`.
  static var table: String {
    let rows = allCases.map { status in
      let number = String(status.rawValue)
      return "  " + String(repeating: " ", count: 2 - number.count) + number + "  " + status.meaning
    }
    return rows.joined(separator: "\n")
  }
}
