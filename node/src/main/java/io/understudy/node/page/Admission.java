package io.understudy.node.page;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.understudy.node.api.CallerSource.Identification;
import io.understudy.node.api.CertificateCallers;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may look: the holder of a client certificate that the API would serve, whatever its role, of
 * the viewer token, or of a pass for it. Whoever shows a certificate is judged by it alone: with a
 * revoked one nobody gets in by a token. Any thread; never blocks.
 */
final class Admission {
  /** A name with this prefix is only kept by browsers when it is secure and of one host. */
  static final String COOKIE = "__Host-understudy";

  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
  private static final String BEARER = "Bearer ";
  private static final String NEEDED =
      "A client certificate of this cluster or the viewer token is needed";

  private final CertificateCallers certificates;
  private final ViewerToken token;
  private final WrongTokens wrong;
  private final InstantSource clock;

  /** The answer to a request. */
  sealed interface Verdict {
    /**
     * May look.
     *
     * @param stands whether it still holds, for an answer that lasts
     */
    record Admitted(BooleanSupplier stands) implements Verdict {}

    record Refused(String sentence) implements Verdict {}

    /** Too many wrong tokens: not looked at. */
    record Unheard() implements Verdict {}
  }

  Admission(
      CertificateCallers certificates, ViewerToken token, WrongTokens wrong, InstantSource clock) {
    this.certificates = certificates;
    this.token = token;
    this.wrong = wrong;
    this.clock = clock;
  }

  Verdict of(SSLSession session, HttpHeaders headers, String address) {
    if (showsCertificate(session)) {
      return switch (certificates.identify(session)) {
        case Identification.Known _ -> new Verdict.Admitted(() -> stillKnown(session));
        case Identification.Unknown(String sentence) -> new Verdict.Refused(sentence);
      };
    }
    Optional<String> bearer =
        Optional.ofNullable(headers.get(HttpHeaderNames.AUTHORIZATION))
            .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
            .map(value -> value.substring(BEARER.length()).strip());
    if (bearer.isPresent()) {
      return byToken(bearer.get(), address);
    }
    return pass(headers)
        .filter(this::admits)
        .<Verdict>map(pass -> new Verdict.Admitted(() -> admits(pass)))
        .orElse(new Verdict.Refused(NEEDED));
  }

  /** By the token itself; counts a wrong one against the address. */
  Verdict byToken(String offered, String address) {
    if (!wrong.hears(address)) {
      return new Verdict.Unheard();
    }
    if (token.matches(offered)) {
      return new Verdict.Admitted(() -> token.matches(offered));
    }
    wrong.note(address);
    LOG.warn("Refused a wrong viewer token for the status page address={}", address);
    return new Verdict.Refused(
        token.present()
            ? "This is not the viewer token of this node"
            : "This node has no viewer token: " + NEEDED);
  }

  private boolean stillKnown(SSLSession session) {
    return certificates.identify(session) instanceof Identification.Known;
  }

  private boolean admits(String pass) {
    return token.admits(pass, clock.instant());
  }

  private static Optional<String> pass(HttpHeaders headers) {
    return headers.getAll(HttpHeaderNames.COOKIE).stream()
        .flatMap(line -> ServerCookieDecoder.STRICT.decodeAll(line).stream())
        .filter(cookie -> cookie.name().equals(COOKIE))
        .map(Cookie::value)
        .findFirst();
  }

  private static boolean showsCertificate(SSLSession session) {
    try {
      return session.getPeerCertificates().length > 0;
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }
}
