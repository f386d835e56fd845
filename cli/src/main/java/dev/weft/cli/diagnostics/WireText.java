package dev.weft.cli.diagnostics;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import dev.weft.injection.Yaml;

/** Messages of the wire as text. */
final class WireText {
  private WireText() {}

  static String json(MessageOrBuilder message) {
    try {
      return JsonFormat.printer().print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message without Any is always printable", e);
    }
  }

  static String yaml(MessageOrBuilder message) {
    return Yaml.write(Yaml.object(json(message)));
  }
}
