import OpenMetrics
import Testing

@Suite struct MetricsTextTests {
  @Test func eachKindIsWrittenAsTheFormatAsks() {
    let text = MetricsText.text([
      .counter("stipple_faults", help: "Faults.", [.init(2, [.init("code", "motor_hot")]), .init(0)]),
      .gauge("disk_free_bytes", help: "Room.", unit: "bytes", [.init(1.5e9)]),
      .histogram(
        "wake_latency_seconds", help: "Late.", unit: "seconds",
        [.init(upTo: 1e-6, 3), .init(upTo: 0.000128, 4), .init(upTo: .infinity, 5)], sum: 0.25),
    ])
    #expect(
      text == """
        # HELP stipple_faults Faults.
        # TYPE stipple_faults counter
        stipple_faults_total{code="motor_hot"} 2
        stipple_faults_total 0
        # HELP disk_free_bytes Room.
        # TYPE disk_free_bytes gauge
        # UNIT disk_free_bytes bytes
        disk_free_bytes 1500000000
        # HELP wake_latency_seconds Late.
        # TYPE wake_latency_seconds histogram
        # UNIT wake_latency_seconds seconds
        wake_latency_seconds_bucket{le="1e-06"} 3
        wake_latency_seconds_bucket{le="0.000128"} 4
        wake_latency_seconds_bucket{le="+Inf"} 5
        wake_latency_seconds_sum 0.25
        wake_latency_seconds_count 5
        # EOF

        """)
  }

  @Test func nothingInALabelEndsIt() {
    let text = MetricsText.text([.gauge("a", help: "x\ny", [.init(1, [.init("l", "a\"b\\c\nd")])])])
    #expect(text == "# HELP a x\\ny\n# TYPE a gauge\na{l=\"a\\\"b\\\\c\\nd\"} 1\n# EOF\n")
  }

  @Test func numbersThatAreNoneAreSaidToBe() {
    let text = MetricsText.text([.gauge("a", help: "h", [.init(.nan), .init(-.infinity), .init(0.1)])])
    #expect(text.contains("a NaN\na -Inf\na 0.1\n"))
  }
}
