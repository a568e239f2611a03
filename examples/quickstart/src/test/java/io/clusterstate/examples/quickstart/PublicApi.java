package io.clusterstate.examples.quickstart;

import io.clusterstate.etcd.EtcdStateReader;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.simulator.Simulator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The signatures of public types, and of their public and protected members, as javap prints them. An optional library
 * may be missing, since javap reads class files and loads none.
 *
 * @param types the members of each type, by the type's own signature; sorted
 */
record PublicApi(Map<String, Set<String>> types) {

    private static final Map<String, Class<?>> MODULES = modules();
    private static final Pattern TYPE = Pattern.compile("^public (?:[a-z]+ )*(?:class|interface) ([\\w.$]+)");
    private static final String INDENT = "  ";

    private static Map<String, Class<?>> modules() {
        Map<String, Class<?>> modules = new LinkedHashMap<>();
        modules.put("css-core", ClusterMirror.class);
        modules.put("css-memory", MemoryStateStore.class);
        modules.put("css-etcd", EtcdStateReader.class);
        modules.put("css-simulator", Simulator.class);
        return modules;
    }

    static Set<String> moduleNames() {
        return MODULES.keySet();
    }

    /** The present API of all published modules. */
    static PublicApi now() throws IOException, URISyntaxException {
        Map<String, Set<String>> types = new TreeMap<>();
        for (Class<?> anchor : MODULES.values()) {
            Path place = Path.of(
                    anchor.getProtectionDomain().getCodeSource().getLocation().toURI());
            types.putAll(parse(javap(place, classes(place))).types());
        }
        return new PublicApi(types);
    }

    private static List<String> classes(Path place) throws IOException {
        if (Files.isDirectory(place)) {
            return classesUnder(place);
        }
        try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + place.toUri()), Map.of())) {
            return classesUnder(jar.getPath("/"));
        }
    }

    private static List<String> classesUnder(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(".class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .filter(name -> name.contains(".") && !name.contains(".internal."))
                    .filter(name -> !name.endsWith("package-info") && !name.contains("META-INF"))
                    .toList();
        }
    }

    private static List<String> javap(Path place, List<String> classes) {
        List<String> arguments = new ArrayList<>(List.of("-protected", "-constants", "-cp", place.toString()));
        arguments.addAll(classes);
        StringWriter printed = new StringWriter();
        PrintWriter out = new PrintWriter(printed);
        int code = ToolProvider.findFirst("javap").orElseThrow().run(out, out, arguments.toArray(new String[0]));
        if (code != 0) {
            throw new UncheckedIOException(new IOException("javap: " + printed + " (expected: no error)"));
        }
        return printed.toString().lines().toList();
    }

    /** Reads the output of javap, or a file that {@link #lines} has written. */
    static PublicApi parse(List<String> lines) {
        Map<String, Set<String>> types = new TreeMap<>();
        Set<String> members = new TreeSet<>();
        for (String line : lines) {
            String signature = line.strip().replaceAll(" ?[{;]$", "").replaceAll("java\\.lang\\.(?=[A-Z])", "");
            if (line.startsWith(INDENT)) {
                members.add(signature);
            } else if (TYPE.matcher(signature).find()) {
                members = types.computeIfAbsent(signature, type -> new TreeSet<>());
            } else if (!signature.equals("}")) {
                members = new TreeSet<>(); // of a type that is not public
            }
        }
        return new PublicApi(withPublicOwners(types));
    }

    private static Map<String, Set<String>> withPublicOwners(Map<String, Set<String>> types) {
        Set<String> names = types.keySet().stream().map(PublicApi::name).collect(Collectors.toSet());
        Map<String, Set<String>> exposed = new TreeMap<>(types);
        exposed.keySet().removeIf(type -> {
            String name = name(type);
            return name.contains("$") && !names.contains(name.substring(0, name.lastIndexOf('$')));
        });
        return exposed;
    }

    private static String name(String type) {
        Matcher matcher = TYPE.matcher(type);
        return matcher.find() ? matcher.group(1) : type;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        types.forEach((type, members) -> {
            lines.add(type);
            members.forEach(member -> lines.add(INDENT + member));
        });
        return lines;
    }

    /** The breaks of this API by a later one: each signature that is gone, and each new abstract method. */
    Set<String> brokenBy(PublicApi later) {
        Set<String> broken = new TreeSet<>();
        types.forEach((type, members) -> {
            Set<String> left = later.types.get(type);
            if (left == null) {
                broken.add(type);
                return;
            }
            members.stream().filter(each -> !left.contains(each)).forEach(each -> broken.add(name(type) + ": " + each));
            left.stream()
                    .filter(each -> each.contains(" abstract ") && !members.contains(each))
                    .forEach(each -> broken.add(name(type) + ": " + each));
        });
        return broken;
    }
}
