import CLibwebsockets

/// OpenSSL's context of a server: its certificate and what it speaks. Made by one loop and used by it alone.
final class TLSServerContext {
  let pointer: OpaquePointer

  init(_ certificate: ServerCertificate) throws(WebSocketError) {
    guard let pointer = vf_tls_server(certificate.certificatePath, certificate.keyPath) else {
      throw .contextUnavailable
    }
    self.pointer = pointer
  }

  deinit { vf_tls_server_free(pointer) }
}
