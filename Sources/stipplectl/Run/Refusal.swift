import ControlInterface
import Varlink

extension Trouble {
  /// The errors of our own interfaces, which share their names: NotReady, NotAuthorized, WrongState, InvalidValue, NotFound
  /// and StorageFailed.
  static func refusal(_ error: any VarlinkError, deed: String) -> Trouble {
    let parameters = error.errorParameters
    let name = error.errorName.split(separator: ".").last ?? ""
    var trouble: Trouble =
      switch name {
      case "NotReady": notReady(parameters, deed)
      case "NotAuthorized": notAuthorized(parameters, deed)
      case "WrongState": wrongState(parameters, deed)
      case "InvalidValue": invalidValue(parameters, deed)
      case "NotFound": notFound(error.errorName, parameters, deed)
      case "StorageFailed": storageFailed(parameters, deed)
      case "ProfileRefused": profileRefused(parameters, deed)
      case "BeingChanged": beingChanged(parameters, deed)
      default: Trouble(status: .failure, headline: "cannot \(deed): stippled answered \(error.errorName)")
      }
    trouble.answer = Answer(error: error.errorName, parameters: parameters)
    return trouble
  }

  private static func notReady(_ parameters: JSONObject, _ deed: String) -> Trouble {
    let unmet = (parameters["unmet"]?.array ?? []).compactMap(\.string)
    let count = unmet.count == 1 ? "one condition is not met" : "\(unmet.count) conditions are not met"
    return Trouble(
      status: .refusedByState, headline: "cannot \(deed): \(count)", items: unmet.map(Item.init(condition:)))
  }

  private static func notAuthorized(_ parameters: JSONObject, _ deed: String) -> Trouble {
    let role = parameters["role"]?.string ?? "another role"
    return Trouble(
      status: .notAuthorized, headline: "cannot \(deed): it needs the role \(role)",
      advice: [Remedies.role(role)])
  }

  /// Device gives the state, Sessions what is the case and what must be.
  private static func wrongState(_ parameters: JSONObject, _ deed: String) -> Trouble {
    if let state = parameters["state"]?.string {
      return Trouble(
        status: .refusedByState, headline: "cannot \(deed): the machine is in the state \(Words.of(state))",
        advice: Remedies.leaving(state).map { [$0] } ?? [])
    }
    var trouble = Trouble(
      status: .refusedByState, headline: "cannot \(deed): \(parameters["is"]?.string ?? "not in this state")")
    if let needed = parameters["needed"]?.string, !needed.isEmpty {
      trouble.advice = ["Needed: \(needed)."]
    }
    return trouble
  }

  private static func invalidValue(_ parameters: JSONObject, _ deed: String) -> Trouble {
    let field = Words.of(parameters["field"]?.string ?? "a value")
    let value = parameters["value"]?.string ?? ""
    // Something was left out that this case needs.
    guard !value.isEmpty || parameters["limit"]?.string?.isEmpty ?? true else {
      let limit = parameters["limit"]?.string ?? ""
      return Trouble(
        status: .invalidValue, headline: "cannot \(deed): \(field) is needed", advice: ["Needed: \(limit)."])
    }
    var trouble = Trouble(
      status: .invalidValue, headline: "cannot \(deed): \(field) '\(value)' is not allowed")
    if let limit = parameters["limit"]?.string, !limit.isEmpty {
      // What has two parts is a sentence of its own: why it is not allowed, and what to do.
      let isSentence = limit.contains("; ")
      let end = limit.hasSuffix("?") ? "" : "."
      trouble.advice = [
        isSentence ? limit.prefix(1).uppercased() + limit.dropFirst() + end : "Allowed: \(limit)\(end)"
      ]
    }
    return trouble
  }

  private static func notFound(_ error: String, _ parameters: JSONObject, _ deed: String) -> Trouble {
    let kind = parameters["kind"]?.string ?? thing(error)
    let name = ["name", "code", "fault"].compactMap { parameters[$0]?.string }.first ?? ""
    var trouble = Trouble(status: .notFound, headline: "cannot \(deed): there is no \(kind) '\(name)'")
    if let nearest = parameters["nearest"]?.string { trouble.advice = ["Did you mean \(nearest)?"] }
    let known = (parameters["known"]?.array ?? []).compactMap(\.string)
    if !known.isEmpty { trouble.advice = ["There are: \(known.joined(separator: ", "))."] }
    if kind == "plan", known.isEmpty { trouble.advice = ["Make one: stipplectl plan create."] }
    if kind == "session", known.isEmpty { trouble.advice = ["Open one: stipplectl session open."] }
    if kind == "client" {
      trouble.advice = ["Check the code, or register it: stipplectl client create CODE."]
    }
    return trouble
  }

  /// What an interface looks for when it knows but one kind of thing.
  private static func thing(_ error: String) -> String {
    switch error.split(separator: ".").dropLast().last {
    case "Device": "latched fault"
    case "Profiles": "profile"
    case "Simulation": "fault to inject"
    default: "such thing"
    }
  }

  /// A change that makes no profile of this machine: every problem as a sentence.
  private static func profileRefused(_ parameters: JSONObject, _ deed: String) -> Trouble {
    let problems = (parameters["problems"]?.array ?? []).compactMap(\.object).filter {
      $0["is_warning"]?.bool != true
    }
    let items = problems.map {
      Item(field: $0["field"]?.string, problem: $0["message"]?.string ?? "refused")
    }
    return Trouble(
      status: .invalidValue, headline: "cannot \(deed): this machine may not use it", items: items,
      advice: ["Nothing was changed."])
  }

  /// Somebody else's change is in the way: who, what, and for how long.
  private static func beingChanged(_ parameters: JSONObject, _ deed: String) -> Trouble {
    let change = try? Profiles.Proposal(fields: parameters["proposal"]?.object ?? [:])
    guard let change else {
      return Trouble(
        status: .refusedByState, headline: "cannot \(deed): another change is being tried out",
        advice: ["See it: stipplectl profile list."])
    }
    return Trouble(
      status: .refusedByState,
      headline:
        "cannot \(deed): \(LoginName.of(change.by)) (\(change.process)) is trying out a change of \(change.name)",
      items: change.differences.map { Item(subject: $0.field, remedy: DifferenceText.values($0)) },
      advice: [
        "It is kept or taken back within \(Figures.left(milliseconds: change.leftMs)); look again then.",
        "Or take it back now: stipplectl profile reject \(change.ticket).",
      ])
  }

  private static func storageFailed(_ parameters: JSONObject, _ deed: String) -> Trouble {
    Trouble(
      status: .failure, headline: "cannot \(deed): \(parameters["reason"]?.string ?? "the disk failed")",
      advice: ["Nothing was changed. Check the disk of the controller board (df -h, dmesg)."])
  }
}

extension Trouble.Item {
  /// A problem of a profile; the field that its message begins with is not said twice.
  init(field: String?, problem: String) {
    subject = field ?? "text"
    let start = "'\(subject)'"
    remedy = problem
    guard problem.hasPrefix(start) else { return }
    remedy = problem.dropFirst(start.count).drop { $0 == ":" || $0 == " " }.description
  }

  /// From "guard_closed: the guard is open: close it".
  init(condition: String) {
    let parts = condition.split(separator: ":", maxSplits: 1)
    subject = Words.of(parts.first.map(String.init) ?? condition)
    remedy = parts.count == 2 ? parts[1].drop { $0 == " " }.description : ""
  }
}
