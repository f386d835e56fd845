package dev.weft.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.weft.api.destination.DestinationProto;
import dev.weft.api.grpcroute.GrpcRouteProto;
import dev.weft.api.httproute.HttpRouteProto;
import dev.weft.api.httptypes.HttpTypesProto;
import dev.weft.api.identity.IdentityProto;
import dev.weft.api.inbound.InboundProto;
import dev.weft.api.meta.MetaProto;
import dev.weft.api.net.NetProto;
import dev.weft.api.opaqueroute.OpaqueRouteProto;
import dev.weft.api.outbound.OutboundProto;
import dev.weft.api.tap.TapProto;
import dev.weft.api.tlsroute.TlsRouteProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds the compiled descriptors against {@code contract.tsv}, the table of every name, number and
 * type of the public contract. Both directions count: a row without a descriptor, and a descriptor
 * without a row.
 */
class ContractTest {
  private static final String PREFIX = "io.linkerd.proxy.";

  private static final List<FileDescriptor> FILES =
      List.of(
          NetProto.getDescriptor(),
          MetaProto.getDescriptor(),
          HttpTypesProto.getDescriptor(),
          HttpRouteProto.getDescriptor(),
          GrpcRouteProto.getDescriptor(),
          OpaqueRouteProto.getDescriptor(),
          TlsRouteProto.getDescriptor(),
          IdentityProto.getDescriptor(),
          DestinationProto.getDescriptor(),
          InboundProto.getDescriptor(),
          OutboundProto.getDescriptor(),
          TapProto.getDescriptor());

  @Test
  void descriptors_comparedWithTheContract_areEqual() throws IOException {
    Set<String> compiled = new TreeSet<>();
    for (FileDescriptor file : FILES) {
      file.getServices().forEach(service -> describe(service, compiled));
      file.getMessageTypes().forEach(message -> describe(message, compiled));
      file.getEnumTypes().forEach(type -> describe(type, compiled));
    }
    assertThat(compiled).isEqualTo(contract());
  }

  private static Set<String> contract() throws IOException {
    try (InputStream table = ContractTest.class.getResourceAsStream("/contract.tsv")) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static void describe(ServiceDescriptor service, Set<String> rows) {
    for (MethodDescriptor method : service.getMethods()) {
      assertThat(method.isClientStreaming()).as(method.getFullName()).isFalse();
      String response =
          (method.isServerStreaming() ? "stream " : "") + relative(method.getOutputType());
      rows.add(
          row(
              "method",
              service.getFullName(),
              method.getName(),
              "-",
              relative(method.getInputType()) + " -> " + response,
              "-"));
    }
  }

  private static void describe(Descriptor message, Set<String> rows) {
    rows.add(row("message", message.getFullName(), "-", "-", "-", "-"));
    for (FieldDescriptor field : message.getFields()) {
      String oneof =
          field.getRealContainingOneof() == null ? "-" : field.getRealContainingOneof().getName();
      rows.add(
          row(
              "field",
              message.getFullName(),
              field.getName(),
              Integer.toString(field.getNumber()),
              typeOf(field),
              oneof));
    }
    message
        .toProto()
        .getReservedRangeList()
        .forEach(
            range -> {
              for (int number = range.getStart(); number < range.getEnd(); number++) {
                rows.add(
                    row(
                        "reserved",
                        message.getFullName(),
                        "-",
                        Integer.toString(number),
                        "-",
                        "-"));
              }
            });
    message.getEnumTypes().forEach(type -> describe(type, rows));
    message.getNestedTypes().stream()
        .filter(nested -> !nested.getOptions().getMapEntry())
        .forEach(nested -> describe(nested, rows));
  }

  private static void describe(EnumDescriptor type, Set<String> rows) {
    type.getValues()
        .forEach(
            value ->
                rows.add(
                    row(
                        "enum",
                        type.getFullName(),
                        value.getName(),
                        Integer.toString(value.getNumber()),
                        "-",
                        "-")));
  }

  private static String typeOf(FieldDescriptor field) {
    if (field.isMapField()) {
      List<FieldDescriptor> entry = field.getMessageType().getFields();
      return "map<" + single(entry.get(0)) + ", " + single(entry.get(1)) + ">";
    }
    return field.isRepeated() ? "repeated " + single(field) : single(field);
  }

  private static String single(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> relative(field.getMessageType());
      case ENUM -> strip(field.getEnumType().getFullName());
      case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING ->
          field.getType().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String relative(Descriptor message) {
    return strip(message.getFullName());
  }

  private static String strip(String name) {
    return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
  }

  private static String row(String... cells) {
    return String.join("\t", cells);
  }
}
