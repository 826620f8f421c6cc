package io.prunella.action;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of an answer as text; whatever follows is not taken from the wire. {@link #soFar}
 * may be asked by any thread.
 */
final class FirstBytes implements HttpResponse.BodySubscriber<String> {
  private final int bytesMax;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(); // guards itself
  private final CompletableFuture<String> text = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  FirstBytes(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** What has come of it; its last character may not be whole. */
  String soFar() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Whether there may be more of it than was taken. */
  boolean isCut() {
    return bytes.size() >= bytesMax;
  }

  @Override
  public CompletionStage<String> getBody() {
    return text;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      var part = new byte[Math.min(buffer.remaining(), bytesMax - bytes.size())];
      buffer.get(part);
      bytes.writeBytes(part);
    }
    if (bytes.size() < bytesMax) return;
    onComplete();
    if (subscription != null) subscription.cancel();
  }

  @Override
  public void onError(Throwable cause) {
    text.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    text.complete(bytes.toString(StandardCharsets.UTF_8));
  }
}
