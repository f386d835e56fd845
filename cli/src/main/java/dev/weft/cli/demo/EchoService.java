package dev.weft.cli.demo;

import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/**
 * The gRPC service of the demo: {@code Say} answers what it is told, {@code Count} streams back
 * numbered copies. Messages are plain UTF-8 texts, which is all that gRPC asks of a codec.
 */
final class EchoService {
  static final String NAME = "weft.demo.v1.Echo";
  static final int COUNT = 3;

  static final MethodDescriptor<String, String> SAY =
      method(MethodDescriptor.MethodType.UNARY, "Say");
  static final MethodDescriptor<String, String> STREAM =
      method(MethodDescriptor.MethodType.SERVER_STREAMING, "Count");

  private EchoService() {}

  /** The server side; {@code instance} is part of every answer. */
  static ServerServiceDefinition serve(String instance) {
    return ServerServiceDefinition.builder(NAME)
        .addMethod(
            SAY,
            ServerCalls.asyncUnaryCall(
                (request, answer) -> {
                  answer.onNext(instance + ": " + request);
                  answer.onCompleted();
                }))
        .addMethod(
            STREAM,
            ServerCalls.asyncServerStreamingCall(
                (request, answer) -> {
                  IntStream.rangeClosed(1, COUNT)
                      .forEach(i -> answer.onNext(instance + " " + i + ": " + request));
                  answer.onCompleted();
                }))
        .build();
  }

  private static MethodDescriptor<String, String> method(
      MethodDescriptor.MethodType type, String name) {
    return MethodDescriptor.newBuilder(Text.INSTANCE, Text.INSTANCE)
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, name))
        .build();
  }

  private enum Text implements MethodDescriptor.Marshaller<String> {
    INSTANCE;

    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
