package io.understudy.node.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import io.understudy.node.page.Admission.Verdict;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of one connection, on the event loop; nothing here waits. Whatever is about
 * the cluster is answered to those alone who may look; the form, its style and the script, which
 * tell nothing, to everybody.
 */
final class PageHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  static final String IDLE = "idle";

  /** Nothing from elsewhere, nothing inline; the picture in the tab is a data address. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private static final Logger LOG = LoggerFactory.getLogger(PageHandler.class);
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String RETRY_AFTER_SECONDS = "60";
  private static final String SENTENCE = "<!-- sentence -->";

  private final Supplier<SSLSession> session;
  private final Admission admission;
  private final ViewerToken token;
  private final InstantSource clock;
  private final PageFeed feed;
  private @Nullable ViewerStream stream;
  private boolean answering;

  PageHandler(
      Supplier<SSLSession> session,
      Admission admission,
      ViewerToken token,
      InstantSource clock,
      PageFeed feed) {
    this.session = session;
    this.admission = admission;
    this.token = token;
    this.clock = clock;
    this.feed = feed;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (stream != null || answering || !request.decoderResult().isSuccess()) {
      // A stream takes no further request, and what is no HTTP gets no answer. Answers to one who
      // asks on and takes none of them would fill the daemon's memory.
      var _ = context.close();
      return;
    }
    String path = new QueryStringDecoder(request.uri()).path();
    boolean reads =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    if (request.method().equals(HttpMethod.POST)) {
      post(context, request, path);
    } else if (!reads) {
      FullHttpResponse response = text(HttpResponseStatus.METHOD_NOT_ALLOWED, "GET, HEAD or POST");
      response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD, POST");
      send(context, request, response);
    } else {
      get(context, request, path);
    }
  }

  private void get(ChannelHandlerContext context, FullHttpRequest request, String path) {
    switch (path) {
      case "/page.css" -> send(context, request, resource(Resource.STYLE));
      case "/page.js" -> send(context, request, resource(Resource.SCRIPT));
      default -> {
        Verdict verdict = admission.of(session.get(), request.headers(), address(context));
        switch (verdict) {
          case Verdict.Admitted(BooleanSupplier stands) -> show(context, request, path, stands);
          case Verdict.Refused(String sentence) ->
              send(context, request, refusal(HttpResponseStatus.UNAUTHORIZED, sentence, path));
          case Verdict.Unheard _ -> send(context, request, unheard(path));
        }
      }
    }
  }

  private void show(
      ChannelHandlerContext context, FullHttpRequest request, String path, BooleanSupplier stands) {
    switch (path) {
      case "/" -> send(context, request, resource(Resource.PAGE));
      case "/status.json" ->
          send(
              context,
              request,
              response(HttpResponseStatus.OK, "application/json", feed.document().getBytes(UTF_8)));
      case "/events" -> {
        if (request.method().equals(HttpMethod.HEAD)) {
          send(context, request, text(HttpResponseStatus.OK, ""));
        } else if (feed.takePlace()) {
          context.channel().closeFuture().addListener(_ -> feed.leavePlace());
          open(context, stands);
        } else {
          send(
              context,
              request,
              text(
                  HttpResponseStatus.SERVICE_UNAVAILABLE,
                  "as many pages are open as this node serves (%d): close one"
                      .formatted(PageFeed.VIEWERS_MAX)));
        }
      }
      default ->
          send(
              context,
              request,
              text(HttpResponseStatus.NOT_FOUND, "known: / /events /status.json"));
    }
  }

  private void open(ChannelHandlerContext context, BooleanSupplier stands) {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
    guard(head.headers());
    HttpUtil.setTransferEncodingChunked(head, true);
    context.pipeline().remove(IDLE);
    var _ = context.writeAndFlush(head);
    ViewerStream opened = new ViewerStream(context.channel(), stands);
    stream = opened;
    feed.add(opened);
  }

  private void post(ChannelHandlerContext context, FullHttpRequest request, String path) {
    if (!ownOrigin(request.headers())) {
      send(context, request, text(HttpResponseStatus.FORBIDDEN, "the form of this page only"));
      return;
    }
    switch (path) {
      case "/sign-in" -> signIn(context, request);
      case "/sign-out" -> {
        FullHttpResponse response = redirect();
        response.headers().set(HttpHeaderNames.SET_COOKIE, cookie("", 0));
        send(context, request, response);
      }
      default -> send(context, request, text(HttpResponseStatus.NOT_FOUND, "nothing to do here"));
    }
  }

  private void signIn(ChannelHandlerContext context, FullHttpRequest request) {
    String offered =
        Optional.ofNullable(
                new QueryStringDecoder("?" + request.content().toString(UTF_8))
                    .parameters()
                    .get("token"))
            .map(values -> values.getFirst().strip())
            .orElse("");
    FullHttpResponse response =
        switch (admission.byToken(offered, address(context))) {
          case Verdict.Admitted _ -> {
            FullHttpResponse redirect = redirect();
            token
                .pass(clock.instant())
                .ifPresent(pass ->
                    redirect
                        .headers()
                        .set(
                            HttpHeaderNames.SET_COOKIE,
                            cookie(pass, ViewerToken.PASS_LASTS.toSeconds())));
            yield redirect;
          }
          case Verdict.Refused(String sentence) ->
              refusal(HttpResponseStatus.UNAUTHORIZED, sentence, "/");
          case Verdict.Unheard _ -> unheard("/");
        };
    send(context, request, response);
  }

  /** A page of somebody else may not send the form; browsers say whose page it was. */
  private static boolean ownOrigin(HttpHeaders headers) {
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    return origin == null || origin.equals("https://" + headers.get(HttpHeaderNames.HOST));
  }

  private static String cookie(String value, long seconds) {
    return "%s=%s; Path=/; Max-Age=%d; Secure; HttpOnly; SameSite=Strict"
        .formatted(Admission.COOKIE, value, seconds);
  }

  private static FullHttpResponse redirect() {
    FullHttpResponse response = text(HttpResponseStatus.SEE_OTHER, "");
    response.headers().set(HttpHeaderNames.LOCATION, "/");
    return response;
  }

  private FullHttpResponse unheard(String path) {
    FullHttpResponse response =
        refusal(
            HttpResponseStatus.TOO_MANY_REQUESTS,
            "There were too many wrong tokens: try again in a minute",
            path);
    response.headers().set(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
    return response;
  }

  /** With the form where a browser would show it; the sentences are this program's own. */
  private static FullHttpResponse refusal(HttpResponseStatus status, String sentence, String path) {
    FullHttpResponse response =
        path.equals("/")
            ? response(
                status,
                Resource.SIGN_IN.contentType(),
                Resource.SIGN_IN.text().replace(SENTENCE, escaped(sentence)).getBytes(UTF_8))
            : text(status, sentence);
    response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"understudy\"");
    return response;
  }

  /** A certificate's name may be part of a sentence. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static FullHttpResponse resource(Resource resource) {
    return response(HttpResponseStatus.OK, resource.contentType(), resource.text().getBytes(UTF_8));
  }

  private static FullHttpResponse text(HttpResponseStatus status, String line) {
    return response(status, TEXT, (line.isEmpty() ? "" : line + "\n").getBytes(UTF_8));
  }

  private static FullHttpResponse response(
      HttpResponseStatus status, String contentType, byte[] body) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    guard(response.headers());
    return response;
  }

  private static void guard(HttpHeaders headers) {
    headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY);
    headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
  }

  private void send(
      ChannelHandlerContext context, FullHttpRequest request, FullHttpResponse response) {
    boolean stays = HttpUtil.isKeepAlive(request);
    if (request.method().equals(HttpMethod.HEAD)) {
      response.content().clear();
    }
    HttpUtil.setKeepAlive(response, stays);
    answering = true;
    var written = context.writeAndFlush(response);
    var _ = written.addListener(_ -> answering = false);
    if (!stays) {
      var _ = written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private static String address(ChannelHandlerContext context) {
    return context.channel() instanceof SocketChannel socket
        ? Connections.address(socket)
        : "unknown";
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
    if (stream != null && context.channel().isWritable()) {
      stream.flush();
    }
    super.channelWritabilityChanged(context);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof IdleStateEvent) {
      var _ = context.close();
    }
    super.userEventTriggered(context, event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("Closed a connection of the status page", cause);
    var _ = context.close();
  }
}
