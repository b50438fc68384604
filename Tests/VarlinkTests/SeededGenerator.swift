import Varlink

/// Random numbers that a seed repeats (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Any JSON value, at most six deep.
  mutating func value(depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth < 6 ? 8 : 6), using: &self) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &self))
    case 2: return .integer(Int64(bitPattern: next()))
    case 3:
      let number = Double(bitPattern: next())
      return .float(number.isFinite ? number : 0.1)
    case 4, 5: return .string(text())
    case 6: return .array((0..<Int.random(in: 0..<4, using: &self)).map { _ in value(depth: depth + 1) })
    default:
      var object = JSONObject()
      for _ in 0..<Int.random(in: 0..<4, using: &self) { object[text()] = value(depth: depth + 1) }
      return .object(object)
    }
  }

  private mutating func text() -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0..<8, using: &self) {
      if let scalar = Unicode.Scalar(UInt32.random(in: 0..<0x11_0000, using: &self)) {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
