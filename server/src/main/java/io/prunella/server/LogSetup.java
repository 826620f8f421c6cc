package io.prunella.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import org.slf4j.LoggerFactory;

/** Where log lines go: standard error, as logfmt or JSON lines, from one level up. */
public final class LogSetup {
  private LogSetup() {}

  /** How a log line is written. */
  public enum Format {
    LOGFMT,
    JSON
  }

  /** From which level on. */
  public enum Threshold {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /** Sets the whole process' logging; call it before the first logger speaks. */
  public static void apply(Threshold threshold, Format format) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder(context, format));
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(Level.INFO.isGreaterOrEqual(level(threshold)) ? Level.INFO : level(threshold));
    context.getLogger("io.prunella").setLevel(level(threshold));
    context.getLogger("org.flywaydb").setLevel(Level.WARN);
  }

  private static Level level(Threshold threshold) {
    return Level.toLevel(threshold.name());
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, Format format) {
    if (format == Format.JSON) {
      var json = new JsonEncoder();
      json.setContext(context);
      json.start();
      return json;
    }
    var logfmt = new PatternLayoutEncoder();
    logfmt.setContext(context);
    logfmt.setPattern(
        "ts=%d{\"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\", UTC} level=%-5level room=%logger{0} %msg%n");
    logfmt.start();
    return logfmt;
  }
}
