package io.clusterstate.examples.soak;

import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.etcdserver.TcpProxy;
import java.util.List;

/**
 * The connections of one process to all members of etcd, which can break.
 *
 * @param proxies a proxy for each member
 */
record EtcdLink(List<TcpProxy> proxies) implements AutoCloseable {

    static EtcdLink to(List<EtcdServer> members) {
        return new EtcdLink(
                members.stream().map(member -> TcpProxy.to(member.clientPort())).toList());
    }

    List<String> addresses() {
        return proxies.stream()
                .map(proxy -> "https://127.0.0.1:" + proxy.endpoint().getPort())
                .toList();
    }

    /** Closes all connections; new ones may open. */
    void cut() {
        proxies.forEach(TcpProxy::cut);
    }

    void silence(boolean silent) {
        proxies.forEach(proxy -> proxy.silence(silent));
    }

    void refuse(boolean refusing) {
        proxies.forEach(proxy -> proxy.refuse(refusing));
    }

    void heal() {
        silence(false);
        refuse(false);
    }

    @Override
    public void close() {
        proxies.forEach(TcpProxy::close);
    }
}
