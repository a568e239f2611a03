package io.clusterstate.examples.stateserver;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The values of the Host header that are answered. A page of another site can point its own name to this server's
 * address and read the answers; its requests carry that name. An address, or localhost, is never such a name.
 */
final class AllowedHosts {

    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+]");

    private final Set<String> names = new HashSet<>(Set.of("localhost"));

    /** Allows the given names, and the name that the server is bound to. */
    AllowedHosts(Collection<String> given, InetSocketAddress bound) {
        given.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        names.add(bound.getHostString().toLowerCase(Locale.ROOT));
    }

    /** Refuses a request with another Host header. A request of HTTP/1.0 needs none. */
    void check(@Nullable String header) {
        if (header == null) {
            return;
        }
        String host = header.replaceFirst(":[0-9]*$", "").replaceFirst("\\.$", "");
        String name = host.toLowerCase(Locale.ROOT);
        if (!names.contains(name) && !ADDRESS.matcher(name).matches()) {
            throw new HttpError(
                    421,
                    "Host: " + host + " (expected: localhost, an IP address, or a name that --allowed-host gives)");
        }
    }
}
