extension RawRepresentable where RawValue == UInt8 {
  /// The case's name as fields spell it: `withinEnvelope` is `within_envelope`.
  public var fieldName: String {
    var name = ""
    for character in "\(self)" {
      if character.isUppercase { name.append("_") }
      name += character.lowercased()
    }
    return name
  }

  /// The case's name as people read it: `withinEnvelope` is `within envelope`.
  public var spokenName: String { fieldName.split(separator: "_").joined(separator: " ") }
}
