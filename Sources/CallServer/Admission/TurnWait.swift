import Glibc

/// How long a turn waits for a speech thread, where turns of many callers come independently of one another and each takes about as long
/// (M/D/c).
///
/// At utilization u a turn finds all c threads busy with a chance of about u^(√(2(c + 1)) − 1) (Sakasegawa 1977; exact for one thread). One that
/// has to wait does so for longer than t with a chance of about e^(−2 c (1 − u) t / s), s being the time of a turn: half as long as
/// where that time varies freely (M/M/c). Against turns drawn at random both together err by less than a fifth (`TurnAdmissionTests`).
package enum TurnWait {
  /// Turns in 100 that wait no longer than what is foretold: as many as keep a turn latency.
  static let percentile = 95.0

  /// The wait that `percentile` of turns do not pass, seconds; infinite where the threads can never do it all.
  /// - Parameters:
  ///   - utilization: share of the threads' time in use, 0 and up.
  ///   - service: a thread's time for one turn, seconds.
  ///   - threads: 1 and up.
  package static func wait(utilization: Double, service: Double, threads: Int) -> Double {
    guard utilization < 1 else { return .infinity }
    guard utilization > 0 else { return 0 }
    let waits = pow(utilization, (2 * (Double(threads) + 1)).squareRoot() - 1)
    let excess = log(waits / (1 - percentile / 100))
    return max(0, excess * service / (2 * Double(threads) * (1 - utilization)))
  }

  /// The highest utilization at which the wait stays within `limit` seconds, 0 … 1, to a thousandth.
  package static func utilizationMax(wait limit: Double, service: Double, threads: Int) -> Double {
    var (low, high) = (0, 1000)
    while high - low > 1 {
      let middle = (low + high) / 2
      let found = wait(utilization: Double(middle) / 1000, service: service, threads: threads)
      if found <= limit { low = middle } else { high = middle }
    }
    return Double(low) / 1000
  }
}
