import Varlink

extension SwiftGenerator {
  private var methods: [InterfaceDefinition.Method] { definition.members.compactMap(\.method) }

  func handlerText(_ text: inout SwiftText) {
    text.block("extension \(namespace)") { text in
      text.line(
        "/// Carries out the methods of `\(definition.name)`. Parameters have been checked against the definition."
      )
      text.block("public protocol Handler: Sendable") { text in
        for method in methods {
          text.documentation(method.documentation)
          requirement(&text, method)
          text.line()
        }
        text.line("/// A connection is gone. Must not block. Does nothing unless implemented.")
        text.line("func connectionClosed(_ connection: ConnectionID)")
      }
    }
    text.line()
    text.block("extension \(namespace).Handler") { text in
      text.line("public func connectionClosed(_ connection: ConnectionID) {}")
    }
  }

  private func requirement(_ text: inout SwiftText, _ method: InterfaceDefinition.Method) {
    text.line("func \(SwiftNames.function(method.name))(")
    text.indented { text in
      text.line("_ parameters: \(method.name).Parameters,")
      if method.streaming != .none { text.line("_ replies: Replies<\(method.name).Reply>,") }
      text.line("_ context: CallContext")
    }
    text.line(") \(method.isUrgent ? "throws" : "async throws") -> \(method.name).Reply")
  }

  func serviceText(_ text: inout SwiftText) {
    text.block("extension \(namespace)") { service(&$0) }
  }

  private func service(_ text: inout SwiftText) {
    text.line("/// Offers a handler to a ``VarlinkServer``.")
    text.block("public struct Service: VarlinkInterface") { text in
      text.line("private let handler: any Handler")
      text.line()
      text.line("public init(_ handler: any Handler) { self.handler = handler }")
      text.line()
      text.line("public var definitionText: String { \(namespace).definitionText }")
      text.line()
      text.block("public func connectionClosed(_ connection: ConnectionID)") { text in
        text.line("handler.connectionClosed(connection)")
      }
      text.line()
      dispatch(&text, "call", "async throws", "try await", methods.filter { !$0.isUrgent })
      let urgent = methods.filter(\.isUrgent)
      guard !urgent.isEmpty else { return }
      text.line()
      dispatch(&text, "callUrgent", "throws", "try", urgent)
    }
  }

  private func dispatch(
    _ text: inout SwiftText, _ name: String, _ effects: String, _ attempt: String,
    _ methods: [InterfaceDefinition.Method]
  ) {
    text.line("public func \(name)(")
    text.indented { $0.line("_ method: String, parameters: JSONObject, context: CallContext") }
    text.block(") \(effects) -> JSONObject") { text in
      text.line("switch method {")
      for method in methods {
        text.line("case \"\(method.name)\":")
        text.indented { text in
          text.line("let parameters = try \(method.name).Parameters(fields: parameters)".dropTry(method))
          let replies = method.streaming == .none ? "" : "Replies(context), "
          text.line(
            "return \(attempt) handler.\(SwiftNames.function(method.name))(parameters, \(replies)context).fields"
          )
        }
      }
      text.line("default: throw ServiceError.methodNotImplemented(method: context.method)")
      text.line("}")
    }
  }

  func clientText(_ text: inout SwiftText) {
    text.block("extension \(namespace)") { text in
      text.line("/// Calls the methods of `\(definition.name)` over a connection.")
      text.block("public struct Client: Sendable") { text in
        text.line("public let connection: VarlinkConnection")
        text.line()
        text.line("public init(_ connection: VarlinkConnection) { self.connection = connection }")
        for method in methods {
          text.line()
          text.documentation(method.documentation)
          clientCall(&text, method)
        }
      }
    }
  }

  private func clientCall(_ text: inout SwiftText, _ method: InterfaceDefinition.Method) {
    let isOptional = method.parameters.allSatisfy { if case .nullable = $0.type { true } else { false } }
    let streams = method.streaming != .none
    text.line("public func \(SwiftNames.function(method.name))(")
    text.indented { text in
      text.line("_ parameters: \(method.name).Parameters\(isOptional ? " = .init()" : ""),")
      text.line("timeout: Duration? = \(streams ? "nil" : ".seconds(10)")")
    }
    let result = streams ? "-> ReplySequence<\(method.name)>" : "async throws -> \(method.name).Reply"
    text.block(") \(result)") { text in
      let call = streams ? "connection.callMore" : "try await connection.call"
      text.line("\(call)(\(method.name).self, parameters, timeout: timeout)")
    }
  }
}

extension String {
  /// An initializer without fields does not throw, and Swift warns about a `try` that cannot.
  fileprivate func dropTry(_ method: InterfaceDefinition.Method) -> String {
    method.parameters.isEmpty ? replacing("try ", with: "") : self
  }
}
