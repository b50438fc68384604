/// All methods of a server, ready to be looked up.
struct MethodTable: Sendable {
  struct Entry: Sendable {
    let interface: any VarlinkInterface
    let definition: InterfaceDefinition
    let method: InterfaceDefinition.Method
    let isUrgent: Bool
    let streaming: InterfaceDefinition.Method.Streaming
  }

  private struct Interface: Sendable {
    let definition: InterfaceDefinition
    var entries: [String: Entry] = [:]
  }

  private var interfaces: [String: Interface] = [:]
  let all: [any VarlinkInterface]

  init(_ information: ServiceInformation, _ offered: [any VarlinkInterface]) throws(VarlinkServerError) {
    var descriptions = [(name: "org.varlink.service", text: ServiceInterface.text)]
    all = offered
    for interface in offered {
      let definition = try add(interface)
      descriptions.append((definition.name, definition.text))
    }
    try add(ServiceInterface(information: information, descriptions: descriptions))
  }

  @discardableResult
  private mutating func add(_ offered: any VarlinkInterface) throws(VarlinkServerError) -> InterfaceDefinition
  {
    let definition: InterfaceDefinition
    do {
      definition = try InterfaceDefinition(offered.definitionText)
    } catch {
      throw .definition(error)
    }
    guard interfaces[definition.name] == nil else { throw .duplicateInterface(definition.name) }
    var interface = Interface(definition: definition)
    for (name, method) in definition.methods {
      interface.entries[name] = Entry(
        interface: offered, definition: definition, method: method, isUrgent: method.isUrgent,
        streaming: method.streaming)
    }
    interfaces[definition.name] = interface
    return definition
  }

  func entry(for call: CallMessage) throws(ServiceError) -> Entry {
    guard let (interfaceName, methodName) = call.nameParts else {
      throw .invalidParameter(parameter: "method")
    }
    guard let interface = interfaces[interfaceName] else {
      throw .interfaceNotFound(interface: interfaceName)
    }
    guard let entry = interface.entries[methodName] else { throw .methodNotFound(method: call.method) }
    return entry
  }
}
