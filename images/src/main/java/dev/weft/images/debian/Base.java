package dev.weft.images.debian;

import dev.weft.images.ImageException;
import dev.weft.images.layer.FileCapabilities;
import dev.weft.images.layer.Node;
import dev.weft.images.layer.Tree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The lowest layer: what a Java runtime needs of an operating system, and for the proxy what
 * changing iptables needs. There is no shell and no package manager.
 *
 * @param tree the files
 * @param packages what they come from
 */
public record Base(Tree tree, List<DebianPackage> packages) {
  private static final String LIB = "usr/lib/[a-z0-9_]+-linux-gnu/";
  private static final String NETWORK_TOOLS = "usr/lib/weft/raise/";

  private static final Map<String, String> JAVA =
      Map.of(
          "base-files", "etc/debian_version|usr/lib/os-release|etc/os-release",
          "netbase", "etc/(protocols|services)",
          "libc6",
              LIB
                  + "(ld-linux-.*|lib(c|m|dl|pthread|rt|resolv|nss_files|nss_dns)\\.so\\.[0-9]+)"
                  + "|usr/lib(64)?/ld-linux-.*");

  private static final Map<String, String> IPTABLES =
      Map.of(
          "iptables",
              "usr/sbin/(xtables-(nft|legacy)-multi|ip6?tables-(nft|legacy)(-save|-restore)?)|"
                  + LIB
                  + "xtables/lib(xt_(standard|tcp|multiport|owner|comment|NAT|REDIRECT)|ipt_REDIRECT|ip6t_REDIRECT)\\.so",
          "libxtables12", LIB + "libxtables\\.so\\..*",
          "libip4tc2", LIB + "libip4tc\\.so\\..*",
          "libip6tc2", LIB + "libip6tc\\.so\\..*",
          "libmnl0", LIB + "libmnl\\.so\\..*",
          "libnftnl11", LIB + "libnftnl\\.so\\..*",
          "libcap-ng0", LIB + "libcap-ng\\.so\\..*",
          "coreutils", "usr/bin/(env|sleep)",
          "util-linux", "usr/bin/setpriv");

  /** What is enough to run Java. */
  public static Base forJava(DebianArchive archive) {
    return of(archive, JAVA);
  }

  /** What the proxy's image needs besides: iptables of both kinds, and {@code sleep}. */
  public static Base forProxy(DebianArchive archive) {
    Map<String, String> all = new LinkedHashMap<>(JAVA);
    all.putAll(IPTABLES);
    Base base = of(archive, all);
    Tree tree = base.tree();
    for (String family : List.of("iptables", "ip6tables")) {
      for (String tool : List.of("", "-save", "-restore")) {
        tree.link("usr/sbin/" + family + tool, "xtables-nft-multi");
      }
    }
    // Copies that hand NET_ADMIN and NET_RAW to what they start; the ones on the path do not.
    for (String tool : List.of("env", "setpriv")) {
      tree.put(NETWORK_TOOLS + tool, file(tree, "usr/bin/" + tool).with(FileCapabilities.NETWORK));
    }
    return base;
  }

  private static Base of(DebianArchive archive, Map<String, String> selections) {
    List<DebianPackage> packages =
        new ArrayList<>(archive.fetch(selections.keySet().stream().sorted().toList()));
    Tree tree = new Tree();
    for (String folder : List.of("bin", "sbin", "lib", "lib64")) {
      tree.link(folder, "usr/" + folder).directory("usr/" + folder, 0755);
    }
    for (String folder : List.of("dev", "proc", "sys", "run", "var")) {
      tree.directory(folder, 0755);
    }
    tree.directory("tmp", 01777).link("var/run", "/run");
    tree.text(
        "etc/passwd",
        """
        root:x:0:0:root:/root:/usr/sbin/nologin
        weft-proxy:x:2102:2102:proxy:/:/usr/sbin/nologin
        weft:x:2103:2103:control plane:/:/usr/sbin/nologin
        nobody:x:65534:65534:nobody:/:/usr/sbin/nologin
        """);
    tree.text("etc/group", "root:x:0:\nweft-proxy:x:2102:\nweft:x:2103:\nnogroup:x:65534:\n");
    tree.text("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
    for (DebianPackage source : packages) {
      pick(source, Pattern.compile(selections.get(source.name())), tree);
      // Where scanners for known faults look in images without dpkg.
      tree.text("var/lib/dpkg/status.d/" + source.name(), source.control());
    }
    checkLinks(tree);
    return new Base(tree, List.copyOf(packages));
  }

  private static void pick(DebianPackage source, Pattern wanted, Tree tree) {
    String licence = "usr/share/doc/" + source.name() + "/copyright";
    int picked = 0;
    for (Map.Entry<String, Node> entry : source.content().nodes().entrySet()) {
      boolean isWanted = wanted.matcher(entry.getKey()).matches();
      picked += isWanted ? 1 : 0;
      if (isWanted || entry.getKey().equals(licence)) {
        tree.put(entry.getKey(), entry.getValue());
      }
    }
    if (picked == 0) {
      throw new ImageException(
          "the package " + source.name() + " " + source.version() + " has none of " + wanted,
          "this Debian lays it out in another way",
          "extend the table in " + Base.class.getName());
    }
  }

  /** A library that is picked without what it links to is missed only when it is used. */
  private static void checkLinks(Tree tree) {
    for (Map.Entry<String, Node> entry : tree.nodes().entrySet()) {
      if (entry.getValue() instanceof Node.Link(String target)) {
        Path folder = Path.of("/", entry.getKey()).getParent();
        String leads = folder.resolve(target).normalize().toString().substring(1);
        String merged = leads.matches("(bin|sbin|lib|lib64)/.*") ? "usr/" + leads : leads;
        if (!tree.nodes().containsKey(merged)) {
          throw new ImageException(
              "/" + entry.getKey() + " leads to " + target + ", which is not in the image",
              "the table picks one without the other",
              "extend the table in " + Base.class.getName());
        }
      }
    }
  }

  private static Node.File file(Tree tree, String path) {
    if (tree.nodes().get(path) instanceof Node.File file) {
      return file;
    }
    throw new ImageException(path + " is not a file", "no package has it", "extend the table");
  }
}
