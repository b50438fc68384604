/// The quotient rounded to the nearest, halves away from zero; the divisor is not 0.
@_noLocks func roundedQuotient(_ dividend: Int64, _ divisor: Int64) -> Int64 {
  let size = divisor < 0 ? 0 - divisor : divisor
  let signed = divisor < 0 ? 0 - dividend : dividend
  return signed >= 0 ? (signed + size / 2) / size : 0 - (size / 2 - signed) / size
}
