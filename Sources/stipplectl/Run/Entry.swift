import Units

/// Quantities as typed.
enum Entry {
  /// An area for a zone, such as `12 cm²`.
  static func area(_ text: String, of option: String) throws(Trouble) -> SquareMillimetres {
    let area = try quantity(text, of: option, as: SquareMillimetres.self)
    guard area > .zero else { throw invalid("\(option) must be more than nothing") }
    return area
  }

  /// A depth beyond the nose, such as `0.5mm`.
  static func depth(_ text: String, of what: String) throws(Trouble) -> Micrometres {
    try quantity(text, of: what, as: Micrometres.self)
  }

  /// A delay in whole milliseconds, not below nothing.
  static func time(_ text: String, of option: String) throws(Trouble) -> Nanoseconds {
    let time = try quantity(text, of: option, as: Nanoseconds.self)
    guard time >= .zero, time.count.isMultiple(of: 1_000_000) else {
      throw invalid("\(option) must be whole milliseconds from 0 up, not '\(text)'")
    }
    return time
  }

  /// A share in percent, with or without its sign, such as `60 %` or `62.5`.
  static func percent(_ text: String, of option: String) throws(Trouble) -> Double {
    let figure = text.filter { !$0.isWhitespace && $0 != "%" }
    guard let share = Double(figure), share.isFinite else {
      throw invalid("\(option): '\(text)' is not a share in percent such as '60 %'")
    }
    return share
  }

  private static func quantity<Value: WrittenQuantity>(
    _ text: String, of option: String, as type: Value.Type
  ) throws(Trouble) -> Value {
    do {
      return try Quantity.read(text, as: type)
    } catch {
      throw invalid("\(option): \(error.message)")
    }
  }

  private static func invalid(_ headline: String) -> Trouble {
    Trouble(status: .invalidValue, headline: headline)
  }
}
