package io.clusterstate.examples.soak;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoakEtcdTest {

    @TempDir
    private Path folder;

    /** A run of hours has a restore every two minutes. */
    @Test
    void aRestoreLeavesNoBackupBehind() throws Exception {
        try (SoakEtcd etcd = SoakEtcd.start(folder)) {
            Path backup = etcd.backUp();
            assertTrue(Files.exists(backup));

            etcd.restore(backup);

            assertFalse(Files.exists(backup));
        }
    }
}
