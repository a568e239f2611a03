package io.clusterstate.versions;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The references of compiled classes to libraries: classes, methods and fields, as the JVM looks them up. */
final class References {

    /** A class, or, where {@code name} is not empty, a method or field of it. */
    record Reference(String owner, String name, String descriptor) implements Comparable<Reference> {

        boolean isThere() {
            try {
                Class<?> type = Class.forName(owner.replace('/', '.'), false, References.class.getClassLoader());
                return name.isEmpty() || isMemberOf(type);
            } catch (ClassNotFoundException e) {
                return false;
            }
        }

        private boolean isMemberOf(Class<?> type) {
            if (type == null) {
                return false;
            }
            return executables(type).anyMatch(this::isMethod)
                    || Arrays.stream(type.getDeclaredFields()).anyMatch(this::isField)
                    || isMemberOf(type.getSuperclass())
                    || Arrays.stream(type.getInterfaces()).anyMatch(this::isMemberOf)
                    || (type.isInterface() && isMemberOf(Object.class));
        }

        private static Stream<Executable> executables(Class<?> type) {
            return Stream.concat(
                    Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getDeclaredConstructors()));
        }

        private boolean isMethod(Executable executable) {
            boolean isConstructor = executable instanceof Constructor;
            Class<?> result = executable instanceof Method method ? method.getReturnType() : void.class;
            return (isConstructor ? "<init>" : executable.getName()).equals(name)
                    && MethodType.methodType(result, executable.getParameterTypes())
                            .descriptorString()
                            .equals(descriptor);
        }

        private boolean isField(Field field) {
            return field.getName().equals(name)
                    && field.getType().descriptorString().equals(descriptor);
        }

        @Override
        public int compareTo(Reference other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return owner + " " + name + descriptor;
        }
    }

    /**
     * The JDK, css itself, libraries that only an application on Spring Boot has, which brings them all, and
     * EventBridge, which only the preflight asks, where a host has it.
     */
    private static final List<String> NOT_TRIED = List.of(
            "java/",
            "javax/",
            "io/clusterstate/",
            "[",
            "module-info",
            "org/springframework/",
            "tools/jackson/",
            "software/amazon/awssdk/services/eventbridge/");

    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int FIELD = 9;
    private static final int INTERFACE_METHOD = 11;
    private static final int NAME_AND_TYPE = 12;
    /** The size in bytes of the other entries of the constant pool, by tag. */
    private static final Map<Integer, Integer> SIZES =
            Map.of(3, 4, 4, 4, 8, 2, 15, 3, 16, 2, 17, 4, 18, 4, 19, 2, 20, 2);

    private final Map<Integer, String> texts = new TreeMap<>();
    private final Map<Integer, Integer> classes = new TreeMap<>();
    private final Map<Integer, int[]> members = new TreeMap<>();
    private final Map<Integer, int[]> namesAndTypes = new TreeMap<>();

    private References() {}

    /** The references of all classes in the folder or jar of a class. */
    static Set<Reference> beside(Class<?> type) throws IOException, URISyntaxException {
        Path place =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(place)) {
            return under(place);
        }
        try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + place.toUri()), Map.of())) {
            return under(jar.getPath("/"));
        }
    }

    private static Set<Reference> under(Path folder) throws IOException {
        Set<Reference> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.toString().endsWith(".class")).forEach(file -> found.addAll(in(file)));
        }
        return found;
    }

    private static Set<Reference> in(Path file) {
        try (InputStream bytes = Files.newInputStream(file);
                DataInputStream data = new DataInputStream(bytes)) {
            References pool = new References();
            pool.read(data);
            return pool.found();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(DataInputStream data) throws IOException {
        data.skipNBytes(8);
        int count = data.readUnsignedShort();
        for (int i = 1; i < count; i++) {
            int tag = data.readUnsignedByte();
            if (tag == UTF8) {
                texts.put(i, data.readUTF());
            } else if (tag == CLASS) {
                classes.put(i, data.readUnsignedShort());
            } else if (tag >= FIELD && tag <= INTERFACE_METHOD) {
                members.put(i, new int[] {data.readUnsignedShort(), data.readUnsignedShort()});
            } else if (tag == NAME_AND_TYPE) {
                namesAndTypes.put(i, new int[] {data.readUnsignedShort(), data.readUnsignedShort()});
            } else if (tag == LONG || tag == DOUBLE) {
                data.skipNBytes(8);
                i++; // the entry takes two places
            } else {
                data.skipNBytes(SIZES.get(tag));
            }
        }
    }

    private Set<Reference> found() {
        Set<Reference> found = new TreeSet<>();
        classes.values().forEach(name -> add(found, texts.get(name), "", ""));
        members.values().forEach(member -> {
            int[] nameAndType = namesAndTypes.get(member[1]);
            String owner = texts.get(classes.get(member[0]));
            add(found, owner, texts.get(nameAndType[0]), texts.get(nameAndType[1]));
        });
        return found;
    }

    private static void add(Set<Reference> found, String owner, String name, String descriptor) {
        if (NOT_TRIED.stream().noneMatch(owner::startsWith)) {
            found.add(new Reference(owner, name, descriptor));
        }
    }
}
