package io.prunella.ingest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * Room that the bodies of writes come in, used again. Vert.x copies what the network gives into
 * arrays of its own, as much garbage as there are bytes; what lies in an array already it hands on
 * as it is. So the bytes are put into chunks of ours before it sees them. A chunk that nobody gives
 * back is garbage like any other. Any event loop.
 */
final class Chunks {
  static final int CHUNK_BYTES = 64 << 10; // the most that is read at once

  private final ArrayBlockingQueue<Chunk> spare;

  /** Since the start. */
  final LongAdder made = new LongAdder();

  /**
   * @param spareMax chunks that are kept
   */
  Chunks(int spareMax) {
    spare = new ArrayBlockingQueue<>(spareMax);
  }

  /** Serves a connection's bodies; where Vert.x has changed within, it goes on by itself. */
  void serve(HttpConnection connection) {
    if (!(connection instanceof ConnectionBase base)) return;
    ChannelHandlerContext own = base.channelHandlerContext();
    own.pipeline().addBefore(own.name(), "chunks", new Putter());
  }

  /** Takes back what came and is done with; others' buffers are left alone. */
  void give(Buffer buffer) {
    if (buffer instanceof BufferInternal own
        && own.unwrap() instanceof Chunk chunk
        && chunk.refCnt() == 1) {
      chunk.clear();
      spare.offer(chunk);
    }
  }

  private Chunk take() {
    Chunk chunk = spare.poll();
    if (chunk != null) return chunk;
    made.increment();
    return new Chunk();
  }

  /** An array of a fixed length. */
  private static final class Chunk extends UnpooledHeapByteBuf {
    Chunk() {
      super(UnpooledByteBufAllocator.DEFAULT, CHUNK_BYTES, CHUNK_BYTES);
    }
  }

  /** Sees all of one connection before Vert.x does. Its event loop only. */
  private final class Putter extends ChannelInboundHandlerAdapter {
    private boolean isWrite;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest head) {
        isWrite = HttpMethod.POST.equals(head.method()) && head.uri().startsWith(RemoteWrite.PATH);
        context.fireChannelRead(message);
      } else if (isWrite && message instanceof HttpContent part && isFit(part)) {
        context.fireChannelRead(put(part));
      } else {
        context.fireChannelRead(message);
      }
    }

    private static boolean isFit(HttpContent part) {
      int length = part.content().readableBytes();
      return length > 0 && length <= CHUNK_BYTES && part.decoderResult().isSuccess();
    }

    private HttpContent put(HttpContent part) {
      ByteBuf bytes = part.content();
      Chunk chunk = take();
      chunk.writeBytes(bytes);
      bytes.release();
      return part instanceof LastHttpContent last
          ? new DefaultLastHttpContent(chunk, last.trailingHeaders())
          : new DefaultHttpContent(chunk);
    }
  }
}
