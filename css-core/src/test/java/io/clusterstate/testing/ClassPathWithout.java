package io.clusterstate.testing;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A host's class path: all classes of the test, loaded anew, except one that is not found. */
public final class ClassPathWithout extends URLClassLoader {

    private final String missing;

    /**
     * Creates the class path of the test without a class.
     *
     * @param missing the name of the class
     */
    public ClassPathWithout(String missing) {
        super(classPath(), ClassLoader.getPlatformClassLoader());
        this.missing = missing;
    }

    private static URL[] classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(ClassPathWithout::url)
                .toArray(URL[]::new);
    }

    private static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("path: " + path + " (expected: of a file)", e);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (name.equals(missing)) {
            throw new ClassNotFoundException(name);
        }
        return super.findClass(name);
    }
}
