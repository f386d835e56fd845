package dev.weft.cli.demo;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A gRPC client that knows nothing of a mesh: calls the demo application once, both ways. */
@Command(name = "demo-call", hidden = true, exitCodeOnInvalidInput = 1)
public final class DemoCallCommand implements Callable<Integer> {
  @Parameters(paramLabel = "HOST:PORT", description = "The server.")
  private String target = "";

  @Option(names = "--text", defaultValue = "hello", description = "What to say.")
  private String text = "hello";

  @Option(names = "--timeout", defaultValue = "10", description = "Limit in seconds.")
  private long timeoutSeconds = 10;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    ManagedChannel channel = NettyChannelBuilder.forTarget(target).usePlaintext().build();
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(timeoutSeconds, TimeUnit.SECONDS);
    try {
      out.println(ClientCalls.blockingUnaryCall(channel, EchoService.SAY, options, text));
      ClientCalls.blockingServerStreamingCall(channel, EchoService.STREAM, options, text)
          .forEachRemaining(out::println);
      return 0;
    } catch (StatusRuntimeException e) {
      spec.commandLine().getErr().println(e.getStatus());
      return 1;
    } finally {
      channel.shutdownNow();
    }
  }
}
