package io.clusterstate.examples.soak;

import static io.clusterstate.examples.soak.Account.pick;

import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.examples.soak.SoakFault.Ending;
import java.nio.file.Path;
import java.util.List;

/** The faults of etcd and of the links to it. Faults of members do not overlap, or etcd would be away for long. */
final class EtcdFaults {

    private static final String MEMBERS = "etcd members";
    private static final String LINKS = "etcd links";

    private EtcdFaults() {}

    static List<SoakFault> all() {
        return List.of(
                SoakFault.inLane(MEMBERS, "member_pause", 3, 8, EtcdFaults::pauseMember),
                SoakFault.inLane(MEMBERS, "member_kill", 1, 4, EtcdFaults::killMember),
                SoakFault.inLane(MEMBERS, "compaction", 0, 0, EtcdFaults::compact),
                SoakFault.inLane(MEMBERS, "restore", 5, 10, EtcdFaults::restore),
                SoakFault.inLane(MEMBERS, "tls_rotation", 0, 0, EtcdFaults::rotate),
                SoakFault.inLane(LINKS, "link_cut", 0, 0, EtcdFaults::cut),
                SoakFault.inLane(LINKS, "link_silence", 3, 10, EtcdFaults::silence),
                SoakFault.inLane(LINKS, "link_refusal", 2, 8, EtcdFaults::refuse));
    }

    private static Ending pauseMember(World world, int where) throws InterruptedException {
        EtcdServer member = world.etcd().member(where);
        member.pause();
        return () -> {
            member.resume();
            member.awaitUp();
        };
    }

    private static Ending killMember(World world, int where) throws InterruptedException {
        EtcdServer member = world.etcd().member(where);
        member.kill();
        return () -> {
            member.start();
            member.awaitUp();
        };
    }

    private static Ending compact(World world, int where) throws Exception {
        world.etcd().compact();
        return Ending.NOTHING;
    }

    /** Takes a backup, and restores it in the end. */
    private static Ending restore(World world, int where) throws Exception {
        Path backup = world.etcd().backUp();
        return () -> {
            world.restores().begin();
            try {
                world.etcd().restore(backup);
            } finally {
                world.restores().end();
            }
        };
    }

    private static Ending rotate(World world, int where) throws Exception {
        world.etcd().rotateCertificates();
        return Ending.NOTHING;
    }

    private static EtcdLink link(World world, int where) {
        return pick(where, world.etcd().links());
    }

    private static Ending cut(World world, int where) {
        world.etcd().links().forEach(EtcdLink::cut);
        return Ending.NOTHING;
    }

    private static Ending silence(World world, int where) {
        link(world, where).silence(true);
        return () -> link(world, where).silence(false);
    }

    /** A restore may end the refusal earlier. */
    private static Ending refuse(World world, int where) {
        link(world, where).refuse(true);
        return () -> link(world, where).refuse(false);
    }
}
