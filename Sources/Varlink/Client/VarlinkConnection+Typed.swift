extension VarlinkConnection {
  /// Calls a method through its generated types. Throws the interface's typed errors, ``ServiceError`` or
  /// ``VarlinkClientError``; a reply that does not fit the types is ``VarlinkClientError/malformedReply``.
  public func call<Method: VarlinkMethod>(
    _ method: Method.Type, _ parameters: Method.Parameters, timeout: Duration? = .seconds(10)
  ) async throws -> Method.Reply {
    do {
      return try ReplySequence<Method>.reply(try await call(Method.name, parameters.fields, timeout: timeout))
    } catch let error as RemoteError {
      throw ReplySequence<Method>.typed(error)
    }
  }

  /// Calls a method with `more` through its generated types.
  public func callMore<Method: VarlinkMethod>(
    _ method: Method.Type, _ parameters: Method.Parameters, timeout: Duration? = nil
  ) -> ReplySequence<Method> {
    ReplySequence(raw: callMore(Method.name, parameters.fields, timeout: timeout))
  }
}

/// The typed replies of a streaming call.
public struct ReplySequence<Method: VarlinkMethod>: AsyncSequence, Sendable {
  let raw: RawReplySequence

  /// The next reply; nil after the last one.
  public func next() async throws -> Method.Reply? {
    do {
      guard let fields = try await raw.next() else { return nil }
      return try Self.reply(fields)
    } catch let error as RemoteError {
      throw Self.typed(error)
    }
  }

  static func reply(_ fields: JSONObject) throws -> Method.Reply {
    do {
      return try Method.Reply(fields: fields)
    } catch {
      throw VarlinkClientError.malformedReply(method: Method.name, reason: "\(error)")
    }
  }

  static func typed(_ error: RemoteError) -> any Error {
    Method.error(named: error.errorName, parameters: error.errorParameters) ?? error
  }

  public struct AsyncIterator: AsyncIteratorProtocol {
    let sequence: ReplySequence
    public mutating func next() async throws -> Method.Reply? { try await sequence.next() }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(sequence: self) }
}
