/// Why a request is not understood, with the status that says so. The connection ends after the answer, because nobody knows where
/// the next request begins.
package struct HTTPFault: Error, Sendable, Equatable {
  /// 400 … 505.
  package let status: Int
  /// What is wrong with it.
  package let detail: String

  init(_ status: Int, _ detail: String) {
    self.status = status
    self.detail = detail
  }
}
