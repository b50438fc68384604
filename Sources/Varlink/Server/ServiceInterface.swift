/// `org.varlink.service`, which every server has.
struct ServiceInterface: VarlinkInterface {
  let information: ServiceInformation
  let descriptions: [(name: String, text: String)]

  func call(_ method: String, parameters: JSONObject, context: CallContext) async throws -> JSONObject {
    switch method {
    case "GetInfo":
      return [
        "vendor": .string(information.vendor), "product": .string(information.product),
        "version": .string(information.version), "url": .string(information.url),
        "interfaces": .array(descriptions.map { .string($0.name) }),
      ]
    case "GetInterfaceDescription":
      let name: String = try parameters.value("interface")
      guard let description = descriptions.first(where: { $0.name == name }) else {
        throw ServiceError.interfaceNotFound(interface: name)
      }
      return ["description": .string(description.text)]
    default: throw ServiceError.methodNotImplemented(method: context.method)
    }
  }

  var definitionText: String { Self.text }

  static let text = """
    # What every Varlink service offers: what it is, and what its interfaces are.
    interface org.varlink.service

    # Tells who made the service and which interfaces it has.
    method GetInfo() -> (
      vendor: string,
      product: string,
      version: string,
      url: string,
      interfaces: []string
    )

    # Gives the definition of one of its interfaces.
    method GetInterfaceDescription(interface: string) -> (description: string)

    # The service has no such interface.
    error InterfaceNotFound (interface: string)

    # The interface has no such method.
    error MethodNotFound (method: string)

    # The interface has the method, but the service does not carry it out.
    error MethodNotImplemented (method: string)

    # A parameter is unknown, absent, or of the wrong type or value.
    error InvalidParameter (parameter: string)

    # The caller may not do this.
    error PermissionDenied ()

    # The method answers only calls made with 'more'.
    error ExpectedMore ()

    """
}
