import Glibc

/// The other end of a serial line under test.
struct PseudoTerminal: ~Copyable {
  let master: Int32
  let path: String

  init() throws {
    var ends: (Int32, Int32) = (-1, -1)
    guard unsafe openpty(&ends.0, &ends.1, nil, nil, nil) == 0 else { throw Failed() }
    defer { _ = close(ends.1) }
    var name = [CChar](repeating: 0, count: 64)
    guard unsafe ttyname_r(ends.1, &name, name.count) == 0 else { throw Failed() }
    master = ends.0
    path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { _ = close(master) }

  struct Failed: Error {}

  func send(_ bytes: [UInt8]) -> Int { unsafe write(master, bytes, bytes.count) }

  func receive(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = unsafe read(master, &bytes, count)
    return Array(bytes.prefix(max(got, 0)))
  }
}
