package dev.weft.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The contract's metrics, read from {@code metrics-catalogue.tsv} beside this class: what a family
 * is, which labels its series carry, and its buckets.
 */
public final class Catalogue {
  private static final Map<String, String> GROUPS =
      Map.ofEntries(
          Map.entry("@target", "target_addr,target_ip,target_port"),
          Map.entry("@tls", "tls,[client_id],[server_id],[no_tls_reason],[sni]"),
          Map.entry("@ctls", "tls,[server_id],[no_tls_reason]"),
          Map.entry("@srv", "srv_group,srv_kind,srv_name,srv_port"),
          Map.entry("@route", "route_group,route_kind,route_name"),
          Map.entry("@oroute", "route_group,route_kind,route_namespace,route_name"),
          Map.entry("@authz", "authz_group,authz_kind,authz_name"),
          Map.entry("@iparent", "parent_group,parent_kind,parent_name,parent_port"),
          Map.entry("@parent", service("parent")),
          Map.entry("@backend", service("backend")));

  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("([a-z0-9_]+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

  private final Map<String, Row> rows = new LinkedHashMap<>();

  private record Row(
      String type, Set<String> required, Set<String> optional, List<String> buckets) {}

  /** Reads the table. */
  public Catalogue() {
    try (InputStream in = Catalogue.class.getResourceAsStream("metrics-catalogue.tsv")) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .forEach(this::row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String service(String prefix) {
    return String.join(
        ",",
        List.of("group", "kind", "namespace", "name", "port", "section_name").stream()
            .map(part -> prefix + "_" + part)
            .toList());
  }

  private void row(String line) {
    String[] columns = line.split("\t", -1);
    Set<String> required = new TreeSet<>();
    Set<String> optional = new TreeSet<>();
    for (String label : columns[2].split(",", -1)) {
      add(label, false, required, optional);
    }
    List<String> buckets =
        columns[3].isBlank() ? List.of() : List.of(columns[3].strip().split(" ", -1));
    rows.put(columns[0], new Row(columns[1], required, optional, buckets));
  }

  private static void add(String label, boolean maybe, Set<String> required, Set<String> optional) {
    boolean bracketed = label.startsWith("[");
    String name = bracketed ? label.substring(1, label.length() - 1) : label;
    String group = GROUPS.get(name);
    if (group != null) {
      for (String member : group.split(",", -1)) {
        add(member, maybe || bracketed, required, optional);
      }
    } else if (maybe || bracketed) {
      optional.add(name);
    } else if (!name.isEmpty()) {
      required.add(name);
    }
  }

  /** The names of all families. */
  public Set<String> names() {
    return rows.keySet();
  }

  /**
   * Holds an exposition in Prometheus text format against the table.
   *
   * @return the families of the table that it shows
   */
  public Set<String> check(String exposition) {
    Set<String> seen = new TreeSet<>();
    Map<String, List<String>> buckets = new LinkedHashMap<>();
    for (String line : exposition.lines().toList()) {
      Matcher type = TYPE.matcher(line);
      if (type.matches()) {
        Row row = rows.get(type.group(1));
        if (row != null) {
          assertThat(type.group(2)).as(type.group(1)).isEqualTo(row.type);
          seen.add(type.group(1));
        }
      } else if (!line.startsWith("#")) {
        sample(line, buckets);
      }
    }
    buckets.forEach(
        (series, bounds) -> {
          List<String> expected =
              new ArrayList<>(rows.get(series.substring(0, series.indexOf('{'))).buckets);
          expected.add("+Inf");
          assertThat(bounds).as(series).isEqualTo(expected);
        });
    return seen;
  }

  private void sample(String line, Map<String, List<String>> buckets) {
    Matcher sample = SAMPLE.matcher(line);
    assertThat(sample.matches()).as(line).isTrue();
    String name = sample.group(1);
    String family = rows.containsKey(name) ? name : name.replaceAll("_(bucket|sum|count)$", "");
    Row row = rows.get(family);
    if (row == null) {
      assertThat(name)
          .as("neither the contract's nor ours")
          .matches("(weft|process|proxy|control|opentelemetry|rustls|route|stack)_.*");
      return;
    }
    Map<String, String> labels = labels(sample.group(2) == null ? "" : sample.group(2));
    String bound = labels.remove("le");
    if (labels.containsKey("weft_overflow")) {
      return;
    }
    if (bound != null) {
      buckets.computeIfAbsent(family + labels, _ -> new ArrayList<>()).add(bound);
    }
    assertThat(labels.keySet()).as(line).containsAll(row.required);
    for (String label : labels.keySet()) {
      assertThat(
              row.required.contains(label)
                  || row.optional.contains(label)
                  || row.optional.contains(label.replaceAll("_.*", "_*")))
          .as("label %s of %s", label, line)
          .isTrue();
    }
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    Matcher label = LABEL.matcher(text);
    int end = 0;
    while (label.find() && label.start() == end) {
      assertThat(labels.put(label.group(1), label.group(2))).as("twice in %s", text).isNull();
      end = label.end();
    }
    assertThat(end).as("labels %s", text).isEqualTo(text.length());
    return labels;
  }
}
