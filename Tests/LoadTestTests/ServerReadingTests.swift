import LoadTest
import Testing

@Suite("What a server uses")
struct ServerReadingTests {
  @Test("from /metrics, by the names of Prometheus' own clients")
  func metrics() {
    let text = """
      # HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.
      # TYPE process_cpu_seconds_total counter
      process_cpu_seconds_total 12.5
      process_resident_memory_bytes 1.62e+08
      process_start_time_seconds 1.7e9
      voiceforge_calls_active 3
      """
    let reading = ServerReading(metrics: text, at: 5)
    #expect(reading.cpuSeconds == 12.5)
    #expect(reading.residentBytes == 162_000_000)
  }

  @Test(
    "a page that does not tell, or tells rubbish",
    arguments: [
      "", "hello", "process_cpu_seconds_total NaN", "process_cpu_seconds_total -1", "process_cpu_seconds_total",
    ])
  func nothing(text: String) {
    let reading = ServerReading(metrics: text, at: 5)
    #expect(reading.cpuSeconds == nil && reading.residentBytes == nil)
  }

  @Test("from /proc/PID/stat, whatever the program is called")
  func process() {
    let text =
      "42 (a (odd) name) S 1 42 42 0 -1 4194304 9 0 0 0 250 150 0 0 20 0 7 0 100 1000000 500 18446744073709551615 1 1"
    let reading = ServerReading(processStatus: text, ticksPerSecond: 100, pageBytes: 4096, at: 5)
    #expect(reading.cpuSeconds == 4)
    #expect(reading.residentBytes == 500 * 4096)
    #expect(ServerReading(processStatus: "42 (x", ticksPerSecond: 100, pageBytes: 4096, at: 5).cpuSeconds == nil)
  }

  @Test("cores between two readings; none after a new start")
  func cores() {
    let first = ServerReading(metrics: "process_cpu_seconds_total 10", at: 1_000_000)
    let second = ServerReading(metrics: "process_cpu_seconds_total 11", at: 3_000_000)
    #expect(second.cores(since: first) == 0.5)
    #expect(first.cores(since: second) == nil)
    #expect(second.cores(since: nil) == nil)
    #expect(second.cores(since: second) == nil)
  }

  @Test("two servers behind one address tell nothing of either")
  func balanced() {
    func reading(_ node: String, at: UInt64) -> ServerReading {
      ServerReading(
        metrics: "voiceforge_node_info{node=\"\(node)\",version=\"1\"} 1\nprocess_cpu_seconds_total 10", at: at)
    }
    var latest = LatestReading()
    for at in 1...3 { latest.take(reading("a", at: UInt64(at))) }
    #expect(latest.reading?.at == 3)
    latest.take(reading("b", at: 4))
    #expect(latest.reading == nil)
    latest.take(reading("b", at: 5))
    #expect(latest.reading == nil)
  }
}
