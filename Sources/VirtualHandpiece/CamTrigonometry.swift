import Glibc

/// The C library's cosine and its inverse, angles in radians: the physics' own, apart from what the controller reckons with.
func cosine(ofTurn turn: Double) -> Double { cos(2 * .pi * turn) }
/// The turn, 0...½, whose cosine this is, -1...1.
func turn(ofCosine cosine: Double) -> Double { acos(cosine) / (2 * .pi) }
