package dev.weft.cli.check;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.JsonText;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Checks as one JSON document, written at the end. */
final class JsonReport implements CheckReport {
  private final PrintWriter out;
  private final ArrayNode categories = JsonNodeFactory.instance.arrayNode();
  private @Nullable Category current;
  private ArrayNode checks = JsonNodeFactory.instance.arrayNode();

  JsonReport(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void waiting(Check check, String reason) {}

  @Override
  public void found(Category category, Check check, Result result) {
    if (result instanceof Result.Skipped) {
      return;
    }
    if (!category.equals(current)) {
      current = category;
      ObjectNode node = categories.addObject().put("categoryName", category.id());
      checks = node.putArray("checks");
    }
    Verdict verdict = Verdict.of(check, result);
    ObjectNode node = checks.addObject().put("description", check.description());
    if (verdict.level() != Verdict.Level.SUCCESS) {
      node.put("hint", Remedies.hint(check.id()));
      node.put("error", String.join("\n", verdict.text()));
    }
    node.put("result", verdict.level().word());
  }

  @Override
  public void end(boolean good) {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("success", good);
    document.set("categories", categories);
    out.println(JsonText.pretty(document));
    out.flush();
  }
}
