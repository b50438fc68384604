import Units

// The socket speaks microseconds and hertz; the quantities keep what was enforced.

extension WallTime {
  var microseconds: Int { Int(sinceEpoch.count / 1_000) }
}

extension Nanoseconds {
  var microseconds: Int { Int(inMicroseconds) }
  var milliseconds: Int { Int(inMilliseconds) }
}

extension Millihertz {
  var hertz: Double { Double(count) / 1_000 }
}

extension Decicelsius {
  var celsius: Double { Double(count) / 10 }
}
