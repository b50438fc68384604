/// Takes a call from its bytes to its reply. It knows no socket.
struct CallExecutor: Sendable {
  let table: MethodTable
  let limits: JSONLimits
  /// Told of errors that are the service's own fault: a handler threw something undefined, or answered another type.
  let report: @Sendable (_ method: String, _ fault: String) -> Void

  func decode(_ bytes: [UInt8]) throws(ServiceError) -> CallMessage {
    do {
      return try CallMessage(try JSONParser.parse(bytes, limits: limits))
    } catch let error as JSONError {
      throw .invalidParameter(parameter: "message (\(error))")
    } catch let error as TypeMismatch {
      throw .invalidParameter(parameter: error.path)
    } catch {
      throw .invalidParameter(parameter: "message")
    }
  }

  /// The entry of a call that may be carried out: it exists and its parameters are of the right types.
  func prepare(_ call: CallMessage) throws(ServiceError) -> MethodTable.Entry {
    let entry = try table.entry(for: call)
    if call.upgrade { throw .methodNotImplemented(method: call.method) }
    do {
      let checker = TypeChecker(entry.definition, unknownFields: .refuse)
      try checker.check(call.parameters, against: entry.method.parameters)
    } catch {
      throw .invalidParameter(parameter: error.path)
    }
    if entry.streaming == .required && !call.more { throw .expectedMore }
    return entry
  }

  func execute(_ call: CallMessage, context: CallContext) async -> CallOutcome {
    let reply: [UInt8]
    do {
      let entry = try prepare(call)
      let answer = try await entry.interface.call(
        entry.method.name, parameters: call.parameters, context: context)
      reply = checked(answer, entry)
    } catch is CancellationError {
      return .abandoned
    } catch {
      reply = failure(error, call)
    }
    return call.oneway ? .silent : .reply(reply)
  }

  /// As `execute(_:context:)`, from a message not read yet.
  func execute(_ bytes: [UInt8], makeContext: @Sendable (CallMessage) -> CallContext) async -> CallOutcome {
    let call: CallMessage
    do throws(ServiceError) {
      call = try decode(bytes)
    } catch {
      return .reply(ReplyMessage(error).framed())
    }
    return await execute(call, context: makeContext(call))
  }

  /// The reply of an urgent call, with its NUL.
  func executeUrgent(_ call: CallMessage, context: CallContext) -> [UInt8] {
    do {
      let entry = try prepare(call)
      let reply = try entry.interface.callUrgent(
        entry.method.name, parameters: call.parameters, context: context)
      return checked(reply, entry)
    } catch {
      return failure(error, call)
    }
  }

  /// A reply that others will follow; throws when its type is wrong.
  func continued(_ reply: JSONObject, _ call: CallMessage) throws -> [UInt8] {
    let entry = try table.entry(for: call)
    try TypeChecker(entry.definition, unknownFields: .refuse).check(reply, against: entry.method.reply)
    let bytes = ReplyMessage(parameters: reply, continues: true).framed()
    guard bytes.count <= limits.length else {
      throw TypeMismatch(path: "reply", expected: "at most \(limits.length) bytes", found: "\(bytes.count)")
    }
    return bytes
  }

  private func checked(_ reply: JSONObject, _ entry: MethodTable.Entry) -> [UInt8] {
    let name = "\(entry.definition.name).\(entry.method.name)"
    do {
      try TypeChecker(entry.definition, unknownFields: .refuse).check(reply, against: entry.method.reply)
    } catch {
      return fault(name, "the reply is not of its type: \(error)")
    }
    let bytes = ReplyMessage(parameters: reply).framed()
    guard bytes.count <= limits.length else {
      return fault(name, "the reply has \(bytes.count) bytes; at most \(limits.length) may be sent")
    }
    return bytes
  }

  func failure(_ error: any Error, _ call: CallMessage) -> [UInt8] {
    switch error {
    case let error as ServiceError: return ReplyMessage(error).framed()
    case let error as any VarlinkError:
      if let reason = undefined(error, in: call) { return fault(call.method, reason) }
      return ReplyMessage(error).framed()
    default: return fault(call.method, "the handler threw \(error)")
    }
  }

  /// Why the error may not travel; nil when it may.
  private func undefined(_ error: any VarlinkError, in call: CallMessage) -> String? {
    guard let entry = try? table.entry(for: call) else { return nil }
    let prefix = entry.definition.name + "."
    guard error.errorName.hasPrefix(prefix),
      let definition = entry.definition.errors[String(error.errorName.dropFirst(prefix.count))]
    else { return "the handler threw \(error.errorName), which its interface does not define" }
    do {
      try TypeChecker(entry.definition, unknownFields: .refuse).check(
        error.errorParameters, against: definition.parameters)
      return nil
    } catch {
      return "the error's parameters are not of their type: \(error)"
    }
  }

  /// The service's own fault has no name in Varlink; the caller learns that the method was not carried out.
  private func fault(_ method: String, _ reason: String) -> [UInt8] {
    report(method, reason)
    return ReplyMessage(ServiceError.methodNotImplemented(method: method)).framed()
  }
}
